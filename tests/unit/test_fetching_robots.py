import time
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.fetching.answers import Silence
from pipeline.fetching.robots import (
    ALLOW_ALL,
    FAILURE_HOLDS,
    MAX_BYTES,
    RULES_HOLD,
    RobotsCache,
    RobotsRules,
    read_robots,
)
from pipeline.model import Outcome

SITE = "https://news.example"
NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def allowed(text: str, path: str) -> bool:
    return read_robots(text.encode()).allows(SITE + path)


def test_rules_for_everybody_hold_for_us():
    text = "User-agent: *\nDisallow: /private\n"
    assert not allowed(text, "/private/a")
    assert allowed(text, "/public")


def test_rules_addressed_to_us_replace_those_for_everybody():
    text = "User-agent: *\nDisallow: /\n\nUser-Agent: WriteThru\nDisallow: /drafts\n"
    assert allowed(text, "/news")
    assert not allowed(text, "/drafts/1")


@pytest.mark.parametrize("name", ["write", "writethru-images", "thru", "notwritethru"])
def test_rules_addressed_to_a_name_like_ours_do_not_hold_for_us(name):
    assert allowed(f"User-agent: {name}\nDisallow: /\n", "/news")


def test_a_group_for_several_agents_holds_for_each():
    assert not allowed("User-agent: otherbot\nUser-agent: writethru/2.0 # us\nDisallow: /x\n", "/x")


def test_the_longest_rule_wins():
    text = "User-agent: *\nDisallow: /news\nAllow: /news/public\n"
    assert not allowed(text, "/news/1")
    assert allowed(text, "/news/public/1")


def test_wildcards_and_line_ends_are_understood():
    text = "\ufeffUser-agent: *\r\nDisallow: /*.pdf$\r\n"
    assert not allowed(text, "/a/b.pdf")
    assert allowed(text, "/a/b.pdf?x=1")


@pytest.mark.parametrize("text", ["", "<html><body>Not found</body></html>", "\x00\x01", "Disallow: /\n"])
def test_a_file_without_rules_allows_everything(text):
    assert allowed(text, "/news")


def test_what_lies_beyond_half_a_mebibyte_is_not_read():
    text = "User-agent: *\n" + "#" * MAX_BYTES + "\nDisallow: /\n"
    assert allowed(text, "/news")


def test_a_crawl_delay_is_heeded_up_to_a_bound():
    assert read_robots(b"User-agent: *\nCrawl-delay: 10\n").crawl_delay_seconds == 10
    assert read_robots(b"User-agent: *\nCrawl-delay: 86400\n").crawl_delay_seconds == 30
    assert ALLOW_ALL.crawl_delay_seconds == 0


def test_a_file_of_very_many_agents_is_read_in_no_time():
    agents = "".join(f"User-agent: {number}\n" for number in range(15_000))
    rules = "".join(f"Disallow: /*a*b{number}$\n" for number in range(10_000))
    begun = time.process_time()
    read_robots((agents + rules).encode()).allows(SITE + "/" + "ab" * 1000)
    assert time.process_time() - begun < 3


FAILURE = Silence(outcome=Outcome.TIMEOUT, detail="no answer in time")
RULES = read_robots("User-agent: *\nDisallow: /privé\n".encode())


def test_rules_are_kept_for_a_day_and_failures_for_minutes():
    cache = RobotsCache()
    cache.put("a", RULES, now=NOW)
    cache.put("b", FAILURE, now=NOW)
    assert cache.get("a", now=NOW + RULES_HOLD - SECOND) is RULES
    assert cache.get("a", now=NOW + RULES_HOLD) is None
    assert cache.get("b", now=NOW + FAILURE_HOLDS - SECOND) is FAILURE
    assert cache.get("b", now=NOW + FAILURE_HOLDS) is None


def test_rules_outlive_the_process_and_failures_do_not(tmp_path):
    first = RobotsCache(tmp_path / "robots")
    first.put(SITE, RULES, now=NOW)
    first.put("https://other.example", FAILURE, now=NOW)
    second = RobotsCache(tmp_path / "robots")
    found = second.get(SITE, now=NOW + RULES_HOLD - SECOND)
    assert isinstance(found, RobotsRules)
    assert not found.allows(SITE + "/priv%C3%A9")
    assert found.allows(SITE + "/news")
    assert RobotsCache(tmp_path / "robots").get(SITE, now=NOW + RULES_HOLD) is None
    assert second.get("https://other.example", now=NOW) is None


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost:8000"])
def test_a_site_on_loopback_is_not_remembered_on_disk(tmp_path, origin):
    RobotsCache(tmp_path).put(origin, RULES, now=NOW)
    assert RobotsCache(tmp_path).get(origin, now=NOW) is None


def test_a_folder_that_cannot_be_used_is_done_without(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    cache = RobotsCache(tmp_path / "file")
    cache.put(SITE, RULES, now=NOW)
    assert cache.get(SITE, now=NOW) is RULES


def test_a_damaged_file_is_asked_for_again(tmp_path):
    RobotsCache(tmp_path).put(SITE, RULES, now=NOW)
    for path in tmp_path.iterdir():
        path.write_text('{"text": 1}')
    assert RobotsCache(tmp_path).get(SITE, now=NOW) is None
