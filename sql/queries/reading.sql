-- name: list_stories
select story_id, headline, status, started_at, last_changed_at, articles, publishers, versions, url
from news.stories
where (%(status)s::text is null or status = %(status)s)
order by status = 'developing' desc, last_changed_at desc
limit %(most)s;

-- name: story_by_name
-- A story by its number, or by any address of one of its articles; each of them is among the aliases.
select s.story_id, s.headline, s.status, s.started_at, s.last_changed_at, s.articles, s.publishers, s.versions, s.url
from news.stories s
where s.story_id = coalesce(
  %(number)s::bigint,
  (select a.story_id from news.aliases l join news.articles a using (article_id)
   where l.scope = '' and l.value = %(address)s));

-- name: articles_of_story
select a.article_id, a.publisher, a.status, a.versions, a.first_seen_at, a.last_changed_at, a.next_capture_at,
       a.last_outcome, a.url, v.headline
from news.articles a
left join lateral (
  select headline from news.versions v where v.article_id = a.article_id order by number desc limit 1
) v on true
where a.story_id = %(story_id)s
order by a.first_seen_at;

-- name: article_by_name
select a.article_id, a.publisher, a.status, a.versions, a.first_seen_at, a.last_changed_at, a.next_capture_at,
       a.last_outcome, a.url, v.headline
from news.articles a
left join lateral (
  select headline from news.versions v where v.article_id = a.article_id order by number desc limit 1
) v on true
where a.article_id = coalesce(
  %(number)s::bigint, (select l.article_id from news.aliases l where l.scope = '' and l.value = %(address)s));

-- name: timeline_of_story
select event_id, occurred_at, kind, publisher, headline, summary, url
from news.story_timeline
where story_id = %(story_id)s
order by occurred_at, event_id;

-- name: events_after
select t.event_id, t.occurred_at, t.kind, t.publisher, t.headline, t.summary, t.url, t.story_id
from news.story_timeline t
where t.event_id > %(event_id)s and (%(story_id)s::bigint is null or t.story_id = %(story_id)s)
order by t.event_id
limit %(most)s;

-- name: last_event_id
select coalesce(max(event_id), 0) as event_id from news.events;

-- name: facts_of_story
-- People first, in the order in which a reader asks for them.
select key, kind, subject, low, high, unit, qualifier, attribution, publisher, as_of, previous_low, previous_high,
       previous_qualifier, changes, sources, rivals, sentence, url, fact_id
from news.latest_facts
where story_id = %(story_id)s
order by kind = 'quote', array_position(array['killed', 'missing', 'injured', 'rescued', 'hostage', 'evacuated',
         'displaced', 'arrested'], kind), changes desc, kind, as_of desc;

-- name: facts_of_story_as_of
select key, kind, subject, low, high, unit, qualifier, attribution, publisher, as_of, previous_low, previous_high,
       previous_qualifier, changes, sources, rivals, sentence, url, fact_id
from news.facts_as_of(%(at)s)
where story_id = %(story_id)s
order by kind = 'quote', array_position(array['killed', 'missing', 'injured', 'rescued', 'hostage', 'evacuated',
         'displaced', 'arrested'], kind), changes desc, kind, as_of desc;

-- name: version_by_number
select version_id, article_id, number, observed_at, headline, text, language, is_developing, extractor, content_sha256,
       capture_id, captured_at, live_entries
from news.versions
where article_id = %(article_id)s and number = %(number)s;

-- name: column_comments
select c.relname as relation, obj_description(c.oid, 'pg_class') as relation_comment, c.relkind::text as relkind,
       a.attname as "column", format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as not_null,
       col_description(c.oid, a.attnum) as comment
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname = 'news' and c.relkind in ('r', 'p', 'v') and not c.relispartition
order by c.relname, a.attnum;

-- name: table_counts
select (select count(*) from news.feeds where disabled_reason is null) as feeds,
       (select count(*) from news.articles where status = 'following') as following,
       (select count(*) from news.captures where recorded_at is null) as waiting,
       (select min(f.next_poll_at) from news.feeds f left join news.hosts h on h.host = f.host and h.not_before > now()
        where f.disabled_reason is null and h.host is null and f.next_poll_at < now() - interval '15 minutes') as overdue_since,
       to_regclass('news.captures_' || to_char(now() at time zone 'UTC', 'YYYY_MM')) is not null as has_partition;

-- name: last_events
select * from (
  select t.event_id, t.occurred_at, t.kind, t.publisher, t.headline, t.summary, t.url, t.story_id
  from news.story_timeline t
  where %(story_id)s::bigint is null or t.story_id = %(story_id)s
  order by t.event_id desc
  limit %(most)s
) newest
order by event_id;
