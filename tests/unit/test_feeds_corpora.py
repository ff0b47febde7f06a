"""Thousands of odd feeds of other projects: nothing but NotAFeedError comes out, and what they expect is read."""

import ast
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import NotAFeedError
from pipeline.feeds import parse_feed
from pipeline.feeds.charset import decode
from pipeline.feeds.text import TextKind, clean, to_text
from pipeline.model import Entry

EXPECTATION = re.compile(
    r"entries\[0\]\[u?'(title|link|id|summary|published_parsed|updated_parsed)'\] == "
    r"(\((?:\d+,? ?)+\)|u?'(?:[^'\\]|\\.)*'|u?\"[^\"]*\")"
)


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


def agrees(entry: Entry, key: str, wanted: object) -> bool:
    if isinstance(wanted, tuple):
        moment = datetime(*wanted[:6], tzinfo=UTC)
        return moment in {entry.published_at, entry.updated_at}
    text = str(wanted)
    if key in {"title", "summary"}:
        return getattr(entry, key) in {clean(text), to_text(text, TextKind.HTML), to_text(text, TextKind.GUESS)}
    return {"link": entry.link, "id": entry.guid}[key] == text


def test_feedparser_expectations_are_met(data_dir):
    # The others: ids that we keep unresolved, and a host that we write in lower case.
    agreed: Counter[bool] = Counter()
    for path in corpus(data_dir, "feedparser"):
        body = path.read_bytes()
        text = decode(body, None).text
        headers = dict(re.findall(r"Header:\s+([\w-]+):\s*(.*)", text))
        expected = re.search(r"Expect:\s*(.*)", text)
        for key, value in EXPECTATION.findall(expected[1]) if expected else ():
            feed = parse_feed(
                body,
                url=headers.get("Content-Location", "http://127.0.0.1:8097/"),
                content_type=headers.get("Content-type"),
                max_entries=10,
            )
            agreed[agrees(feed.entries[0], key, ast.literal_eval(value))] += 1
    assert agreed[True] >= 60
    assert agreed[True] / agreed.total() >= 0.95


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
