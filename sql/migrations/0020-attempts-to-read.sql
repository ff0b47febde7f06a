-- depends: 0019-entries-by-content
-- A page that ends the process which reads it (memory, a fault of a parser) was the first again in every run.

alter table news.captures add column attempts smallint not null default 0;
comment on column news.captures.attempts is 'How often reading it has been begun. One that ends its process time and again is given up as failed.';
