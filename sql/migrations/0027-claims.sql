-- depends: 0026-other-values-before
-- Two who polled at the same moment both asked for the same feed, and one threw its answer away.

-- Unlogged: no claim outlives the server that its process was connected to.
create unlogged table writethru.claims (
  what        text not null check (what in ('feed', 'article')),
  id          bigint not null,
  pid         integer not null,
  claimed_at  timestamptz not null,
  primary key (what, id)
);
comment on table writethru.claims is 'Feeds and articles that somebody is asking for just now, so that nobody else does.';
comment on column writethru.claims.what is 'feed or article.';
comment on column writethru.claims.id is 'Its number.';
comment on column writethru.claims.pid is 'The connection (pg_stat_activity.pid) of who asks. A claim ends with it.';
comment on column writethru.claims.claimed_at is 'Since when.';
