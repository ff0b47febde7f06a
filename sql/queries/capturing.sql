-- name: due_articles
-- As with feeds (`due_feeds`): the hosts by turns, and of each the longest waiting first.
select article_id, host
from (
  select a.article_id, a.host, a.next_capture_at, row_number() over (partition by a.host order by a.next_capture_at) as turn
  from news.articles a
  left join news.hosts h on h.host = a.host and h.not_before > %(now)s
  where a.next_capture_at <= %(now)s and h.host is null
) due
order by turn, next_capture_at
limit %(most)s;

-- name: waiting_articles
-- Articles with captures that nobody has read yet, whether or not they are due: a run that was cut short left them. The
-- longest waiting first.
select c.article_id, a.host
from news.captures c join news.articles a using (article_id)
where c.recorded_at is null
group by c.article_id, a.host
order by min(c.capture_id)
limit %(most)s;

-- name: articles_by_id
select a.article_id, a.story_id, a.publisher, a.url, a.fetch_url, a.status, a.follow, a.first_seen_at, a.last_changed_at,
       a.last_captured_at, a.versions, a.failures, a.missing, a.etag, a.last_modified, a.body_sha256
from news.articles a
left join news.hosts h on h.host = a.host and h.not_before > %(now)s
where a.article_id = any(%(article_ids)s) and a.next_capture_at <= %(now)s and h.host is null
order by a.next_capture_at;

-- name: lock_article
select article_id, story_id, publisher, url, fetch_url, status, follow, first_seen_at, last_changed_at, last_captured_at,
       versions, failures, missing, etag, last_modified, body_sha256
from news.articles where article_id = %(article_id)s for update;

-- name: insert_capture
insert into news.captures (article_id, captured_at, outcome, http_status, final_url, permanent_url, content_type,
                           body_sha256, body_bytes, body, elapsed_seconds, detail, recorded_at)
values (%(article_id)s, %(captured_at)s, %(outcome)s, %(http_status)s, %(final_url)s, %(permanent_url)s,
        %(content_type)s, %(body_sha256)s, %(body_bytes)s, %(body)s, %(elapsed_seconds)s, %(detail)s, %(recorded_at)s);

-- name: save_article_capture
update news.articles
set last_captured_at = %(captured_at)s, last_outcome = %(outcome)s, last_detail = %(detail)s, failures = %(failures)s,
    missing = %(missing)s,
    -- A wake that came while the page was on its way may tell of a newer one.
    next_capture_at = case when woken_at > %(asked_at)s then woken_at else %(next_capture_at)s end,
    woken_at = case when woken_at > %(asked_at)s then woken_at end,
    etag = %(etag)s, last_modified = %(last_modified)s, body_sha256 = %(body_sha256)s
where article_id = %(article_id)s;

-- name: make_capture_partitions
select news.make_capture_partitions(%(now)s, %(months_ahead)s);
