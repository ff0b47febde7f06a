-- name: old_capture_partitions
-- Partitions whose every row is older than the moment, by the upper bound in their definition.
select c.relname as name
from pg_inherits i
join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'news.captures'::regclass
  and c.relname ~ '^captures_\d{4}_\d{2}$'
  and to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= %(before)s
order by c.relname;

-- name: was_at_work
select exists (select from news.captures where captured_at between %(since)s and %(until)s)
    or exists (select from news.polls where polled_at between %(since)s and %(until)s)
    or not exists (select from news.captures where captured_at < %(since)s)
   and not exists (select from news.polls where polled_at < %(since)s) as was;

-- name: delete_old_polls
delete from news.polls where polled_at < %(before)s;

-- name: delete_old_pauses
-- A host that is visited is known by its pace too. No pause is longer than 31 days (`schedule.RETRY_AFTER_MAX_SECONDS`): one
-- that is was written by a clock that was ahead.
delete from news.hosts
where not_before > %(now)s::timestamptz + interval '32 days'
   or coalesce(not_before, '-infinity') < %(now)s
  and coalesce(next_visit_at, '-infinity') < %(now)s::timestamptz - interval '1 day' and fetch_worth_minutes <= 1;

-- name: feeds_in_trouble
select h.feed_id, h.url, h.status, h.last_success_at, f.last_outcome, f.last_detail
from news.feed_health h join news.feeds f using (feed_id)
where h.status in ('failing', 'silent')
order by h.feed_id;

-- name: failed_captures
-- Captures that a defect of ours could not read, whose articles have no later version: to be read again, in order.
select c.capture_id, c.captured_at
from news.captures c
where c.outcome = 'failed' and c.body is not null
  and c.captured_at >= %(since)s and c.captured_at < %(until)s
  and not exists (select from news.versions v where v.article_id = c.article_id and v.observed_at > c.captured_at)
order by c.capture_id;

-- name: wait_again
update news.captures set outcome = 'new_body', recorded_at = null, attempts = 0
where capture_id = %(capture_id)s and captured_at = %(captured_at)s and outcome = 'failed';

-- name: versions_read_otherwise
-- What is known of a publisher's boilerplate is part of the extractor's name (pipeline.articles.extractor_with).
select v.version_id, v.article_id, v.number, v.observed_at, v.headline, v.text, v.language, v.is_developing, v.extractor,
       v.content_sha256, v.capture_id, v.captured_at, v.live_entries
from news.versions v
join news.articles a using (article_id)
left join news.boilerplate b using (publisher)
where v.extractor <> %(extractor)s || coalesce('+boilerplate-' || b.revision, '')
  and v.observed_at >= %(since)s and v.observed_at < %(until)s
order by v.version_id;

-- name: forget_article
-- In the order of the references; `news.entries`, `news.aliases` and `news.mentions` follow by their own rules. Names of
-- one article bear one moment: that of the forgotten names it is one with, where it is another face of theirs.
with doomed as (select %(article_id)s::bigint as article_id),
  known as (
    select min(f.forgotten_at) as forgotten_at
    from unnest(%(scopes)s::text[], %(values)s::text[]) as n(scope, value)
    join writethru.forgotten f on f.name_sha256 = sha256(convert_to(n.scope || E'\n' || n.value, 'UTF8'))),
  names as (
    insert into writethru.forgotten (name_sha256, forgotten_at)
    select sha256(convert_to(scope || E'\n' || value, 'UTF8')), coalesce((select forgotten_at from known), now())
    from news.aliases where article_id = (select article_id from doomed)
    on conflict (name_sha256) do update set forgotten_at = excluded.forgotten_at),
  e as (delete from news.events where article_id = (select article_id from doomed)),
  u as (delete from news.updates where article_id = (select article_id from doomed)),
  f as (delete from news.facts where article_id = (select article_id from doomed)),
  v as (delete from news.versions where article_id = (select article_id from doomed)),
  c as (delete from news.captures where article_id = (select article_id from doomed)),
  n as (delete from news.entries where article_id = (select article_id from doomed))
delete from news.articles where article_id = (select article_id from doomed)
returning story_id;

-- name: is_asked_for
-- Whether a person asked for the article by its address: it is followed whatever it says, and no feed asks for that.
select a.follow = 'all' and not exists (
  select from news.entries e join news.feeds f using (feed_id) where e.article_id = a.article_id and f.follow = 'all'
) as is_asked_for
from news.articles a where a.article_id = %(article_id)s;

-- name: forget_empty_story
with doomed as (
  select s.story_id from news.stories s
  where s.story_id = %(story_id)s and not exists (select from news.articles a where a.story_id = s.story_id)
),
  e as (delete from news.events where story_id in (select story_id from doomed))
delete from news.stories where story_id in (select story_id from doomed);

-- name: users_of_tables
-- Who holds a lock on a table of the schema, the one that began first at the front. Another user's times are not for all to see.
select a.pid, coalesce(a.usename, '?') as who, coalesce(nullif(a.application_name, ''), 'a program without a name') as program
from pg_locks l
join pg_stat_activity a using (pid)
join pg_class c on c.oid = l.relation
where l.granted and l.database = (select oid from pg_database where datname = current_database())
  and c.relnamespace = to_regnamespace('news') and a.pid <> pg_backend_pid()
group by a.pid, a.usename, a.application_name, a.xact_start
order by a.xact_start;
