-- depends: 0006-pages
-- The entries of a live blog, by which one that has scrolled off its page is told from one that was taken down.

alter table news.versions add column live_entries jsonb;
comment on column news.versions.live_entries is 'Of a live blog: its entries seen so far, newest first, each with identity, headline, text, published_at and modified_at; the text tells them all. Null for any other article.';
