"""Another extractor is no edit, and captures that could not be read are read again in their order."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline import articles, steps
from pipeline.model import Outcome
from pipeline.store.rows import compress

MARKER = "This is a developing story and will be updated."


def window():
    now = datetime.now(UTC)
    return {"since": now - timedelta(days=1), "until": now + timedelta(days=1)}


@pytest.fixture
def read_by_an_older_extractor(desk, site):
    """An article whose version was read by an extractor that lost a paragraph and kept the navigation."""
    site.page("/a", etag='"1"')
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.round()
    desk.connection.execute(
        "update news.versions set extractor = 'older-0', text = 'Home' || chr(10) || split_part(text, chr(10), 1),"
        " content_sha256 = 'of the older text'"
    )
    return desk


def test_the_same_page_under_a_new_extractor_brings_no_version(read_by_an_older_extractor, site):
    desk = read_by_an_older_extractor
    before = {table: desk.table(table) for table in ("versions", "updates", "facts", "events")}
    page = site.answers["/a"].body
    site.put("/a", page.replace(b"</body>", b"<!-- served by another machine --></body>"))
    summary = desk.round()
    assert summary.capture.new_bodies == 1
    assert summary.record.versions == 0
    assert {table: desk.table(table) for table in before} == before


def test_an_edit_after_an_upgrade_tells_the_edit_alone(read_by_an_older_extractor, site):
    desk = read_by_an_older_extractor
    edited = site.answers["/a"].body.replace(b"About 4,000 people", b"About 6,000 people")
    site.put("/a", edited)
    desk.round()
    (update,) = desk.table("updates")
    assert (update["kind"], update["significance"]) == ("edited", "fact")
    assert "4,000" in update["old_text"]
    assert "6,000" in update["new_text"]


def test_reading_again_counts_what_would_read_otherwise_and_writes_nothing(read_by_an_older_extractor):
    desk = read_by_an_older_extractor
    before = desk.everything()
    summary = steps.read_again(desk.url, desk.settings, **window())
    assert (summary.versions, summary.otherwise, summary.lost, summary.failed) == (1, 1, 0, 0)
    assert "1 would read otherwise today" in summary.line()
    assert desk.everything() == before
    desk.connection.execute("update news.captures set body = null")
    assert steps.read_again(desk.url, desk.settings, **window()).lost == 1


def test_what_would_change_is_shown_sentence_by_sentence(read_by_an_older_extractor):
    desk = read_by_an_older_extractor
    (rereading,) = steps.read_again(desk.url, desk.settings, **window()).rereadings
    assert {update.kind for update in rereading.updates} == {"added", "removed"}
    assert "Home" in [update.old_text for update in rereading.updates]
    assert rereading.line().startswith(f"version {rereading.version_id}: ")
    assert "1 removed" in rereading.line()


@pytest.fixture
def preview_taken_for_an_article(read_by_an_older_extractor, site):
    """The same version, of a page that today's extractor takes for what stands before a payment wall."""
    desk = read_by_an_older_extractor
    whole = site.answers["/a"]
    lead = "A bridge over the Karu river fell on Monday morning, and at least five people died, police in Tarn said."
    site.page("/a", lead, "To continue reading, subscribe for one crown a week.")
    desk.connection.execute("update news.captures set body = %s", (compress(site.answers["/a"].body),))
    site.answers["/a"] = whole
    return desk


def test_a_version_that_is_a_preview_today_is_shown_as_a_wall(preview_taken_for_an_article):
    desk = preview_taken_for_an_article
    (rereading,) = steps.read_again(desk.url, desk.settings, **window()).rereadings
    assert (rereading.outcome, rereading.headline, rereading.updates) == (Outcome.WALL, None, ())


def test_a_preview_taken_for_an_article_is_compared_as_it_was_stored(preview_taken_for_an_article, site):
    desk = preview_taken_for_an_article
    site.put("/a", site.answers["/a"].body.replace(b"</body>", b"<!-- another machine --></body>"))
    desk.round()
    assert desk.column("select old_text from news.updates where kind = 'removed'") == ["Home"]


def test_todays_own_versions_are_not_counted(desk, site):
    site.page("/a")
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.round()
    assert desk.column("select extractor from news.versions") == [articles.EXTRACTOR]
    assert steps.read_again(desk.url, desk.settings, **window()).versions == 0


def test_captures_that_failed_are_read_again_in_their_order(desk, site):
    desk.connection.execute("alter table news.versions add constraint made_by_the_test check (number = 0)")
    texts = [
        "Two of the five gates are stuck.",
        "Three of the five gates are stuck.",
        "Four of the five gates are stuck.",
    ]
    steps.follow_urls(desk.url, [site.url("/a")])
    for text in texts:
        site.page("/a", "The dam above Fairwater holds, the county said.", text, MARKER)
        desk.round()
    assert desk.column("select outcome from news.captures") == ["failed"] * 3
    desk.connection.execute("alter table news.versions drop constraint made_by_the_test")
    summary = steps.read_again(desk.url, desk.settings, **window())
    assert (summary.failed, summary.record.versions) == (3, 3)
    stored = desk.rows("select number, text, observed_at, captured_at from news.versions order by number")
    assert all(text in row["text"] for text, row in zip(texts, stored, strict=True))
    assert [row["observed_at"] for row in stored] == [row["captured_at"] for row in stored]
    assert desk.one("select status from news.articles") == {"status": "following"}
    assert steps.read_again(desk.url, desk.settings, **window()).failed == 0


def test_a_failed_capture_older_than_a_version_stays_as_it_is(desk, site):
    desk.connection.execute("alter table news.versions add constraint made_by_the_test check (number = 0)")
    site.page("/a")
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.round()
    desk.connection.execute("alter table news.versions drop constraint made_by_the_test")
    site.page("/a", "The dam above Fairwater broke at noon, the county said.", MARKER)
    desk.round()
    assert desk.column("select outcome from news.captures order by capture_id") == ["failed", "new_version"]
    assert steps.read_again(desk.url, desk.settings, **window()).failed == 0
