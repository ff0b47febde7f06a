-- depends: 0010-one-index-of-words
-- Which note of correction tells of which changed sentence.

alter table news.updates add column correction text;
comment on column news.updates.correction is 'The note of correction, new in this version, that says this sentence was wrong; null where none does.';
