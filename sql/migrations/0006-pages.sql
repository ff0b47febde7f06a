-- depends: 0005-waking
-- What the pages ask for: stories by a word, and events by who published them; and the right to read as news_reader.

create index versions_words on news.versions using gin (to_tsvector('simple', headline || ' ' || left(text, 1000)));
create index stories_in_order on news.stories ((status = 'developing') desc, last_changed_at desc, story_id desc);
create index events_of_article on news.events (article_id, event_id);
create index events_of_story_by_number on news.events (story_id, event_id);

do $$
begin
  -- Who made a role may not take it on by itself since Postgres 16; who may not grant it asks an administrator.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant news_reader to %I', current_user);
  end if;
exception when insufficient_privilege or unique_violation or internal_error then
  null;
end
$$;
