-- depends: 0020-attempts-to-read
-- An alert of which one address is dead went to the others again with every attempt.

create table writethru.alert_reached (
  alert_id  bigint not null references news.alerts on delete cascade,
  address   text not null,
  primary key (alert_id, address)
);
comment on table writethru.alert_reached is 'Addresses that an alert has reached which others still wait for.';
