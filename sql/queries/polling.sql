-- name: due_feeds
-- Feeds that are due and whose host does not ask for a pause: the hosts by turns, and of each the longest waiting first.
-- Else one host with more feeds than a run can take would leave all others no place. A feed that was last polled in the
-- future is due too: the clock was ahead then, and has been set right (not one that was added in the future, too: then it
-- is behind now). One that is asked each minute or so is due soon if it will be before `soon`: whoever looks once a minute
-- would else miss every second time by seconds.
select feed_id, host
from (
  select f.feed_id, f.host, f.next_poll_at, row_number() over (partition by f.host order by f.next_poll_at) as turn
  from news.feeds f
  left join news.hosts h on h.host = f.host and h.not_before > %(now)s
  where f.disabled_reason is null and h.host is null
    and (f.next_poll_at <= %(now)s or f.last_polled_at > %(now)s::timestamptz + interval '1 minute' and f.added_at <= %(now)s
         or f.next_poll_at <= %(soon)s and f.next_poll_at - f.last_polled_at < interval '2 minutes')
) due
order by turn, next_poll_at
limit %(most)s;

-- name: feeds_by_id
select f.feed_id, f.url, f.title, f.publisher, f.language, f.follow, f.poll_every, f.next_poll_at, f.last_polled_at,
       f.last_outcome, f.failures, f.etag, f.last_modified, f.body_sha256, f.last_news_at, f.news_gap_seconds,
       f.last_whole_at, f.moved_to, f.moved_since, f.moved_seen
from news.feeds f
left join news.hosts h on h.host = f.host and h.not_before > %(now)s
where f.feed_id = any(%(feed_ids)s) and f.disabled_reason is null and h.host is null
  and (f.next_poll_at <= %(now)s or f.last_polled_at > %(now)s::timestamptz + interval '1 minute' and f.added_at <= %(now)s
       or f.next_poll_at <= %(soon)s and f.next_poll_at - f.last_polled_at < interval '2 minutes')
order by f.next_poll_at;

-- name: lock_feed
-- The row lock makes two polls of one feed follow each other; the second sees what the first stored.
select last_polled_at from news.feeds where feed_id = %(feed_id)s for update;

-- name: forgotten_names
select n.scope, n.value
from unnest(%(scopes)s::text[], %(values)s::text[]) as n(scope, value)
join writethru.forgotten f on f.name_sha256 = sha256(convert_to(n.scope || E'\n' || n.value, 'UTF8'));

-- name: allow_again
-- With each name all those that were forgotten with it, which bear the same moment: a guid, where an address is asked for.
delete from writethru.forgotten
where forgotten_at in (
  select f.forgotten_at
  from unnest(%(scopes)s::text[], %(values)s::text[]) as n(scope, value)
  join writethru.forgotten f on f.name_sha256 = sha256(convert_to(n.scope || E'\n' || n.value, 'UTF8'))
);

-- name: rename_entries
-- An entry that stands in the document no more, and one in it that is unknown and says the same in every word, are one
-- entry with a new id. Some feeds make up ids with each document: every poll would bring all their entries anew. That is a
-- change like any other, as some publishers count their edits in the id; as a rule (`upsert_entries`) until it is many.
with incoming as (
  select identity, guid, content_sha256 from jsonb_to_recordset(%(entries)s) as e(identity text, guid text, content_sha256 text)
), renamed as (
  select distinct on (i.content_sha256) e.entry_id, i.identity, i.guid
  from incoming i
  join news.entries e on e.feed_id = %(feed_id)s and e.content_sha256 = i.content_sha256
  where not exists (select from news.entries k where k.feed_id = %(feed_id)s and k.identity = i.identity)
    and not exists (select from incoming o where o.identity = e.identity)
  order by i.content_sha256, e.last_seen_at desc, e.entry_id
)
update news.entries e set identity = r.identity, guid = r.guid, changes = e.changes + 1
from renamed r where e.entry_id = r.entry_id
returning e.entry_id, e.article_id, e.identity, e.changes <= 24 as is_believed;

-- name: upsert_entries
-- Entries as they stand in the document now; tells which are new and which have changed. One that has changed very often
-- is believed by its title and link alone: some carry the time of day in their summary (lemon24/reader#225).
with incoming as (
  select * from jsonb_to_recordset(%(entries)s) as e(
    identity text, guid text, link text, title text, summary text, published_at timestamptz, updated_at timestamptz,
    content_sha256 text)
), before as (
  select e.identity, e.content_sha256, e.title, e.link from news.entries e join incoming i using (identity) where e.feed_id = %(feed_id)s
), written as (
  insert into news.entries as e (feed_id, identity, guid, link, title, summary, published_at, updated_at, content_sha256,
                                 first_seen_at, last_seen_at)
  select %(feed_id)s, identity, guid, link, title, summary, published_at, updated_at, content_sha256, %(now)s, %(now)s
  from incoming
  on conflict (feed_id, identity) do update
    set guid = excluded.guid, link = excluded.link, title = excluded.title, summary = excluded.summary,
        published_at = coalesce(excluded.published_at, e.published_at),
        updated_at = coalesce(excluded.updated_at, e.updated_at),
        changes = e.changes + (e.content_sha256 <> excluded.content_sha256)::int,
        content_sha256 = excluded.content_sha256, last_seen_at = excluded.last_seen_at
  returning e.entry_id, e.article_id, e.identity, e.content_sha256, e.title, e.link, e.changes
)
select w.entry_id, w.article_id, w.identity, b.identity is null as is_new
from written w left join before b using (identity)
where b.identity is null
   or b.content_sha256 <> w.content_sha256
      and (w.changes <= 24 or (b.title, b.link) is distinct from (w.title, w.link));

-- name: lock_publisher
-- Two feeds of one publisher may name the same article at the same moment; one after the other they find each other's.
select pg_advisory_xact_lock(hashtextextended('writethru publisher ' || %(publisher)s, 0));

-- name: article_by_alias
select article_id from news.aliases
where (scope, value) in (select * from unnest(%(scopes)s::text[], %(values)s::text[]))
order by (scope <> '') desc, first_seen_at
limit 1;

-- name: insert_article
insert into news.articles (publisher, url, fetch_url, host, follow, first_seen_at, next_capture_at)
values (%(publisher)s, %(url)s, %(fetch_url)s, %(host)s, %(follow)s, %(now)s, %(now)s)
returning article_id;

-- name: insert_aliases
insert into news.aliases (article_id, kind, scope, value, first_seen_at)
select %(article_id)s, kind, scope, value, %(now)s
from unnest(%(kinds)s::text[], %(scopes)s::text[], %(values)s::text[]) as a(kind, scope, value)
on conflict (scope, value) do nothing
returning kind, value;

-- name: fetch_elsewhere
update news.articles set fetch_url = %(fetch_url)s, host = %(host)s where article_id = %(article_id)s;

-- name: make_due
-- A changed entry is the cheapest sign of a changed article: look at once, whatever its status.
update news.articles
set next_capture_at = least(next_capture_at, %(now)s), woken_at = %(now)s,
    follow = case when %(follow)s = 'all' then 'all' else follow end
where article_id = %(article_id)s;

-- name: link_entry
update news.entries set article_id = %(article_id)s where entry_id = %(entry_id)s;

-- name: save_feed
update news.feeds
set last_polled_at = %(now)s,
    last_success_at = case when %(is_success)s then %(now)s else last_success_at end,
    last_outcome = %(outcome)s, last_detail = %(detail)s, failures = %(failures)s, next_poll_at = %(next_poll_at)s,
    disabled_at = case when %(disabled_reason)s::text is null then disabled_at else %(now)s end,
    disabled_reason = %(disabled_reason)s,
    etag = %(etag)s, last_modified = %(last_modified)s, body_sha256 = %(body_sha256)s,
    title = coalesce(title, %(title)s), language = coalesce(language, %(language)s),
    last_news_at = %(last_news_at)s, news_gap_seconds = %(news_gap_seconds)s,
    last_whole_at = case when %(is_whole)s then %(now)s else last_whole_at end,
    moved_to = %(moved_to)s, moved_since = %(moved_since)s, moved_seen = %(moved_seen)s
where feed_id = %(feed_id)s;

-- name: move_feed
-- The address it had stays known. Where another feed has the new one already, both go on as they are.
update news.feeds f
set former_urls = f.former_urls || f.url, url = %(url)s, host = %(host)s,
    moved_to = null, moved_since = null, moved_seen = 0
where f.feed_id = %(feed_id)s and not exists (select from news.feeds o where o.url = %(url)s);

-- name: insert_poll
insert into news.polls (feed_id, polled_at, outcome, http_status, entries, new_entries, changed_entries, elapsed_seconds, detail)
values (%(feed_id)s, %(now)s, %(outcome)s, %(http_status)s, %(entries)s, %(new_entries)s, %(changed_entries)s,
        %(elapsed_seconds)s, %(detail)s);

-- name: pause_host
insert into news.hosts as h (host, not_before, reason, updated_at)
values (%(host)s, %(not_before)s, %(reason)s, %(now)s)
on conflict (host) do update
  set not_before = greatest(h.not_before, excluded.not_before), reason = excluded.reason, updated_at = excluded.updated_at;
