"""What goes out: Atom, JSON, CSV, and the stream of events."""

import csv
import io
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime
from itertools import islice, pairwise

import feedparser
import httpx
import psycopg
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.store.connections import Connection, connect
from pipeline.web import event_questions, stream
from pipeline.web.cursor import Cursor, read_cursor

STREAM_EVENTS = 40


@given(st.integers(0, 10**18 - 1), st.sets(st.integers(0, 10**18 - 1), max_size=50))
def test_a_cursor_reads_what_it_writes(after: int, missing: set[int]) -> None:
    cursor = Cursor(after, frozenset(one for one in missing if one <= after))
    assert read_cursor(str(cursor)) == cursor


@given(st.text(max_size=40))
def test_what_is_no_cursor_is_refused_in_words(text: str) -> None:
    assume(not text.replace("-", "").replace(".", "").isdecimal())
    with pytest.raises(ValueError, match="no place among the events"):
        read_cursor(text)


@pytest.fixture
def story(connection: Connection) -> int:
    row = connection.execute(
        "insert into news.stories (headline, started_at, last_changed_at, url)"
        " values ('A story', now(), now(), 'https://example.com/') returning story_id"
    ).fetchone()
    assert row
    return int(row["story_id"])


def _happen(connection: psycopg.Connection[dict[str, object]], story: int, summary: str) -> int:
    row = connection.execute(
        "insert into news.events (story_id, kind, occurred_at, summary) values (%s, 'updated', now(), %s)"
        " returning event_id",
        (story, summary),
    ).fetchone()
    assert row
    return int(str(row["event_id"]))


def test_an_event_whose_transaction_ends_late_is_told_once_all_the_same(
    connection: Connection, database_url: str, story: int
) -> None:
    cursor = Cursor(0)
    told: list[str] = []

    def read() -> None:
        nonlocal cursor
        rows, cursor = event_questions.events_beyond(connection, read_cursor(str(cursor)), most=100)
        told.extend(row.summary for row in rows)

    with connect(database_url) as slow, connect(database_url) as failing:
        with slow.transaction():
            _happen(slow, story, "late")
            with failing.transaction(force_rollback=True):
                _happen(failing, story, "never")
            _happen(connection, story, "early")
            read()
            assert told == ["early"]
        read()
        read()
    assert told == ["early", "late"]
    _happen(connection, story, "next")
    read()
    assert told == ["early", "late", "next"]


def test_pages_of_events_tell_each_once(told_client: httpx.Client) -> None:
    whole = told_client.get("/api/events", params={"most": 1000}).json()
    assert not whole["more"]
    seen, after = [], "0"
    while True:
        part = told_client.get("/api/events", params={"most": 7, "after": after}).json()
        seen += [event["event_id"] for event in part["events"]]
        after = part["next"]
        if not part["more"]:
            break
    assert seen == [event["event_id"] for event in whole["events"]]
    assert told_client.get("/api/events", params={"after": after}).json()["events"] == []


def test_stories_that_changed_since_a_moment(told_client: httpx.Client) -> None:
    stories = told_client.get("/api/stories").json()["stories"]
    changes = {story["story_id"]: datetime.fromisoformat(story["last_changed_at"]) for story in stories}
    middle = sorted(changes.values())[len(changes) // 2]
    changed = told_client.get("/api/stories", params={"changed_since": middle.isoformat()}).json()["stories"]
    assert {story["story_id"] for story in changed} == {story for story, at in changes.items() if at > middle}


def test_atom_feeds_are_sound_and_carry_the_diff(told_client: httpx.Client) -> None:
    story = told_client.get("/api/stories", params={"q": "earthquake"}).json()["stories"][0]
    for path, least in (("/atom.xml", 50), (f"/stories/{story['story_id']}/atom.xml", 10)):
        answer = told_client.get(path)
        assert answer.headers["content-type"].startswith("application/atom+xml")
        feed = feedparser.parse(answer.content)
        assert not feed.bozo, feed.get("bozo_exception")
        assert len(feed.entries) >= least
        assert len({entry.id for entry in feed.entries}) == len(feed.entries)
        assert all(later.updated >= earlier.updated for later, earlier in pairwise(feed.entries))
        assert any("<ins>" in entry.content[0].value for entry in feed.entries)
        assert told_client.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    mine = feedparser.parse(told_client.get("/atom.xml", params={"publisher": "Harbour Post"}).content)
    assert mine.entries
    assert {entry.author for entry in mine.entries} == {"Harbour Post"}


def test_facts_as_csv(told_client: httpx.Client) -> None:
    story = told_client.get("/api/stories", params={"q": "earthquake"}).json()["stories"][0]["story_id"]
    rows = list(csv.DictReader(io.StringIO(told_client.get(f"/stories/{story}/facts.csv").text)))
    facts = told_client.get(f"/api/stories/{story}/facts").json()["facts"]
    assert [row["key"] for row in rows] == [fact["key"] for fact in facts]
    assert all(not row["sentence"].startswith(("=", "+", "@")) for row in rows)


def _heard(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the events of a stream with the ids they leave the reader at."""
    place = ""
    for line in lines:
        if line.startswith("id: "):
            place = line[4:]
        elif line.startswith("data: "):
            yield place, json.loads(line[6:])


def test_an_event_reaches_who_watches_when_it_happens(
    client: httpx.Client, connection: Connection, story: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody looks by himself: what comes was told of, also what happened before anybody listened.
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 3600)
    with client.stream("GET", "/api/stream", params={"story": story}) as opened:
        heard = _heard(opened.iter_lines())
        for number in range(STREAM_EVENTS):
            event_id = _happen(connection, story, f"event {number}")
            _, event = next(heard)
            assert event["event_id"] == event_id
            assert event["summary"] == f"event {number}"


def test_a_stream_goes_on_where_it_was_cut_off(client: httpx.Client, connection: Connection, story: int) -> None:
    with client.stream("GET", "/api/stream?after=0") as stream:
        heard = _heard(stream.iter_lines())
        _happen(connection, story, "one")
        place, event = next(heard)
        assert event["summary"] == "one"
    _happen(connection, story, "two\nlines")
    _happen(connection, story, "three")
    with client.stream("GET", "/api/stream", headers={"Last-Event-ID": place}) as stream:
        heard = _heard(stream.iter_lines())
        assert [next(heard)[1]["summary"] for _ in range(2)] == ["two\nlines", "three"]
    assert client.get("/api/stream", headers={"Last-Event-ID": "nonsense"}).status_code == 400


def test_however_many_come_at_once_no_more_watch_than_may(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "WATCHERS_MOST", 3)
    everybody = threading.Barrier(8)
    leave = threading.Event()

    def watch() -> int:
        everybody.wait(60)
        with client.stream("GET", "/api/stream") as answer:
            if answer.status_code == 200:
                leave.wait(60)
            return answer.status_code

    with ThreadPoolExecutor(8) as visitors:
        watching = [visitors.submit(watch) for _ in range(8)]
        turned_away = [done.result() for done in islice(as_completed(watching, timeout=60), 5)]
        leave.set()
    assert turned_away == [503] * 5
    assert [done.result() for done in watching].count(200) == 3
    until = time.monotonic() + 60
    while (again := client.send(client.build_request("GET", "/api/stream"), stream=True)).status_code == 503:
        assert time.monotonic() < until, "who left makes room"
        time.sleep(0.1)
    again.close()
