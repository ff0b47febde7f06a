-- depends: 0012-manners
-- The names a version mentions, where the user has installed a recogniser (WRITETHRU_SPACY_MODEL).

create table news.mentions (
  version_id  bigint not null references news.versions on delete cascade,
  article_id  bigint not null references news.articles on delete cascade,
  story_id    bigint not null references news.stories on delete cascade,
  kind        text not null check (kind in ('place', 'organisation', 'person')),
  name        text not null check (name <> ''),
  times       integer not null check (times > 0),
  position    integer not null,
  primary key (version_id, kind, name)
);
comment on table news.mentions is 'Places, organisations and people that a version names; empty unless a recogniser is installed (WRITETHRU_SPACY_MODEL).';
comment on column news.mentions.version_id is 'Version.';
comment on column news.mentions.article_id is 'Article.';
comment on column news.mentions.story_id is 'Story.';
comment on column news.mentions.kind is 'place, organisation or person.';
comment on column news.mentions.name is 'The name as written.';
comment on column news.mentions.times is 'How often the version names it.';
comment on column news.mentions.position is 'The first sentence that names it, counted from 0.';
create index mentions_story on news.mentions (story_id, kind, name);
create index mentions_article on news.mentions (article_id);
create index mentions_name on news.mentions (lower(name));
grant select on news.mentions to news_reader;
