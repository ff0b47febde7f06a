-- depends: 0003-record
-- What people ask: the latest facts, what was known then, a story's timeline, the health of the feeds; and who may ask.

create function news.facts_as_of(at timestamptz)
returns table (
  story_id bigint, key text, kind text, subject text, low numeric, high numeric, unit text, qualifier text,
  attribution text, publisher text, as_of timestamptz, previous_low numeric, previous_high numeric, changes bigint,
  sources bigint, rivals jsonb, sentence text, url text
)
language sql stable as $$
  -- Stays a single SELECT, neither strict nor security definer, so that Postgres inlines it and a condition on
  -- story_id reaches the index.
  select newest.story_id, newest.key, newest.kind, newest.subject, newest.low, newest.high, newest.unit,
         newest.qualifier, newest.attribution, a.publisher, lower(newest.valid), past.low, past.high,
         coalesce(past.changes, 0), others.sources, others.rivals, newest.sentence, a.url
  from (
    select distinct on (f.story_id, f.key) f.*
    from news.facts f
    where f.valid @> at and not f.hypothetical and not f.background
      and (not f.negated or (f.low = 0 and f.high = 0))
    order by f.story_id, f.key, lower(f.valid) desc, f.fact_id desc
  ) newest
  join news.articles a on a.article_id = newest.article_id
  left join lateral (
    select p.low, p.high, count(*) over () as changes
    from news.facts p
    where p.article_id = newest.article_id and p.key = newest.key and lower(p.valid) < lower(newest.valid)
    order by lower(p.valid) desc
    limit 1
  ) past on true
  left join lateral (
    select 1 + count(distinct oa.publisher) filter (
             where (o.low, o.high) is not distinct from (newest.low, newest.high) and oa.publisher <> a.publisher
           ) as sources,
           coalesce(jsonb_agg(jsonb_build_object(
             'publisher', oa.publisher, 'attribution', o.attribution, 'qualifier', o.qualifier,
             'low', o.low, 'high', o.high, 'as_of', lower(o.valid), 'url', oa.url
           ) order by lower(o.valid) desc) filter (
             where (o.low, o.high) is distinct from (newest.low, newest.high)
           ), '[]'::jsonb) as rivals
    from news.facts o
    join news.articles oa on oa.article_id = o.article_id
    where o.story_id = newest.story_id and o.key = newest.key and o.article_id <> newest.article_id
      and o.valid @> at and not o.hypothetical and not o.background
  ) others on true
$$;
comment on function news.facts_as_of(timestamptz) is 'What was known at a moment: the rows of latest_facts as they were then.';

create view news.latest_facts as select * from news.facts_as_of('infinity');
comment on view news.latest_facts is 'What is known now: the newest value of each key of each story, neither hypothetical nor background.';
comment on column news.latest_facts.story_id is 'Story.';
comment on column news.latest_facts.key is 'What it is about.';
comment on column news.latest_facts.kind is 'What it counts, measures or reports.';
comment on column news.latest_facts.subject is 'Who or what is counted or measured, as written.';
comment on column news.latest_facts.low is 'Least value that fits what is said; null: open below.';
comment on column news.latest_facts.high is 'Greatest value that fits what is said; null: open above.';
comment on column news.latest_facts.unit is 'ISO currency, %, M for magnitudes, or the measure as written.';
comment on column news.latest_facts.qualifier is 'How the number is hedged, as written.';
comment on column news.latest_facts.attribution is 'Whom the sentence names as its source.';
comment on column news.latest_facts.publisher is 'Publisher of the article that says it.';
comment on column news.latest_facts.as_of is 'Since when it says so.';
comment on column news.latest_facts.previous_low is 'Least value before that, in the same article.';
comment on column news.latest_facts.previous_high is 'Greatest value before that, in the same article.';
comment on column news.latest_facts.changes is 'How many values the article gave before this one.';
comment on column news.latest_facts.sources is 'Publishers that give this value.';
comment on column news.latest_facts.rivals is 'What other articles of the story say instead, newest first (JSON array).';
comment on column news.latest_facts.sentence is 'Sentence that says it.';
comment on column news.latest_facts.url is 'Address of the article.';

create view news.story_timeline as
select e.story_id, e.event_id, e.occurred_at, e.kind, a.publisher, v.headline, e.summary, a.url
from news.events e
left join news.articles a on a.article_id = e.article_id
left join news.versions v on v.version_id = e.version_id;
comment on view news.story_timeline is 'What happened to a story, with who published it.';
comment on column news.story_timeline.story_id is 'Story.';
comment on column news.story_timeline.event_id is 'Event.';
comment on column news.story_timeline.occurred_at is 'When we observed it.';
comment on column news.story_timeline.kind is 'What happened.';
comment on column news.story_timeline.publisher is 'Publisher of the article.';
comment on column news.story_timeline.headline is 'Headline of the version that brought it.';
comment on column news.story_timeline.summary is 'The event in one line.';
comment on column news.story_timeline.url is 'Address of the article.';

create view news.feed_health as
select f.feed_id, f.url, f.last_success_at, day.success_rate as success_rate_24h, day.entries as entries_24h,
       lag.seconds as lag_seconds,
       case
         when f.disabled_reason is not null then 'disabled'
         when f.last_polled_at is null then 'waiting'
         when f.failures > 0 and coalesce(f.last_success_at, f.added_at) < now() - greatest(10 * f.poll_every, interval '1 hour')
           then 'failing'
         when f.failures > 0 then 'troubled'
         when rhythm.newest < now() - greatest(10 * rhythm.gap, interval '3 days') then 'silent'
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
cross join lateral (
  select max(e.first_seen_at) as newest, (max(e.first_seen_at) - min(e.first_seen_at)) / nullif(count(*) - 1, 0) as gap
  from news.entries e
  where e.feed_id = f.feed_id and e.first_seen_at > now() - interval '60 days'
) rhythm;
comment on view news.feed_health is 'How each feed is doing.';
comment on column news.feed_health.feed_id is 'Feed.';
comment on column news.feed_health.url is 'Its address.';
comment on column news.feed_health.last_success_at is 'When it last answered as a feed should.';
comment on column news.feed_health.success_rate_24h is 'Share of the polls of the last 24 hours that did, 0 to 1.';
comment on column news.feed_health.entries_24h is 'Entries first met in the last 24 hours.';
comment on column news.feed_health.lag_seconds is 'Median seconds from publication to our first sight, over the last 24 hours, without those met when the feed was added.';
comment on column news.feed_health.status is 'healthy, waiting (never polled), troubled (the last poll failed), failing (for long), silent (nothing new for ten times its usual gap, and three days) or disabled.';

do $$
begin
  if not exists (select from pg_roles where rolname = 'news_reader') then
    create role news_reader nologin;
  end if;
exception when duplicate_object or unique_violation then
  null;  -- another database of this cluster made it at the same moment: roles belong to the cluster
end
$$;
grant usage on schema news to news_reader;
grant select on all tables in schema news to news_reader;
grant execute on function news.facts_as_of(timestamptz) to news_reader;
alter default privileges in schema news grant select on tables to news_reader;
