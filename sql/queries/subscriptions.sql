-- name: add_feed
-- xmax is 0 on a row that this statement inserted, and the updater's number on one that was there.
insert into news.feeds as f (url, title, publisher, language, host, follow, poll_every, next_poll_at, added_at)
values (%(url)s, %(title)s, %(publisher)s, %(language)s, %(host)s, %(follow)s,
        coalesce(%(poll_every)s::interval, %(default_poll_every)s), %(now)s, %(now)s)
on conflict (url) do update
  set title = coalesce(excluded.title, f.title), publisher = excluded.publisher,
      language = coalesce(excluded.language, f.language), follow = excluded.follow,
      poll_every = coalesce(%(poll_every)s::interval, f.poll_every), disabled_at = null, disabled_reason = null,
      next_poll_at = case when f.disabled_reason is null then f.next_poll_at else excluded.next_poll_at end
returning feed_id, xmax = 0 as is_new;

-- name: former_addresses
-- A feed that has moved is still known by the addresses it had. Asked for once, however many feeds are added.
select former, f.url from news.feeds f cross join unnest(f.former_urls) as former;

-- name: follow_all_of_feed
-- A feed that is to be followed whole from now on: what its document holds is followed too, and looked at once.
update news.articles a
set follow = 'all', woken_at = %(now)s, next_capture_at = least(a.next_capture_at, %(now)s)
from news.entries e
where e.feed_id = %(feed_id)s and e.article_id = a.article_id and a.follow <> 'all' and a.status <> 'withdrawn'
  and e.last_seen_at = (select max(n.last_seen_at) from news.entries n where n.feed_id = %(feed_id)s);

-- name: remove_feed
delete from news.feeds where url = %(name)s or feed_id::text = %(name)s or %(name)s = any(former_urls);

-- name: list_feeds
select f.feed_id, f.url, f.title, f.publisher, f.language, f.follow, f.poll_every, f.next_poll_at, f.last_polled_at,
       f.last_outcome, f.last_detail, f.failures, f.disabled_reason, h.entries_24h, h.success_rate_24h, h.status
from news.feeds f join news.feed_health h using (feed_id)
order by f.publisher, f.feed_id;
