"""When feeds and articles are due: never before Retry-After, never after their bound, and nobody dies in silence."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import schedule
from pipeline.model import Article, ArticleStatus, Feed, Follow, Outcome, Validators

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
BOUNDS = schedule.Bounds(min_seconds=60, max_seconds=24 * 3600)
LOOKS = schedule.Bounds(min_seconds=300, max_seconds=24 * 3600)
FAILURES = [outcome for outcome in Outcome if not outcome.is_success]

FEED = Feed(
    feed_id=1,
    url="https://wire.example/feed",
    title=None,
    publisher="wire",
    language=None,
    follow=Follow.DEVELOPING,
    poll_every=timedelta(minutes=5),
    next_poll_at=NOW,
    last_polled_at=NOW,
    last_outcome=None,
    failures=0,
    validators=Validators(),
    body_sha256=None,
)
ARTICLE = Article(
    article_id=1,
    story_id=1,
    publisher="wire",
    url="https://wire.example/a",
    fetch_url="https://wire.example/a",
    status=ArticleStatus.FOLLOWING,
    follow=Follow.DEVELOPING,
    first_seen_at=NOW - timedelta(hours=2),
    last_changed_at=NOW - timedelta(hours=1),
    last_captured_at=NOW,
    versions=2,
    failures=0,
    missing=0,
    validators=Validators(),
    body_sha256=None,
)

seconds = st.floats(1, 40 * 24 * 3600)
moments = st.integers(0, 15 * 365 * 24 * 3600).map(lambda seconds: NOW + timedelta(seconds=seconds))


def in_seconds(moment: datetime | None, now: datetime = NOW) -> float:
    assert moment is not None
    return (moment - now).total_seconds()


@given(
    now=moments,
    outcome=st.sampled_from(list(Outcome)),
    poll_every=seconds,
    failures=st.integers(0, 10_000),
    retry=st.none() | st.floats(-3600, schedule.RETRY_AFTER_MAX_SECONDS),
    ttl=st.none() | st.floats(0, 1e9),
    usual=st.none() | seconds,
)
def test_no_poll_comes_before_retry_after_allows_nor_after_its_bound(
    *,
    now: datetime,
    outcome: Outcome,
    poll_every: float,
    failures: int,
    retry: float | None,
    ttl: float | None,
    usual: float | None,
) -> None:
    feed = replace(FEED, poll_every=timedelta(seconds=poll_every), failures=failures)
    not_before = None if retry is None else now + timedelta(seconds=retry)
    due = schedule.next_poll(
        feed, outcome, now=now, bounds=BOUNDS, not_before=not_before, ttl_seconds=ttl, usual_seconds=usual
    )
    assert due >= now + timedelta(seconds=BOUNDS.min_seconds)
    assert not_before is None or due >= not_before
    assert due <= max(now + timedelta(seconds=BOUNDS.max_seconds), not_before or now)


@given(
    now=moments,
    outcome=st.sampled_from(list(Outcome)),
    status=st.sampled_from(list(ArticleStatus)),
    age=st.floats(0, 400 * 24 * 3600),
    quiet=st.floats(0, 1),
    versions=st.integers(0, 500),
    failures=st.integers(0, 40),
    retry=st.none() | st.floats(-3600, schedule.RETRY_AFTER_MAX_SECONDS),
    rhythm=st.sampled_from(sorted(schedule.rhythms())),
    worth=st.floats(0.001, 1e5),
)
def test_no_look_comes_before_retry_after_allows_nor_after_its_bound(
    *,
    now: datetime,
    outcome: Outcome,
    status: ArticleStatus,
    age: float,
    quiet: float,
    versions: int,
    failures: int,
    retry: float | None,
    rhythm: str,
    worth: float,
) -> None:
    article = replace(
        ARTICLE,
        status=status,
        first_seen_at=now - timedelta(seconds=age),
        last_changed_at=now - timedelta(seconds=age * quiet),
        versions=versions,
        failures=failures,
    )
    not_before = None if retry is None else now + timedelta(seconds=retry)
    pace = schedule.Pace(rhythm=schedule.rhythms()[rhythm], fetch_worth_minutes=worth)
    due = schedule.next_capture(article, outcome, now=now, bounds=LOOKS, not_before=not_before, pace=pace)
    if due is None:
        assert status is not ArticleStatus.FOLLOWING, "what is followed is never given up"
        return
    assert due >= now + timedelta(seconds=LOOKS.min_seconds)
    assert not_before is None or due >= not_before
    assert due <= max(now + timedelta(seconds=LOOKS.max_seconds), not_before or now)


@pytest.mark.parametrize("outcome", FAILURES)
def test_a_feed_that_fails_for_ever_is_asked_for_ever(outcome: Outcome) -> None:
    due = schedule.next_poll(replace(FEED, failures=1_000_000), outcome, now=NOW, bounds=BOUNDS)
    assert in_seconds(due) <= BOUNDS.max_seconds


def test_back_off_is_linear_and_weighs_the_class_of_the_error() -> None:
    def wait(outcome: Outcome, failures: int) -> float:
        return in_seconds(schedule.next_poll(replace(FEED, failures=failures), outcome, now=NOW, bounds=BOUNDS))

    jitter = 1.1
    for outcome, weight in ((Outcome.FORBIDDEN, 1.0), (Outcome.NOT_FOUND, 0.5), (Outcome.DNS_ERROR, 0.25)):
        for failures in (0, 3, 9):
            exact = 300 * (1 + (failures + 1) * weight)
            assert exact <= wait(outcome, failures) <= exact * jitter


OLD = replace(ARTICLE, first_seen_at=NOW - timedelta(days=3), last_changed_at=NOW - timedelta(days=2))


def next_look(article: Article, outcome: Outcome = Outcome.SAME_CONTENT, pace: schedule.Pace | None = None) -> float:
    return in_seconds(schedule.next_capture(article, outcome, now=NOW, bounds=LOOKS, pace=pace))


def test_an_article_that_fails_is_looked_at_ever_more_rarely_and_at_once_again_when_it_answers() -> None:
    usual = next_look(ARTICLE)
    for failures in range(4):
        failing = replace(ARTICLE, failures=failures)
        assert next_look(failing, Outcome.TIMEOUT) == pytest.approx(usual * (1 + 0.5 * (failures + 1)))
        assert next_look(failing) == usual


def test_a_withdrawn_article_is_looked_at_as_rarely_as_may_be() -> None:
    assert next_look(replace(ARTICLE, status=ArticleStatus.WITHDRAWN)) == LOOKS.max_seconds > next_look(ARTICLE)


def test_a_publishers_rhythm_and_the_worth_of_a_fetch_decide() -> None:
    usual = schedule.rhythms()[schedule.DEFAULT_RHYTHM]
    busy = replace(usual, changes=usual.changes * 20)
    assert next_look(OLD, pace=schedule.Pace(rhythm=busy)) < next_look(OLD)
    assert next_look(OLD, pace=schedule.Pace(fetch_worth_minutes=20.0)) > next_look(OLD)


def test_an_article_without_a_change_has_been_quiet_since_it_was_first_seen() -> None:
    unchanged = replace(OLD, versions=1, last_changed_at=None)
    assert next_look(unchanged) == next_look(replace(unchanged, last_changed_at=unchanged.first_seen_at))
    assert next_look(unchanged) != next_look(replace(unchanged, last_changed_at=NOW - timedelta(minutes=40)))
    for article, is_quiet in ((unchanged, True), (OLD, False)):
        after = timedelta(hours=60).total_seconds()
        found = schedule.has_settled(article, says_more_to_come=False, now=NOW, settle_after_seconds=after)
        assert found is is_quiet


def test_a_404_weighs_less_than_a_403_since_live_feeds_answer_it_and_come_back() -> None:
    many = replace(FEED, failures=20)
    missing = schedule.next_poll(many, Outcome.NOT_FOUND, now=NOW, bounds=BOUNDS)
    assert missing < schedule.next_poll(many, Outcome.FORBIDDEN, now=NOW, bounds=BOUNDS)


def test_feeds_added_together_drift_apart() -> None:
    dues = {
        schedule.next_poll(replace(FEED, url=f"{FEED.url}/{n}"), Outcome.NOT_MODIFIED, now=NOW, bounds=BOUNDS)
        for n in range(200)
    }
    spread = in_seconds(max(dues)) - in_seconds(min(dues))
    assert len(dues) > 190
    assert 0.08 * 300 < spread <= 0.1 * 300


def test_a_retry_after_that_means_never_is_heeded_for_a_month() -> None:
    never = datetime(9999, 1, 1, tzinfo=UTC)
    due = schedule.next_poll(FEED, Outcome.RATE_LIMITED, now=NOW, bounds=BOUNDS, not_before=never)
    assert timedelta(days=31) <= due - NOW <= timedelta(days=32)


def test_freshness_that_the_server_claims_is_waited_for_within_the_bound() -> None:
    hour = in_seconds(schedule.next_poll(FEED, Outcome.NEW_ENTRIES, now=NOW, bounds=BOUNDS, ttl_seconds=3600))
    assert 3600 <= hour <= 3600 * 1.1
    year = in_seconds(schedule.next_poll(FEED, Outcome.NEW_ENTRIES, now=NOW, bounds=BOUNDS, ttl_seconds=3e7))
    assert year <= BOUNDS.max_seconds


# ── whole hosts ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_retry_after_pauses_the_whole_host_whatever_the_status_was() -> None:
    until = NOW + timedelta(hours=2)
    for outcome in (Outcome.RATE_LIMITED, Outcome.SERVER_ERROR):
        assert schedule.host_pause("wire.example:443", outcome, failures=0, now=NOW, not_before=until) == until


def test_a_429_that_names_no_time_pauses_the_host_longer_each_time_and_with_jitter() -> None:
    def pause(failures: int, host: str = "wire.example:443") -> float:
        return in_seconds(schedule.host_pause(host, Outcome.RATE_LIMITED, failures=failures, now=NOW))

    assert 300 <= pause(0) <= 600
    assert pause(9) >= 3000
    assert pause(10_000) <= 12 * 3600
    assert len({pause(0, f"host{n}:443") for n in range(20)}) == 20


def test_other_failures_pause_no_host() -> None:
    assert schedule.host_pause("wire.example:443", Outcome.NOT_FOUND, failures=9, now=NOW) is None


# ── the rhythm of feeds ─────────────────────────────────────────────────────────────────────────────────────────────


def polled(feed: Feed, *, gap: timedelta, times: int) -> Feed:
    """Let a feed have news each `gap`, so many times."""
    now = NOW
    for _ in range(times):
        news = schedule.news_after(feed, had_news=True, overran=False, now=now)
        feed = replace(feed, last_news_at=news.last_at, news_gap_seconds=news.gap_seconds)
        now += gap
    return feed


def interval(feed: Feed, *, overran: bool = False) -> float:
    news = schedule.News(last_at=feed.last_news_at, gap_seconds=feed.news_gap_seconds)
    return schedule.usual_interval_seconds(feed, news, overran=overran, min_seconds=BOUNDS.min_seconds)


def test_a_feed_that_is_not_known_yet_is_polled_as_asked_for() -> None:
    assert interval(FEED) == 300


def test_a_feed_with_news_at_every_poll_is_polled_as_asked_for() -> None:
    assert interval(polled(FEED, gap=timedelta(minutes=5), times=10)) == 300


def test_a_feed_with_news_each_two_hours_is_polled_each_twenty_four_minutes() -> None:
    assert interval(polled(FEED, gap=timedelta(hours=2), times=10)) == pytest.approx(24 * 60)


def test_a_feed_with_news_each_month_is_still_polled_each_hour() -> None:
    assert interval(polled(FEED, gap=timedelta(days=30), times=10)) == 3600


def test_a_feed_that_wakes_up_is_polled_often_again() -> None:
    sleepy = polled(FEED, gap=timedelta(hours=5), times=20)
    awake = sleepy
    for minutes in range(5, 65, 5):
        now = (sleepy.last_news_at or NOW) + timedelta(minutes=minutes)
        news = schedule.news_after(awake, had_news=True, overran=False, now=now)
        awake = replace(awake, last_news_at=news.last_at, news_gap_seconds=news.gap_seconds)
    assert interval(sleepy) > 3000
    assert interval(awake) <= 360


def test_a_poll_without_news_teaches_nothing() -> None:
    feed = polled(FEED, gap=timedelta(hours=2), times=3)
    news = schedule.news_after(feed, had_news=False, overran=False, now=NOW + timedelta(days=9))
    assert (news.last_at, news.gap_seconds) == (feed.last_news_at, feed.news_gap_seconds)


def test_a_window_that_was_overrun_is_polled_twice_as_often_as_asked_for_and_never_below_the_floor() -> None:
    feed = polled(FEED, gap=timedelta(hours=2), times=3)
    assert interval(feed, overran=True) == 150
    assert interval(replace(feed, poll_every=timedelta(seconds=90)), overran=True) == 60
    news = schedule.news_after(feed, had_news=True, overran=True, now=(feed.last_news_at or NOW) + timedelta(hours=2))
    assert news.gap_seconds == 3600


# ── feeds that move ─────────────────────────────────────────────────────────────────────────────────────────────────

DAY = timedelta(days=1)


def moved(*targets: str | None, every: timedelta = 2 * DAY, could_be_read: bool = True) -> tuple[schedule.Move, Feed]:
    """Poll a feed that leads to these places in turn; return what is known of its move, and the feed."""
    feed, move = FEED, schedule.Move()
    for number, target in enumerate(targets):
        move = schedule.move_after(feed, target, could_be_read=could_be_read, now=NOW + number * every)
        feed = replace(feed, moved_to=move.to, moved_since=move.since, moved_seen=move.seen)
    return move, feed


def test_a_move_is_believed_after_five_polls_in_a_row_over_a_week_and_not_before() -> None:
    assert moved(*["/new"] * 5)[0].is_believed
    assert not moved(*["/new"] * 4, every=30 * DAY)[0].is_believed
    assert not moved(*["/new"] * 50, every=timedelta(hours=3))[0].is_believed


def test_a_move_to_another_place_and_a_poll_that_leads_nowhere_begin_anew() -> None:
    for between in ("/elsewhere", None):
        move, _ = moved(*["/new"] * 4, between, "/new")
        assert (move.seen, move.since, move.is_believed) == (1, NOW + 10 * DAY, False)


def test_a_feed_that_answers_at_its_own_address_has_not_moved() -> None:
    for address in (None, FEED.url):
        assert schedule.move_after(FEED, address, could_be_read=True, now=NOW) == schedule.Move()


@pytest.mark.parametrize(("since", "wanted"), [(None, False), (timedelta(days=5), False), (timedelta(days=7), True)])
def test_a_week_of_304s_is_taken_for_an_answer_and_no_more(since: timedelta | None, *, wanted: bool) -> None:
    feed = replace(FEED, last_whole_at=None if since is None else NOW - since)
    assert schedule.wants_whole(feed, now=NOW) is wanted


def test_a_poll_that_could_not_be_read_tells_nothing_of_a_move() -> None:
    _, feed = moved(*["/new"] * 4)
    move = schedule.move_after(feed, "/login", could_be_read=False, now=NOW + 30 * DAY)
    assert (move.to, move.seen, move.is_believed) == ("/new", 4, False)


# ── the rhythm of articles ──────────────────────────────────────────────────────────────────────────────────────────


@given(age=st.floats(0, 1e6), born=st.floats(-1e5, 1e5), worth=st.floats(1e-3, 1e5), changes=st.integers(0, 999))
def test_every_moment_of_any_day_has_an_end_to_its_wait(age: float, born: float, worth: float, changes: int) -> None:
    rhythm = schedule.rhythms()[schedule.DEFAULT_RHYTHM]
    assert rhythm.expected_changes(age, born_minute=born) >= 0
    wait = rhythm.wait_minutes(
        age_minutes=age,
        clock_minute=born + age,
        since_change_minutes=age / 2,
        changes=changes,
        fetch_worth_minutes=worth,
    )
    assert 0 <= wait <= 24 * 60


def test_an_article_goes_on_changing_after_its_first_day_whatever_the_hour() -> None:
    rhythm = schedule.rhythms()[schedule.DEFAULT_RHYTHM]
    day, onset = 24 * 60.0, rhythm.onset_minutes
    for born in (0.0, 725.0):
        later = rhythm.expected_changes(3 * day, born_minute=born) - rhythm.expected_changes(day, born_minute=born)
        assert later == pytest.approx(rhythm.changes * math.log((3 * day + onset) / (day + onset)))


def test_a_moment_a_hairs_breadth_before_the_hour_is_no_trap() -> None:
    rhythm = schedule.rhythms()[schedule.DEFAULT_RHYTHM]
    clock = 60.0 - 7e-15
    assert rhythm.expected_changes(600.0, born_minute=clock) > 0
