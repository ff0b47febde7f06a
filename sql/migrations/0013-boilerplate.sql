-- depends: 0012-manners
-- Lines that a publisher prints below most of its articles: found in the texts themselves, and no part of any of them.

create table news.boilerplate (
  publisher   text primary key,
  revision    integer not null check (revision > 0),
  lines       text[] not null,
  kept        text[] not null default '{}',
  learned_at  timestamptz not null
);
comment on table news.boilerplate is 'Lines that many articles of a publisher share, found each night in their newest versions; no new version holds them.';
comment on column news.boilerplate.publisher is 'Publisher.';
comment on column news.boilerplate.revision is 'Grows with every change of the lines; named in versions.extractor, so that a new line is never taken for an edit.';
comment on column news.boilerplate.lines is 'The lines, as their words in lower case.';
comment on column news.boilerplate.kept is 'Lines that a person wants kept: never learned again. Move one here from `lines`, and raise `revision`.';
comment on column news.boilerplate.learned_at is 'When a line was last learned.';
grant select on news.boilerplate to news_reader;
