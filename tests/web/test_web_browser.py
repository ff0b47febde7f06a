"""The pages in a real browser: a walk through them, their accessibility, and what a hostile page can do there."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipeline.store.connections import connect
from pipeline.web.charts import POINTS_MOST

PHONE_WIDTH = 360
LOOKS_EVERY_MS = 10_000
MORE_THAN_CONNECTIONS = 8

STRANGE_STORY = (
    """insert into news.stories (headline, started_at, last_changed_at, url, articles, publishers, versions)
       values (%(text)s, now(), now(), '', 1, 1, 1)""",
    """insert into news.articles (story_id, publisher, url, fetch_url, host, status, first_seen_at, versions)
       values (1, %(publisher)s, 'https://one.invalid', 'https://one.invalid', 'one.invalid', 'following', now(), 1)""",
    """insert into news.versions (article_id, story_id, number, kind, observed_at, headline, text, language, words,
                                  is_developing, extractor, content_sha256, capture_id, captured_at)
       values (1, 1, 1, 'first', now(), %(text)s, %(text)s, 'en', 9, true, 'test', 'x', 1, now())""",
    """insert into news.events (story_id, article_id, version_id, kind, occurred_at, summary)
       values (1, 1, 1, 'first_seen', now(), %(text)s)""",
    """insert into news.facts (story_id, article_id, version_id, key, kind, subject, low, high, attribution, sentence,
                               position, span, valid, status)
       values (1, 1, 1, 'killed', 'killed', %(publisher)s, 12, 12, %(publisher)s, %(text)s, 0, int4range(0, 4),
               tstzrange(now(), null), 'current')""",
)


@pytest.fixture
def page(browser: Browser, told_pages: str) -> Iterator[Page]:
    """A page that fails the test on any error in its console: a broken policy, a missing file, a script's fault."""
    context = browser.new_context(base_url=told_pages)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: None if request.url.startswith(told_pages) else faults.append(request.url))
    yield opened
    context.close()
    assert not faults


@pytest.fixture(scope="module")
def paths(told_url: str) -> list[str]:
    """The address of one page of each sort, of the story that has most to show."""
    with connect(told_url) as connection:
        story = connection.execute("select story_id from news.stories order by versions desc limit 1").fetchone()
        article = connection.execute("select article_id from news.articles order by versions desc limit 1").fetchone()
        fact = connection.execute(
            "select fact_id from news.facts f where article_id = %s order by fact_id limit 1",
            (article["article_id"],) if article else (0,),
        ).fetchone()
    assert story
    assert article
    assert fact
    of_story, of_article = f"/stories/{story['story_id']}", f"/articles/{article['article_id']}"
    return [
        "/",
        "/?q=xyzzyplugh",
        of_story,
        f"{of_story}/since",
        of_article,
        f"{of_article}?old=1&view=side",
        f"{of_article}?fact={fact['fact_id']}",
        "/between",
        "/feeds",
        "/api",
        "/login",
        "/nowhere",
        "/?q=earthquake",
    ]


def test_a_walk_from_the_stories_to_the_feeds(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox", name="Search stories").fill("earthquake")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("Stories that tell of").wait_for()
    page.locator(".stories h2 a").first.click()
    page.get_by_role("heading", name="Latest facts").wait_for()
    assert "earthquake" in page.get_by_role("heading", level=1).inner_text().lower()
    latest = page.get_by_role("region", name="Facts", exact=True).inner_text()

    page.get_by_role("link", name=re.compile(r"^As of .*at least 12")).first.click()
    page.get_by_role("heading", name=re.compile("What was known on")).wait_for()
    assert page.get_by_role("region", name="Facts", exact=True).inner_text() != latest
    page.get_by_role("link", name="A version later").click()
    page.get_by_role("heading", name=re.compile("What was known on")).wait_for()
    assert page.get_by_role("region", name="Facts", exact=True).inner_text() != latest
    page.get_by_role("link", name="Show the latest").click()
    page.get_by_role("heading", name="Latest facts").wait_for()
    assert page.get_by_role("region", name="Facts", exact=True).inner_text() == latest

    page.get_by_role("link", name=re.compile(r"^version \d")).first.click()
    page.get_by_role("button", name="Compare").wait_for()
    assert page.locator("ins").count() > 0
    page.locator("select[name=view]").select_option("side by side")
    page.locator("select[name=old]").select_option(index=0)
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("region", name="Versions side by side").wait_for()
    assert "old=1" in page.url

    versions = page.get_by_role("navigation", name="Other versions")
    shown = page.get_by_role("columnheader", name=re.compile("^Version")).all_inner_texts()
    versions.get_by_role("link", name="←").click()
    page.wait_for_url("**view=side*")
    earlier = page.get_by_role("columnheader", name=re.compile("^Version")).all_inner_texts()
    assert earlier != shown
    versions.get_by_role("link", name="→", exact=False).first.click()
    versions.get_by_role("link", name="All that changed").click()
    page.wait_for_url("**old=1*")

    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Feeds").click()
    page.get_by_text("Harbour Post").first.wait_for()


def test_the_link_to_a_change_shows_it_after_newer_versions_too(
    browser: Browser, pages: str, database_url: str
) -> None:
    another = """insert into news.versions (article_id, story_id, number, kind, observed_at, headline, text, language,
                                            words, is_developing, extractor, content_sha256, capture_id, captured_at)
                 select 1, 1, %(number)s, 'updated', now(), %(text)s, %(text)s, 'en',
                        9, true, 'test', %(text)s, 1, now()"""
    with connect(database_url) as connection:
        for statement in STRANGE_STORY[:3]:
            connection.execute(statement, {"text": "A bridge fell. 12 people died.", "publisher": "Old Post"})
        connection.execute(another, {"number": 2, "text": "A bridge fell. 27 people died."})
        page = browser.new_page(base_url=pages)
        page.goto("/articles/1")
        page.locator("#main").get_by_role("link", name="edited").click()
        address = page.url
        page.get_by_role("link", name="Permanent link").click()
        permanent = page.url
        connection.execute(another, {"number": 3, "text": "A bridge fell into the river at night. Nobody was there."})
    page.goto(address)
    assert page.locator(":target").inner_text().startswith("edited")
    assert page.locator(":target ins").inner_text() == "27"
    page.goto(permanent)
    assert page.locator(".text ins").inner_text() == "27"
    page.close()


def test_everything_is_there_without_scripts(browser: Browser, told_pages: str, paths: list[str]) -> None:
    context = browser.new_context(base_url=told_pages, java_script_enabled=False)
    page = context.new_page()
    page.goto(paths[2])
    assert page.locator("svg.chart").count() > 0
    page.locator("#since").fill("2020-01-01T00:00:00")
    page.locator("form.since button").first.click()
    page.wait_for_url("**/since?at=2020-01-01*")
    page.get_by_text("New since then").first.wait_for()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_accessibility(
    browser: Browser, told_pages: str, paths: list[str], scheme: str
) -> None:
    # The page's own policy keeps out the checker's script, too; what is checked stays the same.
    context = browser.new_context(base_url=told_pages, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    for path in paths:
        page.goto(path)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
    context.close()


def test_every_page_fits_a_phone(browser: Browser, told_pages: str, paths: list[str]) -> None:
    context = browser.new_context(base_url=told_pages, viewport={"width": PHONE_WIDTH, "height": 700})
    page = context.new_page()
    for path in paths:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH, path
    context.close()


HEADLINES = {
    "a word without an end": "x" * 10_000,
    "Arabic": "زلزال يقتل 12 شخصا على الأقل في كرفانيا",
    "Japanese": "能登半島で震度七の地震、少なくとも十二人が死亡し多数が行方不明になっていると消防当局が発表した" * 5,
    "turned text that is never turned back": "Quake \u202e daed 21 \u2066 kills",
}


@pytest.mark.parametrize("name", HEADLINES)
def test_a_text_of_any_kind_stays_in_its_place(browser: Browser, pages: str, database_url: str, name: str) -> None:
    text = HEADLINES[name]
    values = {"text": text, "publisher": text[:300]}
    with connect(database_url) as connection:
        for statement in STRANGE_STORY:
            connection.execute(statement, values)
    page = browser.new_page(base_url=pages, viewport={"width": PHONE_WIDTH, "height": 700})
    for path in ("/", "/stories/1", "/stories/1/since", "/articles/1?view=side", "/articles/1?view=inline", "/between"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH, path
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.content()), path
    page.goto("/stories/1")
    direction = page.get_by_role("heading", level=1).evaluate("element => getComputedStyle(element).direction")
    assert direction == ("rtl" if name == "Arabic" else "ltr")
    page.close()


def test_a_chart_begins_where_the_story_began_however_often_a_figure_moved(
    browser: Browser, pages: str, database_url: str
) -> None:
    with connect(database_url) as connection:
        for statement in STRANGE_STORY[:3]:
            connection.execute(statement, {"text": "Flood", "publisher": "Old Post"})
        connection.execute(
            """insert into news.facts (story_id, article_id, version_id, key, kind, subject, low, high, sentence,
                                       position, span, valid, status)
               select 1, 1, 1, 'killed|people|', 'killed', 'people', n, n, 'Flood', 0, int4range(0, 5),
                      tstzrange(since, case when n < %(moves)s then since + interval '1 hour' end),
                      case when n < %(moves)s then 'superseded' else 'current' end
               from generate_series(1, %(moves)s) n,
                    lateral (select timestamptz '2026-03-01 00:00Z' + n * interval '1 hour' as since) moment""",
            {"moves": 2 * POINTS_MOST},
        )
    page = browser.new_page(base_url=pages)
    page.goto("/stories/1")
    chart = page.locator("svg.chart")
    assert "1 Mar 2026, 01:00" in chart.text_content()
    assert (chart.locator("path").first.get_attribute("d") or "").count("V") == 2 * POINTS_MOST - 1
    assert chart.locator("a").count() == POINTS_MOST
    assert page.get_by_text(f"the newest 12 of {2 * POINTS_MOST}").is_visible()
    page.close()


def test_an_added_sentence_of_arabic_runs_from_the_right_whatever_its_label(
    browser: Browser, pages: str, database_url: str
) -> None:
    text = HEADLINES["Arabic"]
    with connect(database_url) as connection:
        for statement in STRANGE_STORY[:3]:
            connection.execute(statement, {"text": text, "publisher": text})
        connection.execute(
            "insert into news.versions (article_id, story_id, number, kind, observed_at, headline, text, language,"
            " words, is_developing, extractor, content_sha256, capture_id, captured_at)"
            " select article_id, story_id, 2, 'updated', now(), headline, text || E'.\\n\\n' || %s, language,"
            " 9, true, extractor, 'y', capture_id, captured_at from news.versions",
            ["قال الحاكم إن الإنقاذ مستمر."],
        )
    page = browser.new_page(base_url=pages)
    page.goto("/articles/1")
    added = page.locator(".sentence.is-added")
    assert added.locator(".what").inner_text() == "added"
    assert added.evaluate("element => getComputedStyle(element).direction") == "rtl"
    page.goto("/articles/1?view=side")
    cell = page.locator(".side tbody td").last
    assert cell.evaluate("element => getComputedStyle(element).textAlign") == "start"
    assert cell.evaluate("element => getComputedStyle(element).direction") == "rtl"
    page.close()


@pytest.mark.parametrize("path", ["/stories/1", "/"])
def test_an_open_page_says_when_something_new_has_happened(
    browser: Browser, pages: str, database_url: str, path: str
) -> None:
    event = "insert into news.events (story_id, kind, occurred_at, summary) values (1, 'updated', now(), 'more')"
    with connect(database_url) as connection:
        connection.execute(
            "insert into news.stories (headline, started_at, last_changed_at, url) values ('A', now(), now(), '')"
        )
        page = browser.new_page(base_url=pages)
        page.clock.install()
        page.goto(path)
        title = page.title()
        connection.execute(event)
        page.clock.run_for(LOOKS_EVERY_MS)
        page.get_by_role("status").get_by_role("link").wait_for()
        assert page.title() == f"(1) {title}"
        connection.execute(event)
        page.clock.run_for(LOOKS_EVERY_MS)
        page.get_by_text("2 new events").click()
        page.get_by_text("2 new events").wait_for(state="detached")
        page.close()


def test_what_is_new_on_an_open_story_leads_to_what_changed_meanwhile(
    browser: Browser, pages: str, database_url: str
) -> None:
    with connect(database_url) as connection:
        for statement in STRANGE_STORY:
            connection.execute(statement, {"text": "At least 12 killed", "publisher": "Old Post"})
        page = browser.new_page(base_url=pages)
        page.clock.install()
        page.goto("/stories/1")
        connection.execute(
            "insert into news.events (story_id, article_id, kind, occurred_at, summary)"
            " values (1, 1, 'withdrawn', now(), 'The publisher took it down')"
        )
        page.clock.run_for(LOOKS_EVERY_MS)
        page.get_by_text("Something new has happened").click()
        page.get_by_role("heading", name=re.compile("What changed since")).wait_for()
        assert page.get_by_text("The publisher took it down").is_visible()
        assert page.get_by_text("first seen").count() == 0
        page.close()


def test_a_browser_may_have_more_stories_open_than_it_grants_connections(browser: Browser, told_pages: str) -> None:
    context = browser.new_context(base_url=told_pages)
    for number in range(1, MORE_THAN_CONNECTIONS + 1):
        page = context.new_page()
        page.goto(f"/stories/{number}")
        page.get_by_role("heading", name="Latest facts").wait_for()
    context.close()
