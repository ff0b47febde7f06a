-- depends: 0022-words-left-out
-- Rules are looked for once a statement: most databases have none, yet each new fact paid for being asked.
-- An alert tells both values as they were written, and under the headline of the version that brought the new one: the
-- story's was still the one before, and said what had just been corrected.

create function news.number_text(number numeric) returns text
language sql immutable parallel safe as $$
  select rtrim(to_char(number, 'FM999,999,999,999,999,999,999,990.999999'), '.')
$$;
comment on function news.number_text(numeric) is 'A number with separators between its thousands.';

create function news.value_text(fact news.facts) returns text
language sql immutable parallel safe as $$
  select case
    when coalesce(fact.low, fact.high) is null or fact.qualifier
         = lower(substr(fact.sentence, lower(fact.span) + 1, upper(fact.span) - lower(fact.span)))
      then concat_ws(' ', fact.qualifier, fact.unit)
    when fact.low <> fact.high
      then concat_ws(' ', news.number_text(fact.low), 'to', news.number_text(fact.high), fact.unit)
    when starts_with(lower(ltrim(substr(fact.sentence, upper(fact.span) + 1))), fact.qualifier)
      then concat_ws(' ', news.number_text(coalesce(fact.low, fact.high)), fact.unit, fact.qualifier)
    else concat_ws(
      ' ',
      coalesce(fact.qualifier, case when fact.high is null then 'at least' when fact.low is null then 'up to' end),
      news.number_text(coalesce(fact.low, fact.high)), fact.unit)
  end
$$;
comment on function news.value_text(news.facts) is
  'The value of a fact as its sentence gives it: "at least 27", "3 to 5", "hundreds", "10,920 acres".';

drop trigger facts_alert on news.facts;

create or replace function news.raise_alerts() returns trigger
language plpgsql as $$
declare
  fact news.facts;
  now_at numeric;
  was_at numeric;
  was_told text;
  was_there boolean;
  rule record;
  line text;
begin
  if not exists (select from news.alert_rules where disabled_at is null) then
    return null;
  end if;
  for fact in
    select * from added
    where not (hypothetical or background or increment or (negated and coalesce(low, high) is distinct from 0))
    order by fact_id
  loop
    now_at := coalesce(fact.low, fact.high);
    select coalesce(p.low, p.high), news.value_text(p), true into was_at, was_told, was_there from news.facts p
    where p.article_id = fact.article_id and p.key = fact.key and p.fact_id <> fact.fact_id
      and lower(p.valid) < lower(fact.valid) and upper(p.valid) = lower(fact.valid)
    order by p.fact_id desc limit 1;
    if was_there and was_at is not distinct from now_at and fact.kind <> 'quote' then
      continue;
    end if;
    begin
      for rule in
        select r.rule_id, r.name, v.headline, a.url, a.publisher
        from news.alert_rules r
        join news.stories s on s.story_id = fact.story_id
        join news.articles a on a.article_id = fact.article_id
        join news.versions v on v.version_id = fact.version_id
        where r.disabled_at is null
          and (r.story_id is null or r.story_id = fact.story_id)
          and (r.publisher is null or lower(r.publisher) = lower(a.publisher))
          and (r.kind = fact.kind or (r.kind is null and fact.kind <> 'quote'))
          and (r.words is null or to_tsvector(news.text_config(v.language), s.headline || ' ' || v.headline || ' ' || fact.sentence)
                                  @@ websearch_to_tsquery(news.text_config(v.language), r.words))
          and case r.change when 'rises' then now_at > was_at when 'falls' then now_at < was_at else true end
          and (r.threshold is null
               or case when r.change = 'falls' then now_at <= r.threshold and was_at > r.threshold
                       else now_at >= r.threshold and (was_at is null or was_at < r.threshold) end)
          -- Five papers that print one figure are told once.
          and (select last.value from news.alerts last
               where last.rule_id = r.rule_id and last.story_id = fact.story_id and last.key = fact.key
               order by last.alert_id desc limit 1) is distinct from coalesce(now_at, -1)
      loop
        line := rule.name || ': ' || fact.kind || coalesce(', ' || nullif(fact.subject, ''), '') || ' '
          || case when was_there then was_told || ' → ' else '' end || news.value_text(fact)
          || coalesce(' (' || fact.attribution || ')', '') || '. ' || rule.headline;
        insert into news.alerts (rule_id, story_id, fact_id, key, value, summary, url)
        values (rule.rule_id, fact.story_id, fact.fact_id, fact.key, coalesce(now_at, -1), line, rule.url);
        insert into news.events (story_id, article_id, version_id, kind, occurred_at, summary, details)
        values (fact.story_id, fact.article_id, fact.version_id, 'alerted', lower(fact.valid), line,
                jsonb_build_object('rule_id', rule.rule_id, 'rule', rule.name, 'fact_id', fact.fact_id, 'key', fact.key));
      end loop;
    exception when others then
      -- A rule must never hold up the record.
      raise warning 'writethru: an alert could not be raised: %', sqlerrm;
    end;
  end loop;
  return null;
end
$$;
comment on function news.raise_alerts() is 'Raises an alert for every rule that one of a statement''s new facts fits.';

create trigger facts_alert after insert on news.facts referencing new table as added
for each statement execute function news.raise_alerts();
