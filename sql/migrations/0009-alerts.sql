-- depends: 0008-facts-over-time
-- Alerts: rules that people set on facts, and what they were told. Where to send is a secret, and kept apart from `news`.

create table news.alert_rules (
  rule_id      bigint generated always as identity primary key,
  name         text not null,
  story_id     bigint references news.stories on delete cascade,
  publisher    text,
  words        text,
  kind         text check (kind in (
                 'killed', 'injured', 'missing', 'arrested', 'displaced', 'evacuated', 'rescued', 'hostage', 'count',
                 'money', 'percent', 'measure', 'magnitude', 'duration', 'quote')),
  change       text not null default 'any' check (change in ('any', 'rises', 'falls')),
  threshold    numeric,
  created_at   timestamptz not null default now(),
  disabled_at  timestamptz
);
comment on table news.alert_rules is 'What somebody wants to be told of. A fact that fits every condition of a rule raises an alert.';
comment on column news.alert_rules.rule_id is 'Number of the rule.';
comment on column news.alert_rules.name is 'What its owner calls it.';
comment on column news.alert_rules.story_id is 'Only this story.';
comment on column news.alert_rules.publisher is 'Only articles of this publisher.';
comment on column news.alert_rules.words is 'Only where headline or sentence have these words, as in a search engine.';
comment on column news.alert_rules.kind is 'Only this kind of fact; null: every kind but quotes.';
comment on column news.alert_rules.change is 'any (also a first value), rises or falls.';
comment on column news.alert_rules.threshold is 'Only when the value comes to this number from below; with `falls`, from above.';
comment on column news.alert_rules.created_at is 'When it was made.';
comment on column news.alert_rules.disabled_at is 'Since when it tells nothing any more.';

create table writethru.alert_targets (
  rule_id  bigint not null references news.alert_rules on delete cascade,
  address  text not null,
  primary key (rule_id, address)
);
comment on table writethru.alert_targets is 'Where a rule sends its alerts: apprise addresses, which may hold passwords.';

create table news.alerts (
  alert_id         bigint generated always as identity primary key,
  rule_id          bigint not null references news.alert_rules on delete cascade,
  story_id         bigint not null references news.stories on delete cascade,
  fact_id          bigint references news.facts on delete set null,
  key              text not null,
  value            numeric,
  summary          text not null,
  url              text,
  raised_at        timestamptz not null default now(),
  status           text not null default 'waiting' check (status in ('waiting', 'sent', 'failed')),
  attempts         integer not null default 0,
  next_attempt_at  timestamptz not null default now(),
  sent_at          timestamptz,
  problem          text
);
create index alerts_waiting on news.alerts (next_attempt_at) where status = 'waiting';
create index alerts_of_rule on news.alerts (rule_id, story_id, key, alert_id);
create index alerts_of_story on news.alerts (story_id);
create index alerts_of_fact on news.alerts (fact_id);
comment on table news.alerts is 'What rules had to tell, and whether it has been delivered.';
comment on column news.alerts.alert_id is 'Number of the alert.';
comment on column news.alerts.rule_id is 'Rule that raised it.';
comment on column news.alerts.story_id is 'Story it is about.';
comment on column news.alerts.fact_id is 'Fact that raised it.';
comment on column news.alerts.key is 'What the fact is about.';
comment on column news.alerts.value is 'The new value: its lower bound, or the upper one where only that is known.';
comment on column news.alerts.summary is 'The alert in one line.';
comment on column news.alerts.url is 'Address of the article.';
comment on column news.alerts.raised_at is 'When it was raised.';
comment on column news.alerts.status is 'waiting (to be sent, again if need be), sent, or failed (given up).';
comment on column news.alerts.attempts is 'How often sending was tried.';
comment on column news.alerts.next_attempt_at is 'When it is tried again.';
comment on column news.alerts.sent_at is 'When it was sent.';
comment on column news.alerts.problem is 'What went wrong at the last attempt.';

alter table news.events drop constraint events_kind_check;
alter table news.events add constraint events_kind_check check (kind in (
  'first_seen', 'updated', 'headline_changed', 'fact_changed', 'corrected', 'reverted', 'rewritten', 'moved',
  'joined', 'developing', 'settled', 'withdrawn', 'restored', 'alerted'));

create function news.raise_alerts() returns trigger
language plpgsql as $$
declare
  now_at numeric := coalesce(new.low, new.high);
  was_at numeric;
  was_there boolean;
  rule record;
  line text;
begin
  if new.hypothetical or new.background or new.increment or (new.negated and now_at is distinct from 0)
     or not exists (select from news.alert_rules where disabled_at is null) then
    return null;
  end if;
  select coalesce(p.low, p.high), true into was_at, was_there from news.facts p
  where p.article_id = new.article_id and p.key = new.key and p.fact_id <> new.fact_id and lower(p.valid) < lower(new.valid)
    and upper(p.valid) = lower(new.valid)
  order by p.fact_id desc limit 1;
  if was_there and was_at is not distinct from now_at and new.kind <> 'quote' then
    return null;
  end if;
  begin
    for rule in
      select r.rule_id, r.name, s.headline, a.url, a.publisher
      from news.alert_rules r
      join news.stories s on s.story_id = new.story_id
      join news.articles a on a.article_id = new.article_id
      join news.versions v on v.version_id = new.version_id
      where r.disabled_at is null
        and (r.story_id is null or r.story_id = new.story_id)
        and (r.publisher is null or lower(r.publisher) = lower(a.publisher))
        and (r.kind = new.kind or (r.kind is null and new.kind <> 'quote'))
        and (r.words is null or to_tsvector(news.text_config(v.language), s.headline || ' ' || v.headline || ' ' || new.sentence)
                                @@ websearch_to_tsquery(news.text_config(v.language), r.words))
        and case r.change when 'rises' then now_at > was_at when 'falls' then now_at < was_at else true end
        and (r.threshold is null
             or case when r.change = 'falls' then now_at <= r.threshold and was_at > r.threshold
                     else now_at >= r.threshold and (was_at is null or was_at < r.threshold) end)
        -- Five papers that print one figure are told once.
        and (select last.value from news.alerts last
             where last.rule_id = r.rule_id and last.story_id = new.story_id and last.key = new.key
             order by last.alert_id desc limit 1) is distinct from coalesce(now_at, -1)
    loop
      line := rule.name || ': ' || new.kind || coalesce(', ' || nullif(new.subject, ''), '') || ' '
        || case when was_there then coalesce(was_at::text, '?') || ' → ' else '' end
        || coalesce(nullif(new.qualifier, '') || ' ', '') || coalesce(now_at::text, '') || coalesce(' ' || new.unit, '')
        || coalesce(' (' || new.attribution || ')', '') || '. ' || rule.headline;
      insert into news.alerts (rule_id, story_id, fact_id, key, value, summary, url)
      values (rule.rule_id, new.story_id, new.fact_id, new.key, coalesce(now_at, -1), line, rule.url);
      insert into news.events (story_id, article_id, version_id, kind, occurred_at, summary, details)
      values (new.story_id, new.article_id, new.version_id, 'alerted', lower(new.valid), line,
              jsonb_build_object('rule_id', rule.rule_id, 'rule', rule.name, 'fact_id', new.fact_id, 'key', new.key));
    end loop;
  exception when others then
    -- A rule must never hold up the record.
    raise warning 'writethru: an alert could not be raised: %', sqlerrm;
  end;
  return null;
end
$$;
comment on function news.raise_alerts() is 'Raises an alert for every rule that a new fact fits.';
create trigger facts_alert after insert on news.facts for each row execute function news.raise_alerts();

grant select on news.alert_rules, news.alerts to news_reader;
