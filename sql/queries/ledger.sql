-- name: current_facts
select fact_id, key, kind, subject, low, high, unit, qualifier, attribution, negated, hypothetical, background, increment,
       sentence, position, lower(span) as "start", upper(span) as "end",
       -- The whole may have another value meanwhile; a key is inherited, so the key finds the fact that carries it on.
       (select c.fact_id from news.facts p join news.facts c on c.article_id = p.article_id and c.key = p.key
        where p.fact_id = f.parent_fact_id and c.status = 'current' limit 1) as parent
from news.facts f
where article_id = %(article_id)s and status = 'current'
order by fact_id;

-- name: dropped_facts
-- Only the newest row of a key tells what became of it.
select * from (
  select distinct on (key)
         fact_id, key, kind, subject, low, high, unit, qualifier, attribution, negated, hypothetical, background, increment,
         sentence, position, lower(span) as "start", upper(span) as "end", status, upper(valid) as closed_at
  from news.facts
  where article_id = %(article_id)s
  order by key, lower(valid) desc, fact_id desc
) newest
where status = 'dropped'
order by closed_at desc
limit %(most)s;

-- name: close_facts
update news.facts
set valid = tstzrange(lower(valid), %(at)s), status = 'dropped', reason = %(reason)s
where fact_id = any(%(fact_ids)s);

-- name: insert_facts
-- Each fact has its place among a version's changes. By it a part names its whole, unless that one stands already; the
-- fact whose value changed names its successor. Keys of other rows are asked for when all rows are there.
with fresh as materialized (
  select nextval(pg_get_serial_sequence('news.facts', 'fact_id')) as fact_id, given.*
  from jsonb_to_recordset(%(rows)s) as given(
    place integer, parent integer, key text, kind text, subject text, low numeric, high numeric, unit text, qualifier text,
    attribution text, negated boolean, hypothetical boolean, background boolean, increment boolean, parent_fact_id bigint,
    restores bigint, supersedes bigint, sentence text, position integer, start integer, "end" integer)
), successors as (
  update news.facts f set status = 'superseded', superseded_by = fresh.fact_id
  from fresh where f.fact_id = fresh.supersedes
)
insert into news.facts (fact_id, story_id, article_id, version_id, key, kind, subject, low, high, unit, qualifier, attribution,
                        negated, hypothetical, background, increment, parent_fact_id, restores, sentence, position, span,
                        valid)
overriding system value
select f.fact_id, %(story_id)s, %(article_id)s, %(version_id)s, f.key, f.kind, f.subject, f.low, f.high, f.unit, f.qualifier,
       f.attribution, f.negated, f.hypothetical, f.background, f.increment, coalesce(f.parent_fact_id, whole.fact_id),
       f.restores, f.sentence, f.position, int4range(f.start, f."end"), tstzrange(%(at)s, null)
from fresh f left join fresh whole on whole.place = f.parent
order by f.fact_id;
