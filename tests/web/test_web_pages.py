"""Every page answers, says what a browser may do with it, and reads as a role that can write nothing."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import psycopg
import pytest

from pipeline.config import settings
from pipeline.store.connections import Connection, connect
from pipeline.web.record import Record
from pipeline.web.words import found_text
from tests.web.conftest import PASSWORD

PAGE_MOST_BYTES = 150_000
CRAWL_MOST = 400
_LINK = re.compile(r'(?:href|src|data-(?:page|events))="([^"]*)"')


def _story(client: httpx.Client, words: str) -> int:
    found = client.get("/api/stories", params={"q": words}).json()["stories"]
    return int(found[0]["story_id"])


def test_every_link_of_every_page_leads_somewhere_and_no_page_is_heavy(told_client: httpx.Client) -> None:
    waiting, seen = ["/"], {"/"}
    pages = 0
    while waiting and pages < CRAWL_MOST:
        path = waiting.pop()
        if path.startswith("/api/stream"):
            continue
        answer = told_client.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        pages += 1
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        assert len(answer.content) < PAGE_MOST_BYTES, path
        for found in _LINK.findall(answer.text):
            target = urlsplit(urljoin(path, unescape(found)))
            if target.netloc or not target.path:
                continue
            # The moments that can be asked for are many: one of a path will do.
            key = target.path + ("?" + re.sub(r"=[^&]*", "", target.query) if target.query else "")
            if key not in seen:
                seen.add(key)
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))
    assert pages > 40


def test_no_page_asks_another_host_for_anything(told_client: httpx.Client) -> None:
    for path in ("/", "/stories/1", "/feeds", "/api", "/nowhere"):
        answer = told_client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert not re.search(r'(?:src|action)="https?:', answer.text)
        assert not re.search(r"<style|\sstyle=|\son\w+=", answer.text)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nowhere", 404, "There is no page at this address"),
        ("/between?begin=2026-11-29&end=2026-11-28", 200, "ends before it begins"),
        ("/stories/999999", 404, "There is no story 999999"),
        ("/articles/999999", 404, "There is no article 999999"),
        ("/stories/words", 422, "not understood"),
        ("/stories/1?at=yesterday", 422, "not understood"),
        ("/stories/1?at=0001-01-01T00:00:00%2B10:00", 422, "beyond the calendar"),
        ("/?page=0", 422, "not understood"),
    ],
)
def test_what_cannot_be_shown_is_said_on_a_page(told_client: httpx.Client, path: str, status: int, said: str) -> None:
    answer = told_client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert said in answer.text


def test_an_address_whose_end_was_cut_off_leads_to_the_list(told_client: httpx.Client) -> None:
    for path in ("/stories", "/stories/"):
        answer = told_client.get(path, params={"q": "quake"}, follow_redirects=True)
        assert (answer.status_code, answer.url.path, answer.url.params["q"]) == (200, "/", "quake")


def test_a_form_that_is_sent_as_it_stands_asks_for_what_is_shown(told_client: httpx.Client, told_url: str) -> None:
    with connect(told_url) as record:
        row = record.execute("select story_id from news.stories where headline ilike '%quake%'").fetchone()
    assert row
    for page, table, field in (("", "Facts", "at"), ("/since", "Facts that changed", "since")):
        path = f"/stories/{row['story_id']}{page}"
        shown = told_client.get(path).text
        value = shown.partition(f'<input id="{field}"')[2].partition('value="')[2].partition('"')[0]
        asked = told_client.get(path, params={"at": value}).text
        values = [
            re.findall(r"<tr>.*?</td>", text.partition(f'aria-label="{table}"')[2], re.DOTALL)
            for text in (shown, asked)
        ]
        assert values[0]
        assert values[0] == values[1]


def test_what_changed_since_a_story_began_is_asked_for_by_the_moment_that_the_page_states(
    told_client: httpx.Client,
) -> None:
    """A story may have several versions within its first second, which a form's field cannot tell apart."""
    shown = told_client.get(f"/stories/{_story(told_client, 'quake')}/since").text
    stated = shown.partition("What changed since <time")[2].partition('datetime="')[2].partition('"')[0]
    field = shown.partition('<input id="since"')[2].partition('value="')[2].partition('"')[0]
    assert datetime.fromisoformat(stated) == datetime.fromisoformat(field).replace(tzinfo=UTC)


def test_text_that_postgres_cannot_hold_is_no_fault(told_client: httpx.Client) -> None:
    assert told_client.get("/", params={"q": "a\0b"}).status_code == 200
    assert told_client.get("/?q=%ff%fe").status_code == 200
    assert told_client.get("/", params={"q": '"unclosed -& | ! ('}).status_code == 200


def test_a_story_is_found_by_a_word_of_any_version(told_client: httpx.Client, told_url: str) -> None:
    found = told_client.get("/", params={"q": "earthquake"})
    assert "earthquake" in found.text.lower()
    assert "ferry" not in found.text.partition("<main")[2].lower()
    assert "No story is like that" in told_client.get("/", params={"q": "xyzzyplugh"}).text


def test_a_search_shows_the_passage_that_has_the_words_and_whose_it_is(told_client: httpx.Client) -> None:
    found = told_client.get("/", params={"q": "earthquake hospitals"}).text
    passage = re.search(
        r'<p class="found">(.*?)<a class="dim" href="(/articles/\d+\?new=\d+)">(.*?)</a>', found, re.DOTALL
    )
    assert passage
    assert "<mark>earthquake</mark>" in passage[1].lower()
    assert "<mark>hospital</mark>" in passage[1]
    assert "version" in passage[3]
    assert "hospital" in told_client.get(passage[2]).text
    same = told_client.get("/api/stories", params={"q": "earthquake hospital"}).json()["stories"][0]["passage"]
    assert passage[2].endswith(f"/articles/{same['article_id']}?new={same['number']}")
    assert same["publisher"] in passage[3]
    assert {word.lower() for word in same["found"]} == {"earthquake", "hospital"}
    assert all(word in same["text"] for word in same["found"])
    assert told_client.get("/api/stories").json()["stories"][0]["passage"] is None
    assert 'class="found"' not in told_client.get("/").text


def test_a_passage_is_text_whatever_stands_in_it() -> None:
    assert found_text("<i>\x02a & b\x03\x03") == "… &lt;i&gt;<mark>a &amp; b</mark>\x03 …"


def test_the_page_of_the_api_names_what_may_be_asked(told_client: httpx.Client) -> None:
    page = told_client.get("/api").text
    assert "<code>changed_since</code>" in page
    assert "<code>story_id</code>" not in page  # it is part of the address


def test_filters_live_in_the_address(told_client: httpx.Client) -> None:
    one = told_client.get("/", params={"publisher": "Harbour Post", "status": ""}).text
    assert 'value="Harbour Post" selected' in one
    assert "The last loaf" not in one
    assert "The last loaf" in told_client.get("/", params={"publisher": "The Tarn Courier"}).text


def test_what_was_seen_in_a_span_of_time_names_the_entries_that_were_new(
    told_client: httpx.Client, told_url: str
) -> None:
    with connect(told_url) as record:
        row = record.execute(
            "select min(first_seen_at) as first, max(first_seen_at) as last from news.entries"
        ).fetchone()
    seen = told_client.get("/between", params={"begin": row["first"].isoformat(), "end": row["last"].isoformat()}).text
    assert "New in the feeds" in seen
    assert len(re.findall(r'<li><time [^>]+>[^<]+</time> · [^<]+ · <a href="/articles/\d+">', seen)) > 3
    before = told_client.get("/between", params={"begin": "2000-01-01", "end": "2000-01-02"}).text
    assert "Nothing happened to a story" in before
    assert "New in the feeds" not in before


def test_every_event_of_a_span_of_time_can_be_reached(told_client: httpx.Client) -> None:
    events = told_client.get("/api/events", params={"most": 1000}).json()["events"]
    moments = sorted(event["occurred_at"] for event in events)
    path: str | None = str(httpx.URL("/between", params={"begin": moments[0], "end": moments[-1]}))
    shown, pages = 0, 0
    while path:
        page = told_client.get(path).text
        shown, pages = shown + page.count('<span class="kind">'), pages + 1
        older = re.search(r'href="([^"]+)">Older events<', page)
        path = unescape(older[1]) if older else None
    assert pages > 1
    assert shown == len(events)


def test_today_is_called_so_and_leads_to_the_day_before(told_client: httpx.Client) -> None:
    today = told_client.get("/between").text
    assert "<h1>Today</h1>" in today
    link = re.search(r'href="([^"]+)">← The day before<', today)
    assert link
    before = told_client.get(unescape(link[1])).text
    assert "<h1>What was seen</h1>" in before
    assert 'href="/between">Today' in before


def test_a_story_tells_its_facts_then_and_now(told_client: httpx.Client) -> None:
    story = _story(told_client, "earthquake")
    events = told_client.get("/api/events", params={"story": story, "most": 1000}).json()["events"]
    tolls = [event for event in events if event["kind"] == "fact_changed" and event["details"]["kind"] == "killed"]
    first = tolls[0]
    page = told_client.get(f"/stories/{story}", params={"at": events[0]["occurred_at"]}).text
    assert "What was known on" in page
    assert f"{first['details']['old']['low']:.0f}" in page.partition("</section>")[0]
    now = told_client.get(f"/stories/{story}").text
    assert '<svg class="chart"' in now
    assert "<ins>" in now
    assert "<del>" in now
    before = re.search(r'>injured</th>.*?data-name="Before">([^<]*)', now, re.DOTALL)
    assert before
    assert before[1].startswith("about 160")
    fire = told_client.get(f"/stories/{_story(told_client, 'acres')}").text
    assert re.search(r'data-name="Before">[\d,]+ acres', fire)
    since = told_client.get(f"/stories/{story}/since", params={"at": events[0]["occurred_at"]}).text
    named = re.findall(r'<th scope="row">([^<]+)</th>', since)
    assert named[0] == "killed"
    assert "<ins>" in since


def test_the_list_names_the_dead_first(told_client: httpx.Client) -> None:
    entry = told_client.get("/", params={"q": "earthquake"}).text.partition('<p class="facts">')[2].partition("</p>")[0]
    assert re.findall(r"</strong> ([^<]+)</span>", entry)[0] == "killed"


def test_a_value_of_another_publisher_is_not_told_as_what_this_one_said_before(told_client: httpx.Client) -> None:
    story = _story(told_client, "earthquake")
    events = told_client.get("/api/events", params={"story": story, "most": 1000}).json()["events"]

    def toll(at: str | None) -> dict[str, Any]:
        facts = told_client.get(f"/api/stories/{story}/facts", params={"at": at} if at else {}).json()["facts"]
        return next(fact for fact in facts if fact["key"] == "killed|people|")

    newest = toll(None)
    at = next(one["occurred_at"] for one in events if toll(one["occurred_at"])["publisher"] != newest["publisher"])
    since = told_client.get(f"/stories/{story}/since", params={"at": at}).text
    row = since.partition(">killed</th>")[2].partition("</tr>")[0]
    then, _, now = row.partition('data-name="Now"')
    assert f"(<bdi>{toll(at)['publisher']}</bdi>)" in then
    assert f"<bdi>{newest['publisher']}</bdi>" in now


def test_what_happened_since_then_is_told_too(told_client: httpx.Client) -> None:
    story = _story(told_client, "earthquake")
    events = told_client.get("/api/events", params={"story": story, "most": 1000}).json()["events"]
    note = next(event for event in events if event["kind"] == "corrected")
    before = told_client.get(f"/stories/{story}/since", params={"at": events[0]["occurred_at"]}).text
    assert escape(note["summary"], quote=False) in before
    assert ">corrected</span>" in before
    then = told_client.get(f"/stories/{story}/since", params={"at": note["occurred_at"]}).text
    assert ">corrected</span>" not in then


def test_a_fact_leads_to_its_sentence(told_client: httpx.Client) -> None:
    page = told_client.get(f"/stories/{_story(told_client, 'earthquake')}").text
    known = told_client.get(f"/api/stories/{_story(told_client, 'earthquake')}/facts").json()["facts"]
    assert {fact["fact_id"] for fact in known if fact["kind"] != "quote"} <= set(map(int, _facts_linked(page)))
    differing = page.partition('id="rivals"')[2].partition("</section>")[0]
    assert len(_facts_linked(differing)) == differing.count("<dd>")
    for number in _facts_linked(page):
        article = told_client.get(f"/facts/{number}", follow_redirects=True)
        assert article.status_code == 200
        assert '<mark id="fact">' in article.text
    assert told_client.get("/facts/999999").status_code == 404


def _facts_linked(page: str) -> list[str]:
    return re.findall(r'href="/facts/(\d+)"', page)


def test_versions_are_compared_as_one_text_or_side_by_side(told_client: httpx.Client) -> None:
    story = _story(told_client, "earthquake")
    told_by = told_client.get(f"/api/stories/{story}").json()["told_by"]
    article = max(told_by, key=lambda one: one["versions"])
    path = f"/articles/{article['article_id']}"
    assert "<del>" in told_client.get(path, params={"old": 1, "new": article["versions"]}).text
    side = told_client.get(path, params={"old": 1, "new": article["versions"], "view": "side"}).text
    assert '<table class="side">' in side
    assert article["url"] in side
    assert "SHA-256" in side


def test_the_pages_read_as_a_role_that_can_write_nothing(told_url: str) -> None:
    record = Record(told_url)
    with record.reading() as connection:
        row = connection.execute("select current_user as who").fetchone()
        assert row == {"who": "news_reader"}
        for attempt in ("delete from news.feeds", "set default_transaction_read_only = off; delete from news.feeds"):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
                connection.execute(attempt)
    record.close()


def test_a_record_that_is_away_is_a_page_too(serve: Callable[[str], AbstractContextManager[str]]) -> None:
    with serve("postgresql://nobody@127.0.0.1:1/none") as address:
        answer = httpx.get(address, timeout=30)
        assert answer.status_code == 503
        assert "Nothing is lost" in answer.text
        assert "detail" in httpx.get(f"{address}/api/stories", timeout=30).json()


def test_only_the_names_of_this_machine_are_answered(told_pages: str) -> None:
    assert httpx.get(told_pages, headers={"Host": "evil.example"}).status_code == 400
    assert httpx.get(told_pages, headers={"Host": "localhost:1"}).status_code == 200


def test_nobody_writes_without_a_login(client: httpx.Client, connection: Connection) -> None:
    client.get("/")
    for path in ("/feeds", "/feeds/1/pause", "/feeds/1/poll", "/logout"):
        assert client.post(path, data={"url": "http://example.com/feed", "token": "x"}).status_code == 401
    assert client.post("/login", data={"password": "wrong"}).status_code == 403
    assert not connection.execute("select * from news.feeds").fetchall()


def test_a_write_needs_the_token_of_a_page_of_ours(
    client: httpx.Client, connection: Connection, log_in: Callable[[], str]
) -> None:
    token = log_in()
    wish = {"url": "https://example.com/feed.xml"}
    assert client.post("/feeds", data=wish).status_code == 403
    assert client.post("/feeds", data={**wish, "token": token[:-1] + "0x"}).status_code == 403
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/feeds", data={**wish, "token": token}, headers=elsewhere).status_code == 403
    other = {"Origin": "https://evil.example"}
    assert client.post("/feeds", data={**wish, "token": token}, headers=other).status_code == 403
    with httpx.Client(base_url=client.base_url, timeout=60) as somebody:
        somebody.post("/login", data={"password": PASSWORD})
        assert somebody.post("/feeds", data={**wish, "token": token}).status_code == 403
    assert not connection.execute("select * from news.feeds").fetchall()


def test_feeds_are_added_paused_resumed_and_polled(
    client: httpx.Client, connection: Connection, log_in: Callable[[], str]
) -> None:
    token = log_in()
    assert client.post("/feeds", data={"url": "https://example.com/feed.xml", "token": token}).status_code == 303
    for address, said in (
        ("javascript:alert(1)", "must begin with http"),
        ("https://example.com/a\x00b", "must begin with http"),
        ("https://ann:secret@example.com/feed", "name or password"),
    ):
        refused = client.post("/feeds", data={"url": address, "token": token})
        assert refused.status_code == 400
        assert said in refused.text

    def feed() -> dict[str, object]:
        rows = connection.execute("select *, next_poll_at <= now() as due from news.feeds").fetchall()
        assert len(rows) == 1
        return rows[0]

    assert feed()["publisher"] == "example.com"
    number = feed()["feed_id"]
    assert client.post(f"/feeds/{number}/pause", data={"token": token}).status_code == 303
    assert feed()["disabled_reason"] == "paused by admin"
    assert "paused by admin" in client.get("/feeds").text
    client.post(f"/feeds/{number}/resume", data={"token": token})
    assert feed()["disabled_reason"] is None
    connection.execute("update news.feeds set next_poll_at = now() + interval '1 hour'")
    assert not feed()["due"]
    client.post(f"/feeds/{number}/poll", data={"token": token})
    assert feed()["due"]
    assert client.post(f"/feeds/{number}/explode", data={"token": token}).status_code == 404
    assert client.post("/logout", data={"token": token}).status_code == 303
    client.cookies.clear()
    assert client.post(f"/feeds/{number}/pause", data={"token": token}).status_code == 401


def test_a_feed_added_on_its_page_is_polled_as_often_as_the_setting_says(
    client: httpx.Client,
    connection: Connection,
    log_in: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setenv("WRITETHRU_POLL_DEFAULT_SECONDS", "900")
    request.addfinalizer(settings.cache_clear)
    settings.cache_clear()
    assert client.post("/feeds", data={"url": "https://example.com/feed.xml", "token": log_in()}).status_code == 303
    (feed,) = connection.execute("select poll_every from news.feeds").fetchall()
    assert feed["poll_every"] == timedelta(minutes=15)


def test_a_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: httpx.Client) -> None:
    cookie = client.post("/login", data={"password": PASSWORD}).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    client.cookies.set("writethru_session", "9999999999.forged.0000")
    assert client.post("/feeds/1/pause", data={"token": "x"}).status_code == 401
