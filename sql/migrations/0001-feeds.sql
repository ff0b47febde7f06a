-- Feeds, what their polls came to, and the entries found in them.

create schema if not exists news;
comment on schema news is 'Writethru: developing news stories, their versions, what changed, and the facts, with their whole history.';

create table news.hosts (
  host         text primary key,
  not_before   timestamptz,
  reason       text,
  updated_at   timestamptz not null default now()
);
comment on table news.hosts is 'Hosts that asked for a pause. A row counts for every feed and article of that host.';
comment on column news.hosts.host is 'Host name, with the port where it is not the usual one.';
comment on column news.hosts.not_before is 'Nothing is fetched from this host before this moment (its Retry-After).';
comment on column news.hosts.reason is 'The outcome that brought the pause.';
comment on column news.hosts.updated_at is 'When the pause was last set.';

create table news.feeds (
  feed_id          bigint generated always as identity primary key,
  url              text not null unique,
  title            text,
  publisher        text not null,
  language         text,
  host             text not null,
  follow           text not null default 'developing' check (follow in ('developing', 'all')),
  poll_every       interval not null default interval '5 minutes' check (poll_every > interval '0'),
  next_poll_at     timestamptz not null default now(),
  last_polled_at   timestamptz,
  last_success_at  timestamptz,
  last_outcome     text,
  last_detail      text,
  failures         integer not null default 0 check (failures >= 0),
  disabled_at      timestamptz,
  disabled_reason  text,
  etag             text,
  last_modified    text,
  body_sha256      text,
  added_at         timestamptz not null default now()
);
create index feeds_due on news.feeds (next_poll_at) where disabled_reason is null;
comment on table news.feeds is 'Addresses that are polled: RSS, Atom, RDF or JSON Feed.';
comment on column news.feeds.feed_id is 'Number of the feed.';
comment on column news.feeds.url is 'Address that is polled.';
comment on column news.feeds.title is 'Title, as the user or else the feed gives it.';
comment on column news.feeds.publisher is 'Who publishes it; guids are told apart by publisher.';
comment on column news.feeds.language is 'Language tag (BCP 47), where known.';
comment on column news.feeds.host is 'Host of the address: the unit of pacing.';
comment on column news.feeds.follow is 'developing: only articles that say they develop are followed; all: every article is.';
comment on column news.feeds.poll_every is 'Rhythm of polling while all is well.';
comment on column news.feeds.next_poll_at is 'When the feed is due next.';
comment on column news.feeds.last_polled_at is 'When it was last asked.';
comment on column news.feeds.last_success_at is 'When it last answered as a feed should (a 304 counts).';
comment on column news.feeds.last_outcome is 'How the last poll ended.';
comment on column news.feeds.last_detail is 'The same in words, where there is more to say.';
comment on column news.feeds.failures is 'Failed polls in a row.';
comment on column news.feeds.disabled_at is 'Since when it is not polled any more.';
comment on column news.feeds.disabled_reason is 'Why it is not polled; null while it is.';
comment on column news.feeds.etag is 'ETag of the last document that could be read, byte for byte.';
comment on column news.feeds.last_modified is 'Last-Modified of that document, byte for byte.';
comment on column news.feeds.body_sha256 is 'SHA-256 of that document.';
comment on column news.feeds.added_at is 'When the feed was added.';

create table news.polls (
  poll_id         bigint generated always as identity primary key,
  feed_id         bigint not null references news.feeds on delete cascade,
  polled_at       timestamptz not null,
  outcome         text not null,
  http_status     integer,
  entries         integer not null default 0,
  new_entries     integer not null default 0,
  changed_entries integer not null default 0,
  elapsed_seconds real,
  detail          text
);
create index polls_of_feed on news.polls (feed_id, polled_at desc);
create index polls_by_time on news.polls (polled_at);
comment on table news.polls is 'Log of polls, kept for some days (WRITETHRU_KEEP_POLLS_DAYS).';
comment on column news.polls.poll_id is 'Number of the poll.';
comment on column news.polls.feed_id is 'Feed that was polled.';
comment on column news.polls.polled_at is 'When the answer was in.';
comment on column news.polls.outcome is 'How it ended.';
comment on column news.polls.http_status is 'Status of the last response, if there was one.';
comment on column news.polls.entries is 'Entries in the document.';
comment on column news.polls.new_entries is 'Entries not seen before.';
comment on column news.polls.changed_entries is 'Entries whose link, title, summary or authors had changed.';
comment on column news.polls.elapsed_seconds is 'Seconds from the first byte sent to the last received.';
comment on column news.polls.detail is 'More in words, where there is more to say.';
