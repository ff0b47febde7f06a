-- name: book_visit
-- Times are those of Postgres: the one clock that all machines share. A host that wants a pause gets no visit booked. No
-- queue of visits is a quarter of an hour, or thirty pauses, long: one that is was booked by a clock that was ahead.
insert into news.hosts as h (host, next_visit_at, updated_at)
values (%(host)s, clock_timestamp() + %(gap)s::interval, clock_timestamp())
on conflict (host) do update
  set next_visit_at = case when h.not_before > clock_timestamp() then h.next_visit_at
                           when h.next_visit_at < clock_timestamp() + greatest(interval '15 minutes', 30 * %(gap)s::interval)
                             then greatest(h.next_visit_at, clock_timestamp()) + %(gap)s::interval
                           else clock_timestamp() + %(gap)s::interval end
returning extract(epoch from next_visit_at - %(gap)s::interval - clock_timestamp())::float8 as wait_seconds,
          case when not_before > clock_timestamp() then not_before end as held_until;

-- name: strained_hosts
-- How many pages each host was asked for lately, and what a fetch from it is worth so far; hosts at rest go back to 1.
with used as (
  select a.host, count(*) as fetches
  from news.captures c join news.articles a using (article_id)
  where c.captured_at > %(since)s::timestamptz and c.captured_at <= %(now)s::timestamptz
  group by a.host
)
select coalesce(u.host, h.host) as host, coalesce(u.fetches, 0) as fetches, coalesce(h.fetch_worth_minutes, 1)::float8 as worth
from used u full join (select host, fetch_worth_minutes from news.hosts where fetch_worth_minutes <> 1) h using (host);

-- name: set_worths
insert into news.hosts as h (host, fetch_worth_minutes, updated_at)
select host, worth, %(now)s from unnest(%(hosts)s::text[], %(worths)s::real[]) as w(host, worth)
order by host
on conflict (host) do update set fetch_worth_minutes = excluded.fetch_worth_minutes;

-- name: paces_of_articles
select a.article_id, coalesce(h.fetch_worth_minutes, 1)::float8 as worth, r.rhythm
from news.articles a
left join news.hosts h on h.host = a.host
left join news.rhythms r on r.publisher = a.publisher
where a.article_id = any(%(article_ids)s);

-- name: publishers_with_changes
-- Publishers of whom enough has been seen to know their rhythm.
select a.publisher, count(*) as articles, sum(a.versions - 1) as changes
from news.articles a
where a.versions > 0 and a.first_seen_at > %(since)s::timestamptz and a.status in ('following', 'settled')
group by a.publisher
having sum(a.versions - 1) >= %(changes)s::int;

-- name: histories_of_publisher
select a.first_seen_at, greatest(a.last_captured_at, max(v.observed_at)) as watched_until,
       array_agg(v.observed_at order by v.number) filter (where v.number > 1) as changed_at
from news.articles a join news.versions v using (article_id)
where a.publisher = %(publisher)s and a.first_seen_at > %(since)s::timestamptz and a.status in ('following', 'settled')
  and a.story_id is not null
group by a.article_id
order by a.article_id desc
limit %(most)s;

-- name: save_rhythm
insert into news.rhythms (publisher, rhythm, articles, changes, fitted_at)
values (%(publisher)s, %(rhythm)s, %(articles)s, %(changes)s, %(now)s)
on conflict (publisher) do update
  set rhythm = excluded.rhythm, articles = excluded.articles, changes = excluded.changes, fitted_at = excluded.fitted_at;
