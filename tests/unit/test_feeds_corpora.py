"""Thousands of odd feeds of other projects: nothing but NotAFeedError comes out, and what they expect is read."""

import ast
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.dates import parse_date
from pipeline.errors import NotAFeedError
from pipeline.feeds import parse_feed
from pipeline.feeds.charset import decode
from pipeline.feeds.text import TextKind, clean, to_text
from pipeline.model import Entry, ParsedFeed

# What an entry or its feed is expected to be, under all the names that feedparser has for a field that we keep. Left
# out is what Writethru does not keep: authors, categories, rights, sources, enclosures, inner details.
EXPECTATION = re.compile(
    r"(entries\[0\]|feed)(?:\[u?'|\.)"
    r"(title|link|id|guid|summary|description|(?:published|updated|created|issued|modified)(?:_parsed)?)(?:'\])? == "
    r"(\((?:\d+,? ?)+\)|\"{3}.*?\"{3}|u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\")"
)
SAME_FIELD = {"guid": "id", "description": "summary"}
# Expectations that we do not share, each with its reason.
OTHERWISE = {
    "http_entry_id_base_content_location.xml": "an id is kept as it was written, unresolved",
    "http_entry_id_base_docuri.xml": "an id is kept as it was written, unresolved",
    "item_image_link_conflict.xml": "a host is written in lower case",
    "entity_in_doctype.xml": "entities of a document's own are refused",
    "bozo_linenoise.xml": "UTF-8 that says it is UTF-8 is read as that, not as windows-1252",
}


def corpus(data_dir: Path, name: str) -> list[Path]:
    folder = data_dir / name
    if not folder.is_dir():
        pytest.skip(f"no corpus at {folder}")
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", ["feedparser", "feedvalidator", "miniflux", "reader", "mediacloud-rss-fixtures"])
def test_corpus_is_read_or_refused(data_dir, name):
    outcomes: Counter[bool] = Counter()
    for path in corpus(data_dir, name):
        try:
            feed = parse_feed(path.read_bytes(), url="https://feed.example/", content_type=None, max_entries=2000)
        except NotAFeedError:
            outcomes[False] += 1
        else:
            outcomes[True] += 1
            assert len({entry.identity for entry in feed.entries}) == len(feed.entries)
            assert all(entry.link is None or entry.link.startswith("http") for entry in feed.entries)
    assert outcomes[True] > 0


def agrees(found: Entry | ParsedFeed, key: str, wanted: object) -> bool:
    key = SAME_FIELD.get(key, key)
    if key.startswith(("published", "updated", "created", "issued", "modified")):
        moment = datetime(*wanted[:6], tzinfo=UTC) if isinstance(wanted, tuple) else parse_date(str(wanted))
        return isinstance(found, Entry) and moment in {found.published_at, found.updated_at}
    text = str(wanted)
    if key in {"title", "summary"}:
        return getattr(found, key) in {clean(text), to_text(text, TextKind.HTML), to_text(text, TextKind.GUESS)}
    return bool(getattr(found, {"id": "guid"}.get(key, key)) == text)


def is_kept(subject: str, key: str) -> bool:
    return subject != "feed" or key == "title"


def test_feedparser_expectations_are_met(data_dir):
    agreed: Counter[bool] = Counter()
    otherwise: set[str] = set()
    for path in corpus(data_dir, "feedparser"):
        body = path.read_bytes()
        text = decode(body, None).text
        headers = dict(re.findall(r"Header:\s+([\w-]+):\s*(.*)", text))
        expected = re.search(r"Expect:\s*(.*)", text)
        for subject, key, value in EXPECTATION.findall(expected[1]) if expected else ():
            if not is_kept(subject, key):
                continue
            url = headers.get("Content-Location", "http://127.0.0.1:8097/")
            try:
                feed = parse_feed(body, url=url, content_type=headers.get("Content-type"), max_entries=10)
            except NotAFeedError:
                otherwise.add(path.name)
                continue
            is_right = agrees(feed if subject == "feed" else feed.entries[0], key, ast.literal_eval(value))
            agreed[is_right] += 1
            if not is_right:
                otherwise.add(path.name)
    assert otherwise == set(OTHERWISE)
    assert agreed[True] >= 130


def test_dates_that_the_feed_validator_calls_valid_are_read(data_dir):
    read: Counter[bool] = Counter()
    lost: list[str] = []
    for path in corpus(data_dir, "feedvalidator"):
        text = decode(path.read_bytes(), None).text
        if not re.search(r"Expect:\s*(?:ValidRFC2822Date|ValidW3CDTFDate)\b", text):
            continue
        for written in re.findall(
            r"<(?:\w+:)?(?:pubDate|date|updated|published|modified|issued|created)>([^<]+)</", text
        ):
            is_read = parse_date(written) is not None
            read[is_read] += 1
            if not is_read:
                lost.append(f"{path.name}: {written}")
    assert lost == []
    assert read[True] >= 30


def test_no_real_feed_loses_a_date(data_dir):
    folder = data_dir / "mediacloud-rss-fixtures"
    if not folder.is_dir():
        pytest.skip(f"no corpus at {folder}")
    for path in folder.glob("*.rss"):
        feed = parse_feed(path.read_bytes(), url="https://feed.example/", content_type=None, max_entries=2000)
        assert not [problem for problem in feed.problems if "cannot be read" in problem]
        dated = path.read_bytes().count(b"</pubDate>")
        assert sum(1 for entry in feed.entries if entry.published_at) >= min(dated, len(feed.entries)) - 1


def test_states_of_one_feed_change_only_by_edits(data_dir):
    states = sorted((data_dir / "rss-histories" / "npr" / "raw").glob("*.xml"))
    if not states:
        pytest.skip("no rss-histories/npr")
    contents: dict[str, set[str]] = {}
    for path in states:
        for entry in parse_feed(
            path.read_bytes(), url="https://feed.example/", content_type=None, max_entries=99
        ).entries:
            contents.setdefault(entry.identity, set()).add(entry.content_sha256)
    changed = sum(1 for versions in contents.values() if len(versions) > 1)
    assert 0 < changed < len(contents) * 0.1
