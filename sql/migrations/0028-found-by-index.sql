-- depends: 0027-claims
-- What is asked each minute, and on each page, of a table that holds a year.

-- How many pages each host was asked for lately: without it all captures of the month are read for an hour's.
create index captures_by_time on news.captures (captured_at);
-- A publisher's stories and events, its newest articles, and the list of all publishers.
create index articles_of_publisher on news.articles (publisher, first_seen_at) where story_id is not null;
-- Whoever erases an article (`writethru forget`) has to ask whether anything else leads to what goes: of every fact and
-- version that goes, all others were asked.
create index facts_parent on news.facts (parent_fact_id) where parent_fact_id is not null;
create index events_of_version on news.events (version_id) where version_id is not null;
create index updates_of_article on news.updates (article_id);

-- Each poll that brings a document writes all its entries anew, with the moment they were last seen. With room left on
-- their page the indexes need not be told: of 12,000 polls' updates 93 in 100, where it were 56.
alter table news.entries set (fillfactor = 85);
