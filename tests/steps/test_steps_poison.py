"""A page that ends whatever reads it: the others are read, and at last it is given up."""

import gc
from datetime import UTC, datetime, timedelta

import pytest

from pipeline import steps
from pipeline.errors import SchemaMissingError
from pipeline.model import Outcome
from pipeline.steps import record
from tests.steps.conftest import HandClock

POISON = "Zarkov"


class Ended(BaseException):
    """Ends a process as a task's time limit does."""


@pytest.fixture
def reading_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reading the page end its process, as one ends that has no memory left."""
    read = record.read

    def read_or_end(capture, boilerplate):
        if POISON.encode() in capture.body:
            raise Ended
        return read(capture, boilerplate)

    monkeypatch.setattr(record, "read", read_or_end)


def capture_all(desk, site, *names: str) -> None:
    for name in names:
        told = f"At least 12 people were killed in {name}, the Interior Ministry said on Sunday morning in a letter."
        site.page(f"/{name}", told, headline=f"Quake shakes {name}")
    steps.follow_urls(desk.url, [site.url(f"/{name}") for name in names])
    desk.make_due()
    steps.capture_articles(desk.url, desk.settings, desk.column("select article_id from news.articles"))


def let_time_pass(desk) -> None:
    desk.connection.execute("update news.captures set captured_at = captured_at - %s", [record.PATIENCE])


def outcomes(desk) -> dict[str, str]:
    rows = desk.rows("select fetch_url, outcome from news.captures join news.articles using (article_id)")
    return {row["fetch_url"].rsplit("/", 1)[1]: row["outcome"] for row in rows}


def test_a_page_that_ends_its_process_holds_up_no_other_and_is_given_up_at_last(desk, site, reading_ends) -> None:
    capture_all(desk, site, POISON, "Arlen", "Brade", "Corvin")
    for _ in range(record.MOST_ATTEMPTS):
        with pytest.raises(Ended):
            steps.record_captures(desk.url, desk.settings)
        assert outcomes(desk)[POISON] == Outcome.NEW_BODY
    assert [outcomes(desk)[name] for name in ("Arlen", "Brade", "Corvin")] == [Outcome.NEW_VERSION] * 3
    let_time_pass(desk)
    assert steps.record_captures(desk.url, desk.settings).outcomes == {Outcome.FAILED: 1}
    (given_up,) = desk.rows("select detail, body is null as is_bodiless from news.captures where outcome = 'failed'")
    assert given_up["detail"].startswith(f"reading it was begun {record.MOST_ATTEMPTS} times and never ended")
    assert not given_up["is_bodiless"]


def test_a_page_that_was_given_up_is_read_once_the_cause_is_mended(desk, site, reading_ends, monkeypatch) -> None:
    capture_all(desk, site, POISON)
    for _ in range(record.MOST_ATTEMPTS):
        with pytest.raises(Ended):
            steps.record_captures(desk.url, desk.settings)
    let_time_pass(desk)
    steps.record_captures(desk.url, desk.settings)
    monkeypatch.undo()
    now = datetime.now(UTC)
    summary = steps.read_again(desk.url, desk.settings, since=now - timedelta(days=1), until=now)
    assert (summary.failed, summary.record.versions) == (1, 1)


def test_a_page_is_not_given_up_for_processes_that_somebody_ends_one_after_the_other(
    desk, site, reading_ends, monkeypatch
) -> None:
    capture_all(desk, site, POISON)
    for _ in range(3 * record.MOST_ATTEMPTS):
        with pytest.raises(Ended):
            steps.record_captures(desk.url, desk.settings)
    monkeypatch.undo()
    assert steps.record_captures(desk.url, desk.settings).versions == 1


def test_after_a_page_that_ended_its_process_the_others_are_read_first(desk, site, reading_ends) -> None:
    capture_all(desk, site, POISON, "Arlen", "Brade")
    order = "select fetch_url from news.captures join news.articles using (article_id) order by capture_id"
    assert desk.column(order)[0].endswith(POISON)
    with pytest.raises(Ended):
        steps.record_captures(desk.url, desk.settings)
    assert Outcome.NEW_VERSION not in outcomes(desk).values()
    with pytest.raises(Ended):
        steps.record_captures(desk.url, desk.settings)
    assert [outcomes(desk)[name] for name in ("Arlen", "Brade")] == [Outcome.NEW_VERSION] * 2


def test_an_attempt_that_the_store_ended_is_not_held_against_a_page(desk, site) -> None:
    capture_all(desk, site, "Arlen")
    desk.connection.execute("alter table news.versions rename to elsewhere")
    with pytest.raises(SchemaMissingError):
        steps.record_captures(desk.url, desk.settings)
    assert desk.column("select attempts from news.captures") == [0]
    desk.connection.execute("alter table news.elsewhere rename to versions")
    assert steps.record_captures(desk.url, desk.settings).versions == 1


def test_a_text_of_more_words_than_an_index_can_hold_is_given_up_and_holds_up_no_other(desk, site) -> None:
    capture_all(desk, site, "Arlen")
    # Some 45,000 words that all are different, in letters of two bytes each.
    words = ["".join("абвгдежзик"[int(digit)] * 2 for digit in f"{number:06}") for number in range(45_000)]
    paragraphs = [" ".join(words[place : place + 50]) + "." for place in range(0, len(words), 50)]
    steps.follow_urls(desk.url, [site.page("/words", *paragraphs, headline="All words")])
    desk.make_due()
    steps.capture_articles(desk.url, desk.settings, desk.column("select article_id from news.articles"))
    summary = steps.record_captures(desk.url, desk.settings)
    assert summary.outcomes == {Outcome.NEW_VERSION: 1, Outcome.FAILED: 1}
    assert "tsvector" in desk.one("select detail from news.captures where outcome = 'failed'")["detail"]


def test_a_record_run_ends_within_its_budget_and_leaves_the_rest_to_the_next(desk, site, monkeypatch) -> None:
    capture_all(desk, site, "Arlen", "Brade", "Corvin")
    hasty = desk.settings.model_copy(update={"record_budget_seconds": 0.5})
    read, clock = record.read, HandClock()

    def read_slowly(capture, boilerplate):
        clock.seconds += 0.6
        return read(capture, boilerplate)

    monkeypatch.setattr(record, "read", read_slowly)
    monkeypatch.setattr(record, "time", clock)
    first = steps.record_captures(desk.url, hasty)
    assert (first.captures, first.left) == (1, 2)
    assert first.line().split("(")[0].endswith("2 left to the next run ")
    assert sorted(desk.column("select attempts from news.captures")) == [0, 0, 1]
    second = steps.record_captures(desk.url, hasty, budget_seconds=30)
    assert (second.captures, second.left) == (2, 0)


def test_what_is_loaded_is_no_matter_of_the_garbage_collector_until_the_run_ends_however_it_does(
    desk, site, reading_ends
) -> None:
    capture_all(desk, site, "Arlen")
    loaded = len(gc.get_objects())
    passed_over: list[int] = []
    steps.record_captures(desk.url, desk.settings, on_progress=lambda _: passed_over.append(gc.get_freeze_count()))
    assert len(passed_over) == 1
    assert passed_over[0] > loaded // 2
    assert gc.get_freeze_count() == 0
    capture_all(desk, site, POISON)
    with pytest.raises(Ended):
        steps.record_captures(desk.url, desk.settings)
    assert gc.get_freeze_count() == 0
