-- depends: 0021-reached-addresses
-- "storm -fires" found texts with fires: a word left out in one language's stems was let in by the next language's.

create or replace function news.asked_words(words text) returns tsquery
language sql immutable parallel safe as $$
  with token as (
    select part[1] as text, place from regexp_matches(words, '(-?"[^"]*"?|\S+)', 'g') with ordinality as found(part, place)
  ),
  asked as (
    select string_agg(text, ' ' order by place) as text, false as left_out from token where text !~ '^-.'
    union all
    select ltrim(text, '-'), true from token where text ~ '^-.'
  ),
  -- Most languages have the same stems: each is asked for once, as the index weighs every part of a question for each hit.
  stems as (
    select left_out, string_agg(distinct '(' || part::text || ')', ' | ')::tsquery as query
    from asked cross join lateral unnest(array[
      websearch_to_tsquery('simple', text), websearch_to_tsquery('english', text), websearch_to_tsquery('german', text),
      websearch_to_tsquery('spanish', text), websearch_to_tsquery('french', text), websearch_to_tsquery('italian', text),
      websearch_to_tsquery('portuguese', text), websearch_to_tsquery('dutch', text),
      websearch_to_tsquery('russian', text), websearch_to_tsquery('swedish', text)]) part
    where numnode(part) > 0
    group by left_out
  )
  select coalesce(wanted && !! unwanted, wanted, !! unwanted, '')
  from (select (select query from stems where not left_out) as wanted, (select query from stems where left_out) as unwanted) both_parts
$$;
