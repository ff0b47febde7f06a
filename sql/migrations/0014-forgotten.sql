-- depends: 0013-boilerplate
-- What a person had erased does not come back with the next poll. Only hashes are kept: a name would be a record again.

create table writethru.forgotten (
  name_sha256   bytea primary key,
  forgotten_at  timestamptz not null default now()
);
comment on table writethru.forgotten is 'Names of articles that were erased for good, so that no feed brings them back.';
comment on column writethru.forgotten.name_sha256 is 'SHA-256 of scope, line feed and value of the alias.';
comment on column writethru.forgotten.forgotten_at is 'When it was erased.';
