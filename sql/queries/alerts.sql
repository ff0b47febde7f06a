-- name: insert_alert_rule
insert into news.alert_rules (name, story_id, publisher, words, kind, change, threshold)
values (%(name)s, %(story_id)s, %(publisher)s, %(words)s, %(kind)s, %(change)s, %(threshold)s)
returning rule_id;

-- name: insert_alert_target
insert into writethru.alert_targets (rule_id, address) values (%(rule_id)s, %(address)s) on conflict do nothing;

-- name: list_alert_rules
select r.rule_id, r.name, r.story_id, r.publisher, r.words, r.kind, r.change, r.threshold,
       (select count(*) from writethru.alert_targets t where t.rule_id = r.rule_id) as targets,
       count(a.*) filter (where a.status = 'sent') as sent, count(a.*) filter (where a.status = 'waiting') as waiting,
       count(a.*) filter (where a.status = 'failed') as failed,
       (select l.problem from news.alerts l where l.rule_id = r.rule_id and l.problem is not null
        order by l.alert_id desc limit 1) as problem
from news.alert_rules r
left join news.alerts a using (rule_id)
group by r.rule_id
order by r.rule_id;

-- name: delete_alert_rule
delete from news.alert_rules where rule_id = %(rule_id)s;

-- name: alert_targets
select address from writethru.alert_targets where rule_id = %(rule_id)s order by address;

-- name: alert_targets_left
select address from writethru.alert_targets where rule_id = %(rule_id)s
except
select address from writethru.alert_reached where alert_id = %(alert_id)s
order by address;

-- name: alert_reached
insert into writethru.alert_reached (alert_id, address)
select %(alert_id)s, unnest(%(addresses)s::text[])
on conflict do nothing;

-- name: claim_alert
-- A claim is a lease: who is killed while sending leaves the alert to the next attempt.
update news.alerts a
set attempts = a.attempts + 1,
    next_attempt_at = %(now)s::timestamptz + least(interval '1 minute' * 2 ^ a.attempts, interval '6 hours')
where a.alert_id in (
  select alert_id from news.alerts
  where status = 'waiting' and next_attempt_at <= %(now)s and rule_id <> all(%(other_than)s::bigint[])
  order by next_attempt_at limit 1 for update skip locked)
returning a.alert_id, a.rule_id, a.summary, a.url;

-- name: alert_sent
with done as (delete from writethru.alert_reached where alert_id = %(alert_id)s)
update news.alerts set status = 'sent', sent_at = %(now)s, problem = null where alert_id = %(alert_id)s;

-- name: alert_not_sent
update news.alerts
set problem = %(problem)s, status = case when attempts >= %(most_attempts)s then 'failed' else status end
where alert_id = %(alert_id)s
returning status;
