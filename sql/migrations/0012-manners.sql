-- depends: 0011-corrections
-- What keeps the poller welcome: one pace per host for all processes, budgets, feeds' and publishers' own rhythms.

alter table news.hosts
  add column next_visit_at timestamptz,
  add column fetch_worth_minutes real not null default 1 check (fetch_worth_minutes > 0);
comment on table news.hosts is 'Hosts that are visited: their pauses, and the pace that all processes keep together.';
comment on column news.hosts.next_visit_at is 'Before this moment nobody asks the host: the visits that are booked, and its pace.';
comment on column news.hosts.fetch_worth_minutes is 'Minutes of latency that one fetch from this host is worth; it rises while its budget is strained.';

alter table news.feeds
  add column last_news_at timestamptz,
  add column news_gap_seconds double precision check (news_gap_seconds > 0),
  add column last_whole_at timestamptz,
  add column moved_to text,
  add column moved_since timestamptz,
  add column moved_seen integer not null default 0 check (moved_seen >= 0),
  add column former_urls text[] not null default '{}';
comment on column news.feeds.last_news_at is 'When a poll last found a new or changed entry.';
comment on column news.feeds.news_gap_seconds is 'Seconds that usually lie between two polls with news (moving average): its rhythm.';
comment on column news.feeds.last_whole_at is 'When it last came as a whole document, and not as a 304.';
comment on column news.feeds.moved_to is 'Where permanent redirects lead, while that is not believed yet.';
comment on column news.feeds.moved_since is 'Since when they have led there.';
comment on column news.feeds.moved_seen is 'Polls in a row that were led there.';
comment on column news.feeds.former_urls is 'Addresses it had before it moved for good.';

create table news.rhythms (
  publisher   text primary key,
  rhythm      jsonb not null,
  articles    integer not null,
  changes     integer not null,
  fitted_at   timestamptz not null
);
comment on table news.rhythms is 'How the articles of a publisher change, found each night in its own articles; the schedule of captures goes by it.';
comment on column news.rhythms.publisher is 'Publisher.';
comment on column news.rhythms.rhythm is 'The numbers (pipeline.schedule.Rhythm).';
comment on column news.rhythms.articles is 'Articles it was found in.';
comment on column news.rhythms.changes is 'Changes of theirs.';
comment on column news.rhythms.fitted_at is 'When it was found.';
grant select on news.rhythms to news_reader;

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
      where n.feed_id = f.feed_id and n.first_seen_at > now() - interval '60 days'
    ) e
  ) g
) rhythm;
comment on column news.feed_health.status is 'healthy, waiting (never polled), troubled (the last poll failed), failing (for long), silent (nothing new for three times its longest gap, ten times its usual one, and six hours) or disabled.';
