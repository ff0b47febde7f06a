-- depends: 0017-bounded-search
-- A month of captures is made beside whoever reads them. "create table ... partition of" locks all captures against
-- reading: with one open transaction (a backup at midnight, a notebook) everything waited, and every capture behind it.

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
      -- Attaching an empty table lets others read and write meanwhile.
      execute format('create table news.%I (like news.captures including defaults including constraints'
                     ' including indexes including storage)', name);
      execute format('comment on table news.%I is %L', name, 'Captures of ' || to_char(month, 'YYYY-MM') || '.');
      execute format('alter table news.captures attach partition news.%I for values from (%L) to (%L)',
                     name, (month at time zone 'UTC')::text, ((month + interval '1 month') at time zone 'UTC')::text);
      made := made + 1;
    end if;
    month := month + interval '1 month';
  end loop;
  return made;
end
$$;
