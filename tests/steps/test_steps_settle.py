"""A story settles when it is quiet, not when nobody has looked."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline import steps
from pipeline.errors import UsageError
from tests.steps.conftest import Answer

MARKER = "This is a developing story and will be updated."
LATER = timedelta(days=4)


@pytest.fixture
def followed(desk, site):
    site.page("/a", "The dam above Fairwater held through the night, engineers said on Tuesday.", MARKER)
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.round()
    desk.connection.execute("update news.versions set is_developing = false")
    return desk


def statuses(desk):
    return desk.column("select status from news.articles")


def test_an_article_that_is_quiet_settles(followed):
    followed.at_work_until(datetime.now(UTC) + LATER)
    assert steps.tend_store(followed.url, followed.settings, datetime.now(UTC) + LATER).settled == 1
    assert statuses(followed) == ["settled"]


@pytest.mark.parametrize("away", [timedelta(days=10), timedelta(days=400)])
def test_an_article_that_nobody_has_looked_at_for_long_does_not_settle(followed, away):
    """We were switched off, or the clock has jumped ahead."""
    assert steps.tend_store(followed.url, followed.settings, datetime.now(UTC) + away).settled == 0
    followed.connection.execute(
        "update news.articles set last_changed_at = last_changed_at - %(a)s::interval,"
        " last_captured_at = last_captured_at - %(a)s::interval",
        {"a": away},
    )
    assert steps.record_captures(followed.url, followed.settings).settled == 0
    assert statuses(followed) == ["following"]
    # The first look after that finds it as it was, and then it is quiet.
    followed.round()
    assert statuses(followed) == ["settled"]


def test_an_article_whose_capture_waits_to_be_read_does_not_settle(followed, site):
    site.page("/a", "The dam above Fairwater broke at noon, the county said on Tuesday.", MARKER)
    followed.connection.execute("update news.articles set next_capture_at = now()")
    ids = followed.column("select article_id from news.articles")
    steps.capture_articles(followed.url, followed.settings, ids)
    assert steps.tend_store(followed.url, followed.settings, datetime.now(UTC) + LATER).settled == 0
    assert statuses(followed) == ["following"]


def test_an_article_that_does_not_answer_is_given_three_times_as_long(followed, site):
    site.answers["/a"] = Answer(status=500)
    followed.round()
    assert followed.column("select failures from news.articles") == [1]
    followed.at_work_until(datetime.now(UTC) + 3 * LATER)
    assert steps.tend_store(followed.url, followed.settings, datetime.now(UTC) + LATER).settled == 0
    assert steps.tend_store(followed.url, followed.settings, datetime.now(UTC) + 3 * LATER).settled == 1


def test_a_dearer_fetch_puts_off_the_next_look_after_a_new_version_too(followed, site):
    settings = followed.settings.model_copy(update={"capture_max_seconds": 10**6})
    waits = []
    for number, worth in enumerate((1.0, 400.0)):
        site.page("/a", f"The dam above Fairwater let {number + 2} million gallons through, the county said.", MARKER)
        followed.connection.execute(
            "insert into news.hosts (host, fetch_worth_minutes) select host, %s from news.articles"
            " on conflict (host) do update set fetch_worth_minutes = excluded.fetch_worth_minutes",
            (worth,),
        )
        followed.connection.execute("update news.articles set next_capture_at = now()")
        steps.capture_articles(followed.url, settings, followed.column("select article_id from news.articles"))
        assert steps.record_captures(followed.url, settings).versions == 1
        waits += followed.column(
            "select extract(epoch from next_capture_at - last_captured_at)::float8 from news.articles"
        )
    assert waits[1] > 2 * waits[0]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://user:secret@press.example/a", "login"),
        ("http://press.example/\x1b[31m", "characters"),
        (f"http://press.example/{'a' * 2000}", "too long an address"),
    ],
)
def test_an_address_that_cannot_be_kept_is_refused(desk, url, words):
    with pytest.raises(UsageError, match=words) as refused:
        steps.follow_urls(desk.url, [url])
    assert "secret" not in str(refused.value)
