-- depends: 0007-live-entries
-- Facts over time and across sources: why a fact was closed, what came back, each figure's history, who agrees, and search.

alter table news.facts add column reason text;
comment on column news.facts.reason is 'The correction note that closed it, if one did.';
alter table news.facts add column restores bigint references news.facts;
comment on column news.facts.restores is 'The dropped fact that is said again by this one.';
create index facts_restores on news.facts (restores) where restores is not null;

create function news.same_words(one text, other text) returns boolean
language sql immutable parallel safe as $$
  -- One wire text in two papers differs by a word or two; two reporters share few. Jaccard over the sets of words.
  select lower(one) = lower(other) or (
    select count(*) filter (where a.word is not null and b.word is not null)::numeric / greatest(count(*), 1) >= 0.8
    from (select distinct word from regexp_split_to_table(lower(one), '[^[:alnum:]]+') word where word <> '') a
    full join (select distinct word from regexp_split_to_table(lower(other), '[^[:alnum:]]+') word where word <> '') b
      using (word))
$$;
comment on function news.same_words(text, text) is 'Whether two sentences are one text, but for a word or two.';

drop view news.latest_facts;
drop function news.facts_as_of(timestamptz);
create function news.facts_as_of(at timestamptz)
returns table (
  story_id bigint, key text, kind text, subject text, low numeric, high numeric, unit text, qualifier text,
  attribution text, publisher text, as_of timestamptz, previous_low numeric, previous_high numeric, changes bigint,
  sources bigint, rivals jsonb, sentence text, url text, part_of text, fact_id bigint
)
language sql stable as $$
  -- Stays a single SELECT, neither strict nor security definer, so that Postgres inlines it and a condition on
  -- story_id reaches the index.
  select newest.story_id, newest.key, newest.kind, newest.subject, newest.low, newest.high, newest.unit,
         newest.qualifier, newest.attribution, a.publisher, lower(newest.valid), past.low, past.high,
         coalesce(past.changes, 0), others.sources, others.rivals, newest.sentence, a.url,
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
    select p.low, p.high, count(*) over () as changes
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
comment on column news.latest_facts.changes is 'How many values the article gave before this one.';
comment on column news.latest_facts.sources is 'Independent sources that give this value: publishers, those that print one and the same sentence counted once.';
comment on column news.latest_facts.rivals is 'What other articles of the story say instead, newest first (JSON array).';
comment on column news.latest_facts.sentence is 'Sentence that says it.';
comment on column news.latest_facts.url is 'Address of the article.';
comment on column news.latest_facts.part_of is 'Key of the whole that it is a part of.';
comment on column news.latest_facts.fact_id is 'The row of facts.';

create view news.fact_history as
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
       f.sentence, v.number as version, a.url, f.fact_id
from news.facts f
join news.articles a on a.article_id = f.article_id
join news.versions v on v.version_id = f.version_id
left join lateral (
  select p.fact_id, p.low, p.high from news.facts p where p.superseded_by = f.fact_id limit 1
) before on true;
comment on view news.fact_history is 'Every value that an article ever gave of a figure, with its time and its source.';
comment on column news.fact_history.story_id is 'Story.';
comment on column news.fact_history.article_id is 'Article that says it.';
comment on column news.fact_history.publisher is 'Its publisher.';
comment on column news.fact_history.key is 'What it is about: the history of a figure is the rows of one article and key.';
comment on column news.fact_history.kind is 'What it counts, measures or reports.';
comment on column news.fact_history.subject is 'Who or what is counted or measured, as written.';
comment on column news.fact_history.low is 'Least value that fits what is said; null: open below.';
comment on column news.fact_history.high is 'Greatest value that fits what is said; null: open above.';
comment on column news.fact_history.unit is 'ISO currency, %, M for magnitudes, or the measure as written.';
comment on column news.fact_history.qualifier is 'How the number is hedged, as written.';
comment on column news.fact_history.attribution is 'Whom the sentence names as its source.';
comment on column news.fact_history.since is 'From when we observed it.';
comment on column news.fact_history.until is 'When we observed that it no longer stood; null: it stands.';
comment on column news.fact_history.status is 'current, superseded (another value took its place) or dropped (no longer said).';
comment on column news.fact_history.change is 'How it came: stated, rose, fell, reworded (the same number, hedged or attributed otherwise) or restored (said again).';
comment on column news.fact_history.previous_low is 'Least value before.';
comment on column news.fact_history.previous_high is 'Greatest value before.';
comment on column news.fact_history.reason is 'The correction note that ended it, if one did.';
comment on column news.fact_history.hypothetical is 'Whether it is only expected, feared, planned.';
comment on column news.fact_history.background is 'Whether it tells of another event.';
comment on column news.fact_history.increment is 'Whether it adds to an earlier total rather than stating one.';
comment on column news.fact_history.sentence is 'Sentence that says it.';
comment on column news.fact_history.version is 'Number of the version that first said it so.';
comment on column news.fact_history.url is 'Address of the article.';
comment on column news.fact_history.fact_id is 'The row of facts.';

create function news.text_config(language text) returns regconfig
language sql immutable parallel safe as $$
  select case left(lower(language), 2)
    when 'da' then 'danish'::regconfig when 'de' then 'german' when 'en' then 'english' when 'es' then 'spanish'
    when 'fr' then 'french' when 'it' then 'italian' when 'nl' then 'dutch' when 'no' then 'norwegian'
    when 'pt' then 'portuguese' when 'ru' then 'russian' when 'sv' then 'swedish' when 'tr' then 'turkish'
    else 'simple'
  end
$$;
comment on function news.text_config(text) is 'How Postgres reads words of a language in full-text search; languages it does not know are taken word for word.';
create index versions_text on news.versions using gin (to_tsvector(news.text_config(language), headline || ' ' || text));

create function news.search(words text, most integer default 20)
returns table (
  story_id bigint, article_id bigint, publisher text, headline text, found text, passage text, since timestamptz,
  url text, rank real
)
language sql stable as $$
  with asked as (
    select websearch_to_tsquery('simple', words) || websearch_to_tsquery('english', words)
        || websearch_to_tsquery('german', words) || websearch_to_tsquery('spanish', words)
        || websearch_to_tsquery('french', words) || websearch_to_tsquery('italian', words)
        || websearch_to_tsquery('portuguese', words) || websearch_to_tsquery('dutch', words)
        || websearch_to_tsquery('russian', words) || websearch_to_tsquery('swedish', words) as query
  ),
  hit as (
    select distinct on (v.article_id) v.*, ts_rank(to_tsvector(news.text_config(v.language), v.headline || ' ' || v.text), asked.query) as rank
    from news.versions v, asked
    where to_tsvector(news.text_config(v.language), v.headline || ' ' || v.text) @@ asked.query
    order by v.article_id, v.number desc
  )
  select * from (
    select f.story_id, f.article_id, a.publisher, hit.headline, f.kind || ': ' || f.key as found, f.sentence as passage,
           lower(f.valid) as since, a.url, hit.rank + 1 as rank
    from hit
    join news.facts f on f.article_id = hit.article_id and upper_inf(f.valid)
    join news.articles a on a.article_id = f.article_id, asked
    where to_tsvector(news.text_config(hit.language), f.sentence) @@ asked.query
    union all
    select hit.story_id, hit.article_id, a.publisher, hit.headline, 'text',
           ts_headline(news.text_config(hit.language), hit.headline || E'\n' || hit.text, asked.query,
                       'StartSel="", StopSel="", MaxFragments=1, MaxWords=40, MinWords=15'),
           hit.observed_at, a.url, hit.rank
    from hit
    join news.articles a on a.article_id = hit.article_id, asked
  ) result
  order by rank desc, since desc
  limit most
$$;
comment on function news.search(text, integer) is 'Facts and passages that have the words, the best first. Words as in a search engine: "exact phrase", or, -without.';

grant select on news.latest_facts, news.fact_history to news_reader;
grant execute on function news.facts_as_of(timestamptz), news.search(text, integer) to news_reader;
