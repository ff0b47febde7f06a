-- depends: 0024-hedges-before
-- In psql a search came with a page of notices: on the empty query that stands for no words, and for a word such as "the"
-- on each language that leaves it out.

alter function news.asked_words(text) set client_min_messages = warning;
