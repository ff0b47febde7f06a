-- depends: 0001-feeds
-- Stories, articles, their names, and the captures of their pages.

create table news.stories (
  story_id         bigint generated always as identity primary key,
  headline         text not null,
  status           text not null default 'developing' check (status in ('developing', 'settled', 'withdrawn')),
  started_at       timestamptz not null,
  last_changed_at  timestamptz not null,
  articles         integer not null default 0,
  publishers       integer not null default 0,
  versions         integer not null default 0,
  url              text not null
);
create index stories_by_change on news.stories (status, last_changed_at desc);
comment on table news.stories is 'Developing stories: what one article, or several, tell.';
comment on column news.stories.story_id is 'Number of the story.';
comment on column news.stories.headline is 'Newest headline of the article that changed last.';
comment on column news.stories.status is 'developing: more is to come; settled: it has gone quiet; withdrawn: its only articles were taken down.';
comment on column news.stories.started_at is 'When its first article was first recorded.';
comment on column news.stories.last_changed_at is 'When a new version of one of its articles was last recorded.';
comment on column news.stories.articles is 'Articles that tell it.';
comment on column news.stories.publishers is 'Publishers that tell it.';
comment on column news.stories.versions is 'Versions recorded of all its articles.';
comment on column news.stories.url is 'Address of the article that changed last.';

create table news.articles (
  article_id        bigint generated always as identity primary key,
  story_id          bigint references news.stories,
  publisher         text not null,
  url               text not null,
  fetch_url         text not null,
  host              text not null,
  status            text not null default 'candidate'
                    check (status in ('candidate', 'following', 'settled', 'withdrawn', 'skipped')),
  follow            text not null default 'developing' check (follow in ('developing', 'all')),
  first_seen_at     timestamptz not null,
  last_changed_at   timestamptz,
  last_captured_at  timestamptz,
  next_capture_at   timestamptz,
  last_outcome      text,
  last_detail       text,
  versions          integer not null default 0,
  failures          integer not null default 0 check (failures >= 0),
  missing           integer not null default 0 check (missing >= 0),
  etag              text,
  last_modified     text,
  body_sha256       text
);
create index articles_due on news.articles (next_capture_at) where next_capture_at is not null;
create index articles_of_story on news.articles (story_id);
create index articles_by_status on news.articles (status, last_changed_at);
comment on table news.articles is 'Pieces of journalism, one publisher each, whatever addresses they have had.';
comment on column news.articles.article_id is 'Number of the article.';
comment on column news.articles.story_id is 'Story it tells; null until its first version is recorded.';
comment on column news.articles.publisher is 'Who publishes it.';
comment on column news.articles.url is 'Canonical address, for people.';
comment on column news.articles.fetch_url is 'Address that is fetched.';
comment on column news.articles.host is 'Host of that address: the unit of pacing.';
comment on column news.articles.status is 'candidate: not read yet; following: looked at again and again; settled: quiet; withdrawn: taken down; skipped: read once, not developing.';
comment on column news.articles.follow is 'developing: followed only while it says it develops; all: followed in any case.';
comment on column news.articles.first_seen_at is 'When a feed or a user first named it.';
comment on column news.articles.last_changed_at is 'When its newest version was observed.';
comment on column news.articles.last_captured_at is 'When its page was last asked for.';
comment on column news.articles.next_capture_at is 'When it is due next; null: not looked at again unless its entry changes.';
comment on column news.articles.last_outcome is 'How the last capture ended.';
comment on column news.articles.last_detail is 'The same in words, where there is more to say.';
comment on column news.articles.versions is 'Versions recorded.';
comment on column news.articles.failures is 'Failed captures in a row.';
comment on column news.articles.missing is 'Captures in a row that found it gone (404, 410): it counts as withdrawn after two.';
comment on column news.articles.etag is 'ETag of the last body that was kept, byte for byte.';
comment on column news.articles.last_modified is 'Last-Modified of that body, byte for byte.';
comment on column news.articles.body_sha256 is 'SHA-256 of that body.';

create table news.aliases (
  article_id     bigint not null references news.articles on delete cascade,
  kind           text not null check (kind in ('guid', 'link', 'redirect', 'canonical')),
  scope          text not null default '',
  value          text not null,
  first_seen_at  timestamptz not null default now(),
  primary key (scope, value)
);
create index aliases_of_article on news.aliases (article_id);
comment on table news.aliases is 'Every name an article has been known by. A name leads to one article.';
comment on column news.aliases.article_id is 'Article it leads to.';
comment on column news.aliases.kind is 'guid, link (from the feed or a user), redirect (where it led) or canonical (what the page says).';
comment on column news.aliases.scope is 'For a guid its publisher; empty for an address.';
comment on column news.aliases.value is 'The guid, or the normalised address.';
comment on column news.aliases.first_seen_at is 'When the name was first met.';

create table news.entries (
  entry_id        bigint generated always as identity primary key,
  feed_id         bigint not null references news.feeds on delete cascade,
  article_id      bigint references news.articles on delete set null,
  identity        text not null,
  guid            text,
  link            text,
  title           text not null,
  summary         text not null default '',
  published_at    timestamptz,
  updated_at      timestamptz,
  content_sha256  text not null,
  changes         integer not null default 0,
  first_seen_at   timestamptz not null,
  last_seen_at    timestamptz not null,
  unique (feed_id, identity)
);
create index entries_of_article on news.entries (article_id);
create index entries_by_time on news.entries (feed_id, first_seen_at desc);
comment on table news.entries is 'Items of feeds, as they last were.';
comment on column news.entries.entry_id is 'Number of the entry.';
comment on column news.entries.feed_id is 'Feed it stands in.';
comment on column news.entries.article_id is 'Article it leads to; null where it has no usable link.';
comment on column news.entries.identity is 'What tells it apart within its feed: guid, else link, else content.';
comment on column news.entries.guid is 'Its guid or id, as written.';
comment on column news.entries.link is 'Its address.';
comment on column news.entries.title is 'Its title, as plain text.';
comment on column news.entries.summary is 'Its summary, as plain text.';
comment on column news.entries.published_at is 'When its publisher says it came out; null where unsaid or unreadable.';
comment on column news.entries.updated_at is 'When its publisher says it changed; null where unsaid.';
comment on column news.entries.content_sha256 is 'Hash of link, title, summary and authors, without dates.';
comment on column news.entries.changes is 'How often that hash has moved.';
comment on column news.entries.first_seen_at is 'When it was first met.';
comment on column news.entries.last_seen_at is 'When it was last met in its feed.';

create sequence news.captures_capture_id_seq as bigint;
create table news.captures (
  capture_id       bigint not null default nextval('news.captures_capture_id_seq'),
  article_id       bigint not null,
  captured_at      timestamptz not null,
  outcome          text not null,
  http_status      integer,
  final_url        text not null,
  permanent_url    text,
  content_type     text,
  body_sha256      text,
  body_bytes       integer,
  body             bytea,
  elapsed_seconds  real,
  detail           text,
  recorded_at      timestamptz,
  primary key (capture_id, captured_at)
) partition by range (captured_at);
alter sequence news.captures_capture_id_seq owned by news.captures.capture_id;
alter table news.captures alter column body set storage external;
create index captures_of_article on news.captures (article_id, captured_at);
create index captures_unrecorded on news.captures (article_id, capture_id) where recorded_at is null;
comment on table news.captures is 'Attempts to fetch articles. Partitioned by month; old months are dropped whole (WRITETHRU_KEEP_CAPTURES_MONTHS).';
comment on column news.captures.capture_id is 'Number of the capture.';
comment on column news.captures.article_id is 'Article that was fetched.';
comment on column news.captures.captured_at is 'When the answer was in.';
comment on column news.captures.outcome is 'How it ended. new_body waits to be recorded and becomes new_version, same_content, or what the page turned out to be.';
comment on column news.captures.http_status is 'Status of the last response, if there was one.';
comment on column news.captures.final_url is 'Address of the last response.';
comment on column news.captures.permanent_url is 'The same where every redirect on the way was permanent (301, 308).';
comment on column news.captures.content_type is 'Content-Type of the response.';
comment on column news.captures.body_sha256 is 'SHA-256 of the body.';
comment on column news.captures.body_bytes is 'Length of the body before compression.';
comment on column news.captures.body is 'The body, compressed (zstd); null where nothing new came, or where it brought no version.';
comment on column news.captures.elapsed_seconds is 'Seconds the fetch took.';
comment on column news.captures.detail is 'More in words, where there is more to say.';
comment on column news.captures.recorded_at is 'When it was read; null while it waits.';

create function news.make_capture_partitions(around timestamptz, months_ahead integer) returns integer
language plpgsql as $$
declare
  month timestamp := date_trunc('month', around at time zone 'UTC');
  made integer := 0;
  name text;
begin
  for i in 0 .. months_ahead loop
    name := 'captures_' || to_char(month, 'YYYY_MM');
    if to_regclass('news.' || name) is null then
      execute format('create table if not exists news.%I partition of news.captures for values from (%L) to (%L)',
                     name, (month at time zone 'UTC')::text, ((month + interval '1 month') at time zone 'UTC')::text);
      execute format('comment on table news.%I is %L', name, 'Captures of ' || to_char(month, 'YYYY-MM') || '.');
      made := made + 1;
    end if;
    month := month + interval '1 month';
  end loop;
  return made;
end
$$;
comment on function news.make_capture_partitions(timestamptz, integer) is 'Makes the partitions of captures for a month and so many after it; returns how many were made.';

do $$ begin perform news.make_capture_partitions(now(), 2); end $$;
