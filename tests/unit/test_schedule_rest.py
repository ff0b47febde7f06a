"""Which articles rest, are given up, or settle."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import schedule
from pipeline.model import Article, ArticleStatus, Follow, Outcome, Validators

NOW = datetime(2016, 11, 3, 12, 0, tzinfo=UTC)
BOUNDS = schedule.Bounds(min_seconds=60, max_seconds=86_400)

outcomes = st.sampled_from(Outcome)


def article(
    *,
    status: ArticleStatus = ArticleStatus.FOLLOWING,
    age: timedelta = timedelta(0),
    versions: int = 1,
    failures: int = 0,
    quiet: timedelta = timedelta(0),
) -> Article:
    return Article(
        article_id=1,
        story_id=1,
        publisher="p",
        url="http://localhost/a",
        fetch_url="http://localhost/a",
        status=status,
        follow=Follow.DEVELOPING,
        first_seen_at=NOW - age,
        last_changed_at=NOW - quiet,
        last_captured_at=None,
        versions=versions,
        failures=failures,
        missing=0,
        validators=Validators(),
        body_sha256=None,
    )


@given(outcome=outcomes, count=st.integers(0, 100))
def test_a_followed_article_is_never_given_up_by_a_failure(outcome, count):
    assert schedule.next_capture(article(failures=count), outcome, now=NOW, bounds=BOUNDS) is not None


@pytest.mark.parametrize("status", [ArticleStatus.SETTLED, ArticleStatus.SKIPPED])
def test_what_is_not_followed_rests_after_a_good_look(status):
    assert schedule.next_capture(article(status=status), Outcome.NOT_MODIFIED, now=NOW, bounds=BOUNDS) is None
    assert schedule.next_capture(article(status=status), Outcome.TIMEOUT, now=NOW, bounds=BOUNDS) is not None


@pytest.mark.parametrize("status", sorted(schedule.TRIES))
def test_what_is_not_followed_is_given_up_after_its_tries(status):
    tries = schedule.TRIES[status]
    before, after = (article(status=status, failures=count) for count in (tries - 2, tries - 1))
    assert schedule.next_capture(before, Outcome.FORBIDDEN, now=NOW, bounds=BOUNDS) is not None
    assert schedule.next_capture(after, Outcome.FORBIDDEN, now=NOW, bounds=BOUNDS) is None


def test_a_withdrawn_article_is_looked_at_seldom():
    due = schedule.next_capture(article(status=ArticleStatus.WITHDRAWN), Outcome.GONE, now=NOW, bounds=BOUNDS)
    assert due == NOW + timedelta(seconds=BOUNDS.max_seconds)


@given(quiet=st.timedeltas(timedelta(0), timedelta(days=60)), patience=st.integers(60, 10**6))
def test_a_promise_of_more_makes_a_story_settle_later_never_earlier(quiet, patience):
    one = article(quiet=quiet)
    plain, promising = (
        schedule.has_settled(one, says_more_to_come=says, now=NOW, settle_after_seconds=patience)
        for says in (False, True)
    )
    assert plain or not promising
    assert plain == (quiet.total_seconds() >= patience)
    assert promising == (quiet.total_seconds() >= patience * schedule.PROMISE_PATIENCE)
