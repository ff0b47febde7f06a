-- depends: 0009-alerts
-- The pages look for words in the index of whole texts: one of first words beside it only costs room.

drop index news.versions_words;
