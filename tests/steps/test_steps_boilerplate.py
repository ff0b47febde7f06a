"""A line that a publisher's articles share is learned at night, and no reader is told of it."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline import steps
from pipeline.model import Boilerplate
from pipeline.store.boilerplate import save_boilerplate

APPEAL = "The Quay is owned by its readers: every one of them keeps our reporters at sea."
ARTICLES = 20


def text_of(number: int, *more: str) -> tuple[str, ...]:
    opening = (
        f"Harbour {number} was closed on Tuesday after a barge lost its load of timber in the fairway, the pilots said."
    )
    closing = f"Divers will look at the sea bed off pier {number} in the morning, as soon as the tide allows it."
    return (opening, *more, closing, APPEAL)


@pytest.fixture
def learned(desk, site):
    for number in range(ARTICLES):
        site.page(f"/{number}", *text_of(number), headline=f"Harbour {number} closed")
    steps.follow_urls(desk.url, [site.url(f"/{number}") for number in range(ARTICLES)])
    desk.round()
    assert desk.one("select count(*) as texts from news.versions where text like %s", f"%{APPEAL}") == {"texts": 20}
    assert steps.tend_store(desk.url, desk.settings, datetime.now(UTC)).lines == 1
    assert steps.tend_store(desk.url, desk.settings, datetime.now(UTC)).lines == 0
    return desk


def test_what_was_learned_is_no_edit_and_a_real_edit_is_told_alone(learned, site):
    served_anew = site.answers["/3"].body.replace(b"<article>", b"<article data-request='7'>")
    site.put("/3", served_anew)
    site.page("/5", *text_of(5, "One of the barge's two sailors is still missing."), headline="Harbour 5 closed")
    steps.follow_urls(learned.url, [site.url("/3"), site.url("/5")])
    learned.round()
    assert learned.rows("select kind, new_text from news.updates") == [
        {"kind": "added", "new_text": "One of the barge's two sailors is still missing."}
    ]
    newest = "select text, extractor from news.versions where number = 2 and headline = 'Harbour 5 closed'"
    version = learned.one(newest)
    assert APPEAL not in version["text"]
    assert version["extractor"].endswith("+boilerplate-1")


def test_what_a_person_changed_meanwhile_is_not_overwritten(learned):
    learned.connection.execute("update news.boilerplate set lines = '{}', kept = lines, revision = revision + 1")
    (publisher,) = learned.column("select publisher from news.boilerplate")
    overtaken = Boilerplate(revision=2, lines=("what was learned beside it",))
    assert not save_boilerplate(learned.connection, publisher, overtaken, now=datetime.now(UTC))
    assert learned.one("select revision, lines from news.boilerplate") == {"revision": 2, "lines": []}
    assert steps.tend_store(learned.url, learned.settings, datetime.now(UTC)).lines == 0


def test_reading_again_tells_what_stored_versions_would_lose(learned):
    now = datetime.now(UTC)
    summary = steps.read_again(
        learned.url, learned.settings, since=now - timedelta(hours=1), until=now + timedelta(hours=1)
    )
    assert summary.otherwise == ARTICLES
    assert {update.old_text for rereading in summary.rereadings for update in rereading.updates} == {APPEAL}
    assert learned.column("select count(*) from news.updates") == [0]
