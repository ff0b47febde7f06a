-- depends: 0023-alerts-in-words
-- A value before stood without its hedge: "more than 90" as 90.

drop view news.latest_facts;
drop function news.facts_as_of(timestamptz);
create function news.facts_as_of(at timestamptz)
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
    select p.low, p.high, p.qualifier, count(*) over () as changes
    from news.facts p
    where p.article_id = newest.article_id and p.key = newest.key and lower(p.valid) < lower(newest.valid)
    order by lower(p.valid) desc
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
comment on function news.facts_as_of(timestamptz) is 'What was known at a moment: the rows of latest_facts as they were then.';

create view news.latest_facts as select * from news.facts_as_of('infinity');
comment on view news.latest_facts is 'What is known now: the newest value of each key of each story, neither hypothetical nor background nor a mere increment.';
comment on column news.latest_facts.story_id is 'Story.';
comment on column news.latest_facts.key is 'What it is about.';
comment on column news.latest_facts.kind is 'What it counts, measures or reports.';
comment on column news.latest_facts.subject is 'Who or what is counted or measured, as written.';
comment on column news.latest_facts.low is 'Least value that fits what is said; null: open below.';
comment on column news.latest_facts.high is 'Greatest value that fits what is said; null: open above.';
comment on column news.latest_facts.unit is 'ISO currency, %, M for magnitudes, or the measure as written.';
comment on column news.latest_facts.qualifier is 'How the number is hedged, as written.';
comment on column news.latest_facts.attribution is 'Whom the sentence names as its source.';
comment on column news.latest_facts.publisher is 'Publisher of the article that says it.';
comment on column news.latest_facts.as_of is 'Since when it says so.';
comment on column news.latest_facts.previous_low is 'Least value before that, in the same article.';
comment on column news.latest_facts.previous_high is 'Greatest value before that, in the same article.';
comment on column news.latest_facts.previous_qualifier is 'How the number before that was hedged, as written.';
comment on column news.latest_facts.changes is 'How many values the article gave before this one.';
comment on column news.latest_facts.sources is 'Independent sources that give this value: publishers, those that print one and the same sentence counted once.';
comment on column news.latest_facts.rivals is 'What other articles of the story say instead, newest first (JSON array).';
comment on column news.latest_facts.sentence is 'Sentence that says it.';
comment on column news.latest_facts.url is 'Address of the article.';
comment on column news.latest_facts.part_of is 'Key of the whole that it is a part of.';
comment on column news.latest_facts.fact_id is 'The row of facts.';

create or replace view news.fact_history as
select f.story_id, f.article_id, a.publisher, f.key, f.kind, f.subject, f.low, f.high, f.unit, f.qualifier, f.attribution,
       lower(f.valid) as since, upper(f.valid) as until, f.status,
       case
         when f.restores is not null then 'restored'
         when before.fact_id is null then 'stated'
         when coalesce(f.low, f.high) > coalesce(before.low, before.high) then 'rose'
         when coalesce(f.low, f.high) < coalesce(before.low, before.high) then 'fell'
         else 'reworded'
       end as change,
       before.low as previous_low, before.high as previous_high, f.reason, f.hypothetical, f.background, f.increment,
       f.sentence, v.number as version, a.url, f.fact_id, before.qualifier as previous_qualifier
from news.facts f
join news.articles a on a.article_id = f.article_id
join news.versions v on v.version_id = f.version_id
left join lateral (
  select p.fact_id, p.low, p.high, p.qualifier from news.facts p where p.superseded_by = f.fact_id limit 1
) before on true;
comment on column news.fact_history.previous_qualifier is 'How the number before was hedged, as written.';

grant select on news.latest_facts to news_reader;
grant execute on function news.facts_as_of(timestamptz) to news_reader;
