-- depends: 0015-mentions
-- A feed that has been silent for more than sixty days is still silent. Its gaps are those before its newest entry, over
-- sixty days or a hundred entries, whichever reaches further back, so that one with news each season is known for it.

create or replace view news.feed_health as
select f.feed_id, f.url, f.last_success_at, day.success_rate as success_rate_24h, day.entries as entries_24h,
       lag.seconds as lag_seconds,
       case
         when f.disabled_reason is not null then 'disabled'
         when f.last_polled_at is null then 'waiting'
         when f.failures > 0 and coalesce(f.last_success_at, f.added_at) < now() - greatest(10 * f.poll_every, interval '1 hour')
           then 'failing'
         when f.failures > 0 then 'troubled'
         when rhythm.newest < now() - greatest(3 * rhythm.longest, 10 * rhythm.usual, interval '6 hours') then 'silent'
         else 'healthy'
       end as status
from news.feeds f
cross join lateral (
  select round(avg((p.outcome in ('new_entries', 'no_new_entries', 'not_modified', 'same_body'))::int)::numeric, 3) as success_rate,
         coalesce(sum(p.new_entries), 0) as entries
  from news.polls p
  where p.feed_id = f.feed_id and p.polled_at > now() - interval '24 hours'
) day
cross join lateral (
  select percentile_cont(0.5) within group (order by extract(epoch from e.first_seen_at - e.published_at)) as seconds
  from news.entries e
  where e.feed_id = f.feed_id and e.first_seen_at > now() - interval '24 hours' and e.published_at <= e.first_seen_at
    and e.first_seen_at > f.added_at + interval '10 minutes'
) lag
-- A feed that publishes by day alone, or on weekdays, has long gaps of its own; with too few to know, three days are let go.
cross join lateral (
  select max(g.at) as newest,
         case when count(g.gap) >= 10 then max(g.gap) else greatest(max(g.gap), interval '1 day') end as longest,
         avg(g.gap) as usual
  from (
    select e.at, e.at - lag(e.at) over (order by e.at) as gap
    from (
      select distinct n.first_seen_at as at from news.entries n
      where n.feed_id = f.feed_id and n.first_seen_at >= least(
        (select max(l.first_seen_at) - interval '60 days' from news.entries l where l.feed_id = f.feed_id),
        coalesce((select l.first_seen_at from news.entries l where l.feed_id = f.feed_id
                  order by l.first_seen_at desc offset 99 limit 1), '-infinity')
      )
    ) e
  ) g
) rhythm;
