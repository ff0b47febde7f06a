-- depends: 0025-quiet-search
-- A value that another source gave as well stood as the value before: 19 missing, before 19.

create or replace function news.facts_as_of(at timestamptz)
returns table (
  story_id bigint, key text, kind text, subject text, low numeric, high numeric, unit text, qualifier text,
  attribution text, publisher text, as_of timestamptz, previous_low numeric, previous_high numeric,
  previous_qualifier text, changes bigint, sources bigint, rivals jsonb, sentence text, url text, part_of text,
  fact_id bigint
)
language sql stable as $$
  -- Stays a single SELECT, neither strict nor security definer, so that Postgres inlines it and a condition on
  -- story_id reaches the index.
  select newest.story_id, newest.key, newest.kind, newest.subject, newest.low, newest.high, newest.unit,
         newest.qualifier, newest.attribution, a.publisher, lower(newest.valid), past.low, past.high,
         past.qualifier, coalesce(past.changes, 0), others.sources, others.rivals, newest.sentence, a.url,
         (select whole.key from news.facts whole where whole.fact_id = newest.parent_fact_id), newest.fact_id
  from (
    select distinct on (f.story_id, f.key) f.*
    from news.facts f
    where f.valid @> at and not f.hypothetical and not f.background and not f.increment
      and (not f.negated or (f.low = 0 and f.high = 0))
    order by f.story_id, f.key, lower(f.valid) desc, f.fact_id desc
  ) newest
  join news.articles a on a.article_id = newest.article_id
  left join lateral (
    -- Of rows in a row that give one value, by one source and then another, the last alone: it gave way to the next.
    select p.low, p.high, p.qualifier, count(*) over () as changes
    from (
      select r.low, r.high, r.qualifier, r.unit, lower(r.valid) as since, row_number() over later = 1 as is_last,
             lag(r.low) over later as next_low, lag(r.high) over later as next_high,
             lag(r.qualifier) over later as next_qualifier, lag(r.unit) over later as next_unit
      from news.facts r
      where r.article_id = newest.article_id and r.key = newest.key and lower(r.valid) < lower(newest.valid)
      window later as (order by lower(r.valid) desc, r.fact_id desc)
    ) p
    where (p.low, p.high, p.qualifier, p.unit) is distinct from
      case when p.is_last then row(newest.low, newest.high, newest.qualifier, newest.unit)
           else row(p.next_low, p.next_high, p.next_qualifier, p.next_unit) end
    order by p.since desc
    limit 1
  ) past on true
  left join lateral (
    select 1 + count(distinct oa.publisher) filter (
             where (o.low, o.high) is not distinct from (newest.low, newest.high) and oa.publisher <> a.publisher
               and not news.same_words(o.sentence, newest.sentence)
               and not exists (
                 select from news.facts e
                 join news.articles ea on ea.article_id = e.article_id
                 where e.story_id = newest.story_id and e.key = newest.key and e.article_id < o.article_id
                   and e.article_id <> newest.article_id and e.valid @> at and not e.hypothetical and not e.background
                   and (e.low, e.high) is not distinct from (newest.low, newest.high) and ea.publisher <> a.publisher
                   and news.same_words(e.sentence, o.sentence))
           ) as sources,
           coalesce(jsonb_agg(jsonb_build_object(
             'publisher', oa.publisher, 'attribution', o.attribution, 'qualifier', o.qualifier,
             'low', o.low, 'high', o.high, 'as_of', lower(o.valid), 'url', oa.url
           ) order by lower(o.valid) desc) filter (
             where (o.low, o.high) is distinct from (newest.low, newest.high)
           ), '[]'::jsonb) as rivals
    from news.facts o
    join news.articles oa on oa.article_id = o.article_id
    where o.story_id = newest.story_id and o.key = newest.key and o.article_id <> newest.article_id
      and o.valid @> at and not o.hypothetical and not o.background and not o.increment
  ) others on true
$$;
comment on column news.latest_facts.previous_low is 'Least value of the other value before, in the same article.';
comment on column news.latest_facts.previous_high is 'Greatest value of the other value before, in the same article.';
comment on column news.latest_facts.previous_qualifier is 'How the other value before was hedged, as written.';
comment on column news.latest_facts.changes is 'How often the article has given another value; another source for the same one does not count.';
