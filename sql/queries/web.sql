-- name: web_stories
-- A word is looked for in all versions, so that a story is found by what it was once called, too; of a word that very
-- many versions have, in the newest. The facts of a row are asked of the one story each, by the index, and so is the
-- passage of the newest version that has the words, which stand between U+0002 and U+0003. Arrays, as Postgres asks no
-- index where "in" or "exists" stand beside an "or".
with found as materialized (
  select v.story_id, v.version_id
  from news.newest_versions_with(news.asked_words(%(words)s), %(most_versions)s::integer) version_id
  join news.versions v using (version_id)
)
select s.story_id, s.headline, s.status, s.started_at, s.last_changed_at, s.articles, s.publishers, s.versions, s.url,
       coalesce(tellers.names, '{}') as names, coalesce(spark.counts, '{}') as spark, coalesce(known.facts, '[]') as facts,
       to_jsonb(passage) as passage
from (
  select * from news.stories s
  where (%(status)s::text is null or s.status = %(status)s)
    and (%(publisher)s::text is null
         or s.story_id = any(array(
              select a.story_id from news.articles a where a.publisher = %(publisher)s and a.story_id is not null)))
    and (%(since)s::timestamptz is null or s.last_changed_at > %(since)s)
    and (%(words)s::text is null or s.story_id = any(array(select story_id from found)))
  order by s.status = 'developing' desc, s.last_changed_at desc, s.story_id desc
  limit %(most)s offset %(skip)s
) s
left join lateral (
  select array_agg(distinct a.publisher) as names from news.articles a where a.story_id = s.story_id
) tellers on true
left join lateral (
  select array_agg(coalesce(seen.count, 0)::int order by place.number) as counts
  from generate_series(1, 24) place(number)
  left join (
    select least(24, width_bucket(extract(epoch from v.observed_at), extract(epoch from s.started_at),
                                  extract(epoch from s.last_changed_at) + 1, 24)) as number, count(*) as count
    from news.versions v where v.story_id = s.story_id group by 1
  ) seen on seen.number = place.number
) spark on true
left join lateral (
  select jsonb_agg(to_jsonb(f)) as facts from (
    select f.kind, f.subject, f.low, f.high, f.unit, f.qualifier
    from news.latest_facts f
    where f.story_id = s.story_id and f.kind <> 'quote'
    order by array_position(array['killed', 'missing', 'injured', 'rescued', 'hostage', 'evacuated', 'displaced',
                                  'arrested'], f.kind), f.changes desc, f.as_of desc
    limit 3
  ) f
) known on true
left join lateral (
  select a.publisher, v.article_id, v.number,
         ts_headline(news.text_config(v.language), v.headline || E'\n' || v.text, news.asked_words(%(words)s),
                     E'StartSel="\x02", StopSel="\x03", MaxFragments=1, MaxWords=40, MinWords=15') as text
  from (
    select max(f.version_id) as version_id from found f where %(words)s::text is not null and f.story_id = s.story_id
  ) newest
  join news.versions v on v.version_id = newest.version_id
  join news.articles a on a.article_id = v.article_id
) passage on true
order by s.status = 'developing' desc, s.last_changed_at desc, s.story_id desc;

-- name: web_publishers
-- From one to the next by the index: "distinct" would read every article.
with recursive teller as (
  (select publisher from news.articles where story_id is not null order by publisher limit 1)
  union all
  select (select a.publisher from news.articles a where a.story_id is not null and a.publisher > teller.publisher
          order by a.publisher limit 1)
  from teller where teller.publisher is not null
)
select publisher from teller where publisher is not null limit 500;

-- name: web_story
select story_id, headline, status, started_at, last_changed_at, articles, publishers, versions, url
from news.stories where story_id = %(story_id)s;

-- name: web_events
-- The newest events of a story, of a publisher or of all, before a given one, the newest first.
select e.event_id, e.story_id, e.article_id, e.version_id, e.kind, e.occurred_at, e.summary, e.details,
       a.publisher, a.url, v.number, v.headline, s.headline as story
from news.events e
join news.stories s on s.story_id = e.story_id
left join news.articles a on a.article_id = e.article_id
left join news.versions v on v.version_id = e.version_id
where (%(story_id)s::bigint is null or e.story_id = %(story_id)s)
  and (%(publisher)s::text is null or a.publisher = %(publisher)s and a.story_id is not null)
  and (%(before)s::bigint is null or e.event_id < %(before)s)
order by e.event_id desc
limit %(most)s;

-- name: web_events_between
select e.event_id, e.story_id, e.article_id, e.version_id, e.kind, e.occurred_at, e.summary, e.details,
       a.publisher, a.url, v.number, v.headline, s.headline as story
from news.events e
join news.stories s on s.story_id = e.story_id
left join news.articles a on a.article_id = e.article_id
left join news.versions v on v.version_id = e.version_id
where e.occurred_at between %(begin)s and %(end)s
  and (%(story_id)s::bigint is null or e.story_id = %(story_id)s)
  and e.kind <> all(%(without)s)
  and (%(before)s::bigint is null or e.event_id < %(before)s)
order by e.event_id desc
limit %(most)s;

-- name: web_entries_between
-- Feed by feed, since entries are indexed so.
select e.entry_id, e.title, e.link, e.first_seen_at, f.publisher, f.feed_id, e.article_id, a.status, a.story_id
from news.feeds f
cross join lateral (
  select * from news.entries n
  where n.feed_id = f.feed_id and n.first_seen_at between %(begin)s and %(end)s
  order by n.first_seen_at desc
  limit %(most)s
) e
left join news.articles a on a.article_id = e.article_id
order by e.first_seen_at desc, e.entry_id desc
limit %(most)s;

-- name: web_updates
-- The first few updates of each version, the weightiest first, and how many there are.
select * from (
  select u.version_id, u.kind, u.significance, u.old_text, u.new_text, count(*) over one as total,
         row_number() over (one order by array_position(array['fact', 'correction', 'quote', 'wording'], u.significance),
                            coalesce(u.new_position, u.old_position), u.update_id) as place
  from news.updates u
  where u.version_id = any(%(version_ids)s)
  window one as (partition by u.version_id)
) ranked
where place <= %(most)s
order by version_id, place;

-- name: web_fact_history
-- Every value that some facts of a story have had, key by key; of its other facts the one that stood at a moment.
select f.fact_id, f.key, f.kind, f.subject, f.unit, f.article_id, a.publisher, f.low, f.high, f.qualifier, f.attribution,
       lower(f.valid) as since, upper(f.valid) as until, f.status, v.number
from news.facts f
join news.articles a on a.article_id = f.article_id
join news.versions v on v.version_id = f.version_id
where f.story_id = %(story_id)s and f.kind <> 'quote' and not f.hypothetical and not f.background
  and (not f.negated or (f.low = 0 and f.high = 0))
  and (f.key = any(%(keys)s) or f.valid @> coalesce(%(at)s::timestamptz, 'infinity'))
order by f.key, lower(f.valid), f.fact_id
limit %(most)s;

-- name: web_fact
select f.fact_id, f.article_id, f.sentence, f.position, lower(f.span) as "start", upper(f.span) as "end", v.number,
       f.kind, f.subject
from news.facts f join news.versions v on v.version_id = f.version_id
where f.fact_id = %(fact_id)s;

-- name: web_article
select a.article_id, a.story_id, a.publisher, a.url, a.status, a.first_seen_at, a.last_changed_at, a.next_capture_at,
       a.last_captured_at, a.last_outcome, a.versions, s.headline as story
from news.articles a left join news.stories s on s.story_id = a.story_id
where a.article_id = %(article_id)s;

-- name: web_versions
select version_id, number, kind, observed_at, published_at, modified_at, headline, byline, words, is_developing
from news.versions where article_id = %(article_id)s
order by number desc
limit %(most)s;

-- name: web_capture_of_version
select c.capture_id, c.captured_at, c.outcome, c.http_status, c.final_url, c.content_type, c.body_sha256, c.body_bytes,
       c.body is not null as kept, c.elapsed_seconds, v.extractor, v.content_sha256, v.published_at, v.modified_at, v.byline,
       v.words, v.language
from news.versions v
left join news.captures c on c.capture_id = v.capture_id and c.captured_at = v.captured_at
where v.article_id = %(article_id)s and v.number = %(number)s;

-- name: web_numbers_at
-- Of each article of a story: the version that stood at a moment, and the newest.
select a.article_id, a.publisher, a.url,
       (select max(v.number) from news.versions v where v.article_id = a.article_id and v.observed_at <= %(at)s) as old,
       (select max(v.number) from news.versions v where v.article_id = a.article_id) as new
from news.articles a
where a.story_id = %(story_id)s
order by a.first_seen_at;

-- name: web_moments_around
select (select max(v.observed_at) from news.versions v
        where v.story_id = %(story_id)s and v.observed_at < stood.at) as earlier,
       (select min(v.observed_at) from news.versions v
        where v.story_id = %(story_id)s and v.observed_at > coalesce(%(at)s::timestamptz, 'infinity')) as later
from (select max(v.observed_at) as at from news.versions v
      where v.story_id = %(story_id)s and v.observed_at <= coalesce(%(at)s::timestamptz, 'infinity')) stood;

-- name: web_feeds
select f.feed_id, f.url, f.title, f.publisher, f.language, f.follow, f.poll_every, f.next_poll_at, f.last_polled_at,
       f.last_outcome, f.last_detail, f.failures, f.disabled_reason, h.entries_24h, h.success_rate_24h, h.lag_seconds,
       h.status, coalesce(last.outcomes, '{}') as outcomes
from news.feeds f
join news.feed_health h using (feed_id)
left join lateral (
  select array_agg(p.outcome order by p.polled_at) as outcomes
  from (select p.outcome, p.polled_at from news.polls p where p.feed_id = f.feed_id order by p.polled_at desc limit 12) p
) last on true
order by h.status = 'healthy', f.publisher, f.feed_id
limit %(most)s;

-- name: web_pause_feed
update news.feeds set disabled_at = now(), disabled_reason = %(reason)s
where feed_id = %(feed_id)s and disabled_reason is null;

-- name: web_resume_feed
update news.feeds set disabled_at = null, disabled_reason = null, failures = 0, next_poll_at = now()
where feed_id = %(feed_id)s and disabled_reason is not null;

-- name: web_poll_now
update news.feeds set next_poll_at = now() where feed_id = %(feed_id)s and disabled_reason is null;

-- name: web_events_beyond
-- Numbers are given out before transactions end, so an event may appear below one that was read already. Asked for are
-- therefore the numbers that were missing as well; and told is, in the same snapshot, which numbers are missing now.
with page as (
  select e.event_id from news.events e
  where (e.event_id > %(after)s or e.event_id = any(%(missing)s::bigint[]))
    and (%(story_id)s::bigint is null or e.story_id = %(story_id)s)
  order by e.event_id
  limit %(most)s
), reach as (
  select case when (select count(*) from page) < %(most)s
              then greatest(%(after)s, (select coalesce(max(event_id), 0) from news.events))
              else greatest(%(after)s, (select max(event_id) from page)) end as until
), gaps as (
  select coalesce(array_agg(n), '{}') as missing
  from (
    select n from reach, generate_series(greatest(1, reach.until - %(window)s), reach.until) n
    where not exists (select from news.events e where e.event_id = n)
    order by n desc
    limit %(most_missing)s
  ) n
)
select reach.until, gaps.missing, e.event_id, e.story_id, e.article_id, e.version_id, e.kind, e.occurred_at, e.summary,
       e.details, a.publisher, a.url, v.number, v.headline, s.headline as story
from reach cross join gaps
left join page on true
left join news.events e on e.event_id = page.event_id
left join news.stories s on s.story_id = e.story_id
left join news.articles a on a.article_id = e.article_id
left join news.versions v on v.version_id = e.version_id
order by e.event_id;
