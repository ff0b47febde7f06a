-- depends: 0002-articles
-- The record: versions, updates, facts, events. Rows are written once; only a fact's valid range is ever closed.

create table news.versions (
  version_id      bigint generated always as identity primary key,
  article_id      bigint not null references news.articles,
  story_id        bigint not null references news.stories,
  number          integer not null check (number >= 1),
  kind            text not null check (kind in ('first', 'updated', 'reverted', 'rewritten')),
  observed_at     timestamptz not null,
  published_at    timestamptz,
  modified_at     timestamptz,
  headline        text not null,
  byline          text,
  text            text not null,
  language        text,
  words           integer not null,
  is_developing   boolean not null,
  markers         text[] not null default '{}',
  extractor       text not null,
  content_sha256  text not null,
  capture_id      bigint not null,
  captured_at     timestamptz not null,
  unique (article_id, number)
);
create index versions_of_story on news.versions (story_id, observed_at);
comment on table news.versions is 'Distinct clean contents of articles, numbered from 1.';
comment on column news.versions.version_id is 'Number of the version.';
comment on column news.versions.article_id is 'Article it is a version of.';
comment on column news.versions.story_id is 'Story the article tells.';
comment on column news.versions.number is 'Counts the article''s versions from 1.';
comment on column news.versions.kind is 'first, updated, reverted (equal to an earlier one) or rewritten (hardly a sentence in common).';
comment on column news.versions.observed_at is 'When we saw it: the moment of its capture.';
comment on column news.versions.published_at is 'When the publisher says the article came out.';
comment on column news.versions.modified_at is 'When the publisher says it was last changed.';
comment on column news.versions.headline is 'Headline.';
comment on column news.versions.byline is 'Authors, as written.';
comment on column news.versions.text is 'Text, one paragraph a line.';
comment on column news.versions.language is 'Language tag (BCP 47), where known.';
comment on column news.versions.words is 'Words in the text.';
comment on column news.versions.is_developing is 'Whether the page says there is more to come.';
comment on column news.versions.markers is 'The phrases by which it says so.';
comment on column news.versions.extractor is 'Code that read it.';
comment on column news.versions.content_sha256 is 'Hash of the normalised headline and text.';
comment on column news.versions.capture_id is 'Capture it was read from.';
comment on column news.versions.captured_at is 'When that capture was made; finds its partition.';

create table news.updates (
  update_id     bigint generated always as identity primary key,
  version_id    bigint not null references news.versions,
  article_id    bigint not null references news.articles,
  story_id      bigint not null references news.stories,
  kind          text not null check (kind in ('added', 'removed', 'edited', 'moved', 'split', 'merged')),
  significance  text not null check (significance in ('fact', 'quote', 'correction', 'wording')),
  old_position  integer,
  new_position  integer,
  old_text      text,
  new_text      text,
  check ((old_text is null) = (old_position is null)),
  check ((new_text is null) = (new_position is null)),
  check (old_text is not null or new_text is not null)
);
create index updates_of_version on news.updates (version_id);
create index updates_of_story on news.updates (story_id);
comment on table news.updates is 'Sentence-level differences between a version and the one before it.';
comment on column news.updates.update_id is 'Number of the update.';
comment on column news.updates.version_id is 'Version that brought it.';
comment on column news.updates.article_id is 'Article it happened in.';
comment on column news.updates.story_id is 'Story it belongs to.';
comment on column news.updates.kind is 'added, removed, edited, moved, split (a row for each new sentence) or merged (a row for each old one).';
comment on column news.updates.significance is 'What it touches: a fact, a quote, a correction note, or wording only.';
comment on column news.updates.old_position is 'Place of the sentence in the version before, from 0.';
comment on column news.updates.new_position is 'Place of the sentence in this version, from 0.';
comment on column news.updates.old_text is 'The sentence as it was.';
comment on column news.updates.new_text is 'The sentence as it is.';

create table news.facts (
  fact_id         bigint generated always as identity primary key,
  story_id        bigint not null references news.stories,
  article_id      bigint not null references news.articles,
  version_id      bigint not null references news.versions,
  key             text not null,
  kind            text not null check (kind in (
                    'killed', 'injured', 'missing', 'arrested', 'displaced', 'evacuated', 'rescued', 'hostage', 'count',
                    'money', 'percent', 'measure', 'magnitude', 'duration', 'quote')),
  subject         text not null,
  low             numeric,
  high            numeric,
  unit            text,
  qualifier       text,
  attribution     text,
  negated         boolean not null default false,
  hypothetical    boolean not null default false,
  background      boolean not null default false,
  increment       boolean not null default false,
  parent_fact_id  bigint references news.facts,
  sentence        text not null,
  position        integer not null,
  span            int4range not null,
  valid           tstzrange not null,
  status          text not null default 'current' check (status in ('current', 'superseded', 'dropped')),
  superseded_by   bigint references news.facts deferrable initially deferred,
  check ((status = 'current') = upper_inf(valid)),
  check (superseded_by is null or status = 'superseded'),
  -- Of one article no two values of one key stand at the same time. The btree_gist extension is not everywhere, so the
  -- number and the key (by its hash) are compared as one-element ranges, which GiST knows by itself.
  constraint facts_never_overlap exclude using gist (
    int8range(article_id, article_id, '[]') with &&,
    int8range(hashtextextended(key, 0) / 2, hashtextextended(key, 0) / 2, '[]') with &&,
    valid with &&
  )
);
create index facts_of_story on news.facts (story_id, key);
create index facts_of_article on news.facts (article_id, key);
create index facts_of_version on news.facts (version_id);
create index facts_superseded_by on news.facts (superseded_by) where superseded_by is not null;
comment on table news.facts is 'Typed claims found in sentences, with the time they stood. A value that changes is a new row.';
comment on column news.facts.fact_id is 'Number of the fact.';
comment on column news.facts.story_id is 'Story it belongs to.';
comment on column news.facts.article_id is 'Article that says it.';
comment on column news.facts.version_id is 'Version that first said it so.';
comment on column news.facts.key is 'What it is about: kind, head of the subject, unit. Its history is the rows of one article and key.';
comment on column news.facts.kind is 'What it counts, measures or reports.';
comment on column news.facts.subject is 'Who or what is counted or measured, as written; for a quote, its words.';
comment on column news.facts.low is 'Least value that fits what is said; null: open below.';
comment on column news.facts.high is 'Greatest value that fits what is said; null: open above.';
comment on column news.facts.unit is 'ISO currency, %, M for magnitudes, or the measure as written; null for counts.';
comment on column news.facts.qualifier is 'How the number is hedged, as written: at least, about, an estimated.';
comment on column news.facts.attribution is 'Whom the sentence names as its source; for a quote, the speaker.';
comment on column news.facts.negated is 'Whether the sentence denies it.';
comment on column news.facts.hypothetical is 'Whether it is only expected, feared, planned.';
comment on column news.facts.background is 'Whether it tells of another event.';
comment on column news.facts.increment is 'Whether it adds to an earlier total rather than stating one.';
comment on column news.facts.parent_fact_id is 'The whole that it is a part of.';
comment on column news.facts.sentence is 'Sentence that says it.';
comment on column news.facts.position is 'Place of that sentence in its version, from 0.';
comment on column news.facts.span is 'Characters of the number, or the quoted words, within the sentence.';
comment on column news.facts.valid is 'From when we observed the value to when we observed that it no longer stood.';
comment on column news.facts.status is 'current, superseded (another value took its place) or dropped (no longer said).';
comment on column news.facts.superseded_by is 'The fact that took its place.';

create table news.events (
  event_id     bigint generated always as identity primary key,
  story_id     bigint not null references news.stories,
  article_id   bigint references news.articles,
  version_id   bigint references news.versions,
  kind         text not null check (kind in (
                 'first_seen', 'updated', 'headline_changed', 'fact_changed', 'corrected', 'reverted', 'rewritten', 'moved',
                 'joined', 'developing', 'settled', 'withdrawn', 'restored')),
  occurred_at  timestamptz not null,
  summary      text not null,
  details      jsonb not null default '{}'
);
create index events_of_story on news.events (story_id, occurred_at, event_id);
create index events_by_time on news.events (occurred_at);
comment on table news.events is 'Things that happened to a story. Each is also sent with NOTIFY news_events, as JSON.';
comment on column news.events.event_id is 'Number of the event; grows with time.';
comment on column news.events.story_id is 'Story it happened to.';
comment on column news.events.article_id is 'Article it happened in.';
comment on column news.events.version_id is 'Version that brought it, if one did.';
comment on column news.events.kind is 'What happened.';
comment on column news.events.occurred_at is 'When we observed it.';
comment on column news.events.summary is 'The same in one line.';
comment on column news.events.details is 'Particulars, such as the old and the new value.';

create function news.notify_event() returns trigger
language plpgsql as $$
begin
  -- NOTIFY carries at most 8000 bytes: the numbers lead to the rest.
  perform pg_notify('news_events', json_build_object(
    'event_id', new.event_id, 'story_id', new.story_id, 'article_id', new.article_id, 'version_id', new.version_id,
    'kind', new.kind, 'occurred_at', new.occurred_at, 'summary', left(new.summary, 500))::text);
  return null;
end
$$;
comment on function news.notify_event() is 'Sends a new event to those who LISTEN news_events.';
create trigger events_notify after insert on news.events for each row execute function news.notify_event();
