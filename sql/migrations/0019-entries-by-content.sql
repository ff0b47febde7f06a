-- depends: 0018-months-beside-readers
-- Entries are found by what they say, too: some feeds give each entry a new id with each document.

create index entries_by_content on news.entries using hash (content_sha256);
