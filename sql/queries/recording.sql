-- name: waiting_captures
-- With no ids: of every article. The article that has waited longest first, its captures in their order; but last the
-- articles of which reading has been begun and never ended, for whatever ended it may do so again.
select capture_id, captured_at, article_id from news.captures
where recorded_at is null and (%(article_ids)s::bigint[] is null or article_id = any(%(article_ids)s))
order by max(attempts) over (partition by article_id), min(capture_id) over (partition by article_id), capture_id;

-- name: begin_reading
-- The attempt is counted before it is made, for a process that dies of it tells nobody; without waiting for the disk,
-- as a server that dies too may forget it.
update news.captures set attempts = attempts + 1
from (select set_config('synchronous_commit', 'off', true)) as at_ease
where capture_id = %(capture_id)s and captured_at = %(captured_at)s and recorded_at is null
returning capture_id, article_id, captured_at, outcome, http_status, final_url, permanent_url, content_type, body, attempts;

-- name: take_back_attempt
update news.captures set attempts = attempts - 1
where capture_id = %(capture_id)s and captured_at = %(captured_at)s and attempts > 0;

-- name: capture_body
select capture_id, article_id, captured_at, outcome, http_status, final_url, permanent_url, content_type, body
from news.captures
where capture_id = %(capture_id)s and captured_at = %(captured_at)s;

-- name: is_unrecorded
select recorded_at is null as waits from news.captures
where capture_id = %(capture_id)s and captured_at = %(captured_at)s
for update;

-- name: newest_version
select version_id, article_id, number, observed_at, headline, text, language, is_developing, extractor, content_sha256,
       capture_id, captured_at, live_entries, modified_at
from news.versions where article_id = %(article_id)s
order by number desc limit 1;

-- name: recorded_contents
select content_sha256, headline from news.versions where article_id = %(article_id)s order by number;

-- name: entry_texts
select title, summary from news.entries where article_id = %(article_id)s order by last_seen_at desc limit 5;

-- name: finish_capture
update news.captures
set outcome = %(outcome)s, detail = coalesce(%(detail)s, detail), recorded_at = %(recorded_at)s,
    body = case when %(keep_body)s then body end
where capture_id = %(capture_id)s and captured_at = %(captured_at)s;

-- name: open_stories
-- Stories that an article might join: those that changed lately, with the first words of their newest version where
-- those are not known. The publisher's own and those in another language are left out here already: most of the time
-- goes into reading texts.
select s.story_id, s.headline, v.version_id, v.language, s.last_changed_at,
       case when v.version_id <> all (%(known)s::bigint[]) then left(v.text, 1500) end as lead,
       (select array_agg(distinct a.publisher) from news.articles a where a.story_id = s.story_id) as publishers
from news.stories s
cross join lateral (
  select v.version_id, v.text, v.language from news.versions v where v.story_id = s.story_id
  order by v.observed_at desc limit 1
) v
where s.last_changed_at > %(since)s and s.status <> 'withdrawn' and v.language is not distinct from %(language)s
  and not exists (select from news.articles a where a.story_id = s.story_id and a.publisher = %(publisher)s)
order by s.last_changed_at desc
limit %(most)s;

-- name: lock_opening
select pg_advisory_xact_lock(hashtextextended('writethru opening a story', 0));

-- name: insert_story
insert into news.stories (headline, status, started_at, last_changed_at, url, articles, publishers, versions)
values (%(headline)s, %(status)s, %(now)s, %(now)s, %(url)s, 1, 1, %(versions)s)
returning story_id;

-- name: refresh_story
-- Counts are taken anew from the articles, so that they cannot drift.
update news.stories s
set headline = coalesce(%(headline)s, s.headline),
    url = case when %(moved_from)s::text is null or s.url = %(moved_from)s then coalesce(%(url)s, s.url) else s.url end,
    last_changed_at = coalesce(greatest(s.last_changed_at, %(changed_at)s), s.last_changed_at),
    articles = c.articles, publishers = c.publishers, versions = c.versions,
    status = case when c.following then 'developing' when c.standing then 'settled' else 'withdrawn' end
from (
  select count(*) as articles, count(distinct publisher) as publishers, coalesce(sum(versions), 0) as versions,
         bool_or(status = 'following') as following, bool_or(status <> 'withdrawn') as standing
  from news.articles where story_id = %(story_id)s
) c
where s.story_id = %(story_id)s;

-- name: lock_story
select story_id from news.stories where story_id = %(story_id)s for update;

-- name: insert_version
insert into news.versions (article_id, story_id, number, kind, observed_at, published_at, modified_at, headline, byline,
                           text, language, words, is_developing, markers, extractor, content_sha256, capture_id, captured_at,
                           live_entries)
values (%(article_id)s, %(story_id)s, %(number)s, %(kind)s, %(observed_at)s, %(published_at)s, %(modified_at)s,
        %(headline)s, %(byline)s, %(text)s, %(language)s, %(words)s, %(is_developing)s, %(markers)s, %(extractor)s,
        %(content_sha256)s, %(capture_id)s, %(captured_at)s, %(live_entries)s)
returning version_id;

-- name: insert_updates
insert into news.updates (version_id, article_id, story_id, kind, significance, old_position, new_position, old_text, new_text,
                          correction)
select %(version_id)s, %(article_id)s, %(story_id)s, kind, significance, old_position, new_position, old_text, new_text,
       correction
from rows from (jsonb_to_recordset(%(rows)s) as (
  kind text, significance text, old_position integer, new_position integer, old_text text, new_text text, correction text
)) with ordinality
order by ordinality;

-- name: insert_mentions
insert into news.mentions (version_id, article_id, story_id, kind, name, times, position)
select %(version_id)s, %(article_id)s, %(story_id)s, m.kind, m.name, m.times, m.position
from unnest(%(kinds)s::text[], %(names)s::text[], %(times)s::integer[], %(positions)s::integer[])
  as m(kind, name, times, position);

-- name: insert_events
insert into news.events (story_id, article_id, version_id, kind, occurred_at, summary, details)
select %(story_id)s, %(article_id)s, %(version_id)s, kind, occurred_at, summary, details
from rows from (jsonb_to_recordset(%(rows)s) as (kind text, occurred_at timestamptz, summary text, details jsonb))
     with ordinality
order by ordinality;

-- name: save_article_record
-- A wake that no capture has answered stays, and so does what a later capture planned.
update news.articles
set story_id = %(story_id)s, status = %(status)s, url = %(url)s, fetch_url = %(fetch_url)s, host = %(host)s,
    versions = %(versions)s, failures = %(failures)s, missing = %(missing)s, last_changed_at = %(last_changed_at)s,
    next_capture_at = case when woken_at is not null then least(next_capture_at, woken_at)
                           when last_captured_at > %(captured_at)s then next_capture_at
                           else %(next_capture_at)s end,
    last_outcome = %(outcome)s, last_detail = null
where article_id = %(article_id)s;

-- name: open_article_at_address
insert into news.articles (publisher, url, fetch_url, host, follow, first_seen_at, last_captured_at)
select publisher, url, fetch_url, host, follow, %(captured_at)s, %(captured_at)s
from news.articles where article_id = %(article_id)s
returning article_id;

-- name: articles_at_address_before
-- The other articles that have stood at an article's address, the one that changed last first. Before an article stood the
-- one that the capture of its first version was made for; after it, the one that its event names.
with recursive stood as (
  select %(article_id)s::bigint as article_id
  union
  select beside.article_id
  from stood cross join lateral (
    select c.article_id
    from news.versions v join news.captures c on c.capture_id = v.capture_id and c.captured_at = v.captured_at
    where v.article_id = stood.article_id and v.number = 1
    union all
    select (e.details->>'article_id')::bigint from news.events e
    where e.article_id = stood.article_id and e.kind = 'rewritten' and e.details ? 'article_id'
  ) beside
)
select a.article_id from stood join news.articles a using (article_id)
where a.article_id <> %(article_id)s and a.versions > 0
order by a.last_changed_at desc, a.article_id desc
limit %(most)s;

-- name: forget_document
-- What an address answered is not what this article is: nothing must be taken for unchanged by it.
update news.articles set etag = null, last_modified = null, body_sha256 = null where article_id = %(article_id)s;

-- name: outcomes_before
-- How the captures of an article before a moment ended, the last one first.
select outcome from news.captures where article_id = %(article_id)s and captured_at < %(captured_at)s
order by captured_at desc limit %(most)s;

-- name: hand_over_addresses
update news.aliases set article_id = %(into)s
where article_id = %(article_id)s and kind <> 'guid' and value = any(%(values)s);

-- name: note_misread
-- A wall or an empty page must not be what the next conditional request compares with.
update news.articles
set etag = null, last_modified = null, body_sha256 = null, failures = %(failures)s, last_outcome = %(outcome)s,
    last_detail = %(detail)s,
    next_capture_at = case when woken_at is not null then least(next_capture_at, woken_at)
                           when last_captured_at > %(captured_at)s then next_capture_at
                           else %(next_capture_at)s end
where article_id = %(article_id)s;

-- name: articles_named
-- What is known of the names a page gives: whose they are, and whether somebody had their article erased.
select n.value, a.article_id, f.name_sha256 is not null as forgotten
from unnest(%(values)s::text[]) as n(value)
left join news.aliases a on a.scope = '' and a.value = n.value
left join writethru.forgotten f on f.name_sha256 = sha256(convert_to(E'\n' || n.value, 'UTF8'))
order by a.first_seen_at;

-- name: merge_aliases
update news.aliases set article_id = %(into)s where article_id = %(article_id)s;

-- name: merge_entries
update news.entries set article_id = %(into)s where article_id = %(article_id)s;

-- name: retire_article
-- It was another article under a name we did not know yet.
update news.articles set status = 'skipped', next_capture_at = null, last_outcome = 'same_content', last_detail = %(detail)s
where article_id = %(article_id)s;

-- name: quiet_articles
-- Judged here already, so that the many that promise more to come never stand in the way of those that do not. One that
-- does not answer at the moment may have changed unseen, one with a capture to be read is not quiet yet, and of one that
-- nobody has looked at (we were switched off, or the clock is ahead) nothing is known.
select a.article_id from news.articles a
cross join lateral (
  select v.is_developing from news.versions v where v.article_id = a.article_id order by v.number desc limit 1
) newest
where a.status = 'following' and a.last_changed_at <= %(before)s
  and (not newest.is_developing and a.failures = 0 or a.last_changed_at <= %(promising_before)s)
  and a.last_captured_at >= %(looked_since)s
  and not exists (select from news.captures c where c.article_id = a.article_id and c.recorded_at is null)
order by a.last_changed_at
limit %(most)s;

-- name: settle_article
-- A wake that nobody has answered yet stays.
update news.articles set status = 'settled', next_capture_at = woken_at where article_id = %(article_id)s;
