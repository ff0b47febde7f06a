-- depends: 0016-silent-for-long
-- A search for a word that all texts have ranked every one of them, and cut a passage out of each.

create function news.asked_words(words text) returns tsquery
language sql immutable parallel safe as $$
  -- Most languages have the same stems: each is asked for once, as the index weighs every part of a question for each hit.
  select coalesce(string_agg(distinct '(' || part::text || ')', ' | ')::tsquery, '')
  from unnest(array[
    websearch_to_tsquery('simple', words), websearch_to_tsquery('english', words), websearch_to_tsquery('german', words),
    websearch_to_tsquery('spanish', words), websearch_to_tsquery('french', words), websearch_to_tsquery('italian', words),
    websearch_to_tsquery('portuguese', words), websearch_to_tsquery('dutch', words),
    websearch_to_tsquery('russian', words), websearch_to_tsquery('swedish', words)]) part
  where numnode(part) > 0
$$;
comment on function news.asked_words(text) is 'Words as in a search engine, to be found in texts of every language that news.text_config knows.';

create function news.newest_versions_with(asked tsquery, most integer) returns setof bigint
language plpgsql stable
-- Postgres takes to_tsvector for a hundred times cheaper than it is, so it would rather apply it to every version than
-- ask the index. One plan for all words, with a bitmap that stays exact: then the texts themselves are not read at all.
set cpu_operator_cost = 0.25
set plan_cache_mode = force_generic_plan
set work_mem = '64MB'
as $$
declare
  above bigint := (select max(v.version_id) + 1 from news.versions v);
  width bigint := 2 * most;
  found integer := 0;
  added integer;
  few bigint[];
begin
  while found < most and above > 0 loop
    return query
      select v.version_id from news.versions v
      where to_tsvector(news.text_config(v.language), v.headline || ' ' || v.text) @@ asked
        and v.version_id >= above - width and v.version_id < above
      order by v.version_id desc
      limit most - found;
    get diagnostics added = row_count;
    found := found + added;
    above := above - width;
    width := width * 5;
    if few is null and found < most then
      few := array(
        select v.version_id from news.versions v
        where to_tsvector(news.text_config(v.language), v.headline || ' ' || v.text) @@ asked
        limit most + 1);
      if cardinality(few) <= most then
        return query select version_id from unnest(few) as version_id where version_id < above order by version_id desc;
        return;
      end if;
    end if;
  end loop;
end
$$;
comment on function news.newest_versions_with(tsquery, integer) is 'The newest versions whose headline or text has the words, so many at the most: all of them where no more have.';

create or replace function news.search(words text, most integer default 20)
returns table (
  story_id bigint, article_id bigint, publisher text, headline text, found text, passage text, since timestamptz,
  url text, rank real
)
language sql stable as $$
  with asked as materialized (
    select news.asked_words(search.words) as query
  ),
  newest as (
    select v.version_id, v.article_id, v.number
    from asked, news.newest_versions_with(asked.query, greatest(300, most)) version_id
    join news.versions v using (version_id)
  ),
  hit as (
    select v.*, ts_rank(to_tsvector(news.text_config(v.language), v.headline || ' ' || v.text), asked.query) as rank
    from (select distinct on (n.article_id) n.version_id from newest n order by n.article_id, n.number desc) last
    join news.versions v on v.version_id = last.version_id, asked
  ),
  best as (
    select hit.version_id, f.story_id, f.article_id, f.kind || ': ' || f.key as found, f.sentence as passage,
           lower(f.valid) as since, hit.rank + 1 as rank
    from hit
    join news.facts f on f.article_id = hit.article_id and upper_inf(f.valid), asked
    where to_tsvector(news.text_config(hit.language), f.sentence) @@ asked.query
    union all
    select hit.version_id, hit.story_id, hit.article_id, 'text', null, hit.observed_at, hit.rank
    from hit
    order by rank desc, since desc
    limit most
  )
  select best.story_id, best.article_id, a.publisher, v.headline, best.found,
         coalesce(best.passage, ts_headline(
           news.text_config(v.language), v.headline || E'\n' || v.text, asked.query,
           'StartSel="", StopSel="", MaxFragments=1, MaxWords=40, MinWords=15')),
         best.since, a.url, best.rank
  from best
  join news.versions v on v.version_id = best.version_id
  join news.articles a on a.article_id = best.article_id, asked
  order by best.rank desc, best.since desc
$$;
comment on function news.search(text, integer) is 'Facts and passages that have the words, the best first. Words as in a search engine: "exact phrase", or, -without. Looks at the newest versions that have them, 300 at the least: of words that more have, older ones are left out.';

grant execute on function news.asked_words(text), news.newest_versions_with(tsquery, integer), news.search(text, integer) to news_reader;
