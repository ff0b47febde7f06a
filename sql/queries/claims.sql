-- name: claim
-- Those that nobody holds, or only a connection that has ended: a killed process holds up nobody. Behind a pooler a
-- connection outlives its process; no step takes so long as a quarter of an hour.
insert into writethru.claims as c (what, id, pid, claimed_at)
select %(what)s, id, pg_backend_pid(), clock_timestamp()
from (select distinct id from unnest(%(ids)s::bigint[]) id order by id) wanted
on conflict (what, id) do update set pid = excluded.pid, claimed_at = excluded.claimed_at
where not c.claimed_at between clock_timestamp() - interval '15 minutes' and clock_timestamp()
   or not exists (select from pg_stat_activity a where a.pid = c.pid and a.backend_start <= c.claimed_at)
returning id;

-- name: give_back
-- Its own, and what the dead have left behind.
delete from writethru.claims c
where what = %(what)s and id = any(%(ids)s::bigint[])
   or c.claimed_at < clock_timestamp() - interval '1 hour';
