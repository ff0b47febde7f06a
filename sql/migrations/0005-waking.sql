-- depends: 0004-questions
-- What two processes that run beside each other need to know of one another.

alter table news.articles add column woken_at timestamptz;
comment on column news.articles.woken_at is 'When a feed entry or a user asked for a look at it that no capture has answered yet; null: none waits.';

create or replace function news.make_capture_partitions(around timestamptz, months_ahead integer) returns integer
language plpgsql as $$
declare
  -- A clock that is set back at a month's turn falls into the month before: so the month of yesterday is made too.
  month timestamp := date_trunc('month', (around - interval '1 day') at time zone 'UTC');
  last timestamp := date_trunc('month', around at time zone 'UTC') + make_interval(months => months_ahead);
  made integer := 0;
  name text;
begin
  if to_regclass('news.captures_' || to_char(month, 'YYYY_MM')) is not null
     and to_regclass('news.captures_' || to_char(last, 'YYYY_MM')) is not null then
    return 0;
  end if;
  -- "if not exists" alone fails where two make the same table at the same moment.
  perform pg_advisory_xact_lock(hashtextextended('writethru capture partitions', 0));
  while month <= last loop
    name := 'captures_' || to_char(month, 'YYYY_MM');
    if to_regclass('news.' || name) is null then
      execute format('create table news.%I partition of news.captures for values from (%L) to (%L)',
                     name, (month at time zone 'UTC')::text, ((month + interval '1 month') at time zone 'UTC')::text);
      execute format('comment on table news.%I is %L', name, 'Captures of ' || to_char(month, 'YYYY-MM') || '.');
      made := made + 1;
    end if;
    month := month + interval '1 month';
  end loop;
  return made;
end
$$;
comment on function news.make_capture_partitions(timestamptz, integer) is 'Makes the monthly partitions of captures around a moment and some months ahead; tells how many were missing.';
