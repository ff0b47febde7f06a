"""How the fetcher treats a host: it stops when told to, keeps its pace, and asks robots.txt first."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.fetching import Fetcher
from pipeline.model import RATE_LIMIT_PAUSE, Outcome
from tests.unit.asking import DISALLOW_ALL, FEED, PAGE, article, feed, settings

#: By so much a timer of the event loop may be early.
TICK_SECONDS = 0.001

# ── rate limits ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_holds_for_the_whole_host_without_asking_again(hostile, fetcher, status):
    hostile.reply("/feed", status=status, Retry_After="3600")
    hostile.reply("/other", FEED)
    before = datetime.now(UTC)
    first = await feed(fetcher, hostile.url("/feed"))
    second = await feed(fetcher, hostile.url("/other"))
    assert first.outcome is second.outcome is Outcome.RATE_LIMITED
    for result in (first, second):
        assert result.not_before is not None
        assert result.not_before >= before + timedelta(hours=1)
    assert second.http_status is None
    assert hostile.paths() == ["/feed"]


async def test_a_429_that_names_no_time_spares_the_host_for_a_while(hostile, fetcher):
    hostile.reply("/feed", status=429)
    before = datetime.now(UTC)
    first = await feed(fetcher, hostile.url("/feed"))
    second = await feed(fetcher, hostile.url("/other"))
    assert first.outcome is second.outcome is Outcome.RATE_LIMITED
    assert first.not_before is None
    assert second.not_before is not None
    assert second.not_before >= before + RATE_LIMIT_PAUSE
    assert hostile.paths() == ["/feed"]


async def test_those_who_wait_in_line_are_turned_away_when_the_host_says_stop(hostile):
    hostile.reply("/feed", status=429, Retry_After="3600")
    async with Fetcher(settings(host_concurrency=1)) as fetcher:
        results = await asyncio.gather(*(feed(fetcher, hostile.url("/feed")) for _ in range(20)))
    assert {result.outcome for result in results} == {Outcome.RATE_LIMITED}
    assert len(hostile.asked) == 1


async def test_a_good_answer_with_retry_after_holds_nothing(hostile, fetcher):
    hostile.reply("/feed", FEED, Retry_After="3600")
    for _ in range(2):
        result = await feed(fetcher, hostile.url("/feed"))
        assert result.outcome is Outcome.NEW_BODY
        assert result.not_before is None


# ── pace ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_servers_own_log_shows_the_pause_between_any_two_requests(hostile):
    hostile.reply("/robots.txt", status=404)
    hostile.redirect("/moved", "/page")
    hostile.reply("/page", PAGE, Content_Type="text/html")
    hostile.reply("/feed", FEED)
    begun = asyncio.get_running_loop().time()
    async with Fetcher(settings(host_gap_seconds=0.1)) as fetcher:
        await asyncio.gather(
            *(article(fetcher, hostile.url(path)) for path in ("/moved", "/page", "/page")),
            feed(fetcher, hostile.url("/feed")),
        )
    times = [request.at for request in hostile.asked]
    assert len(times) == 6
    # Counted from the begin, not from request to request: on a slow machine one may arrive late, none early.
    assert all(at - begun >= pauses * 0.1 - TICK_SECONDS for pauses, at in enumerate(times))


async def test_waiting_for_a_turn_does_not_use_up_the_deadline(hostile, monkeypatch):
    hostile.reply("/feed", FEED)
    begun = asyncio.get_running_loop().time()
    async with Fetcher(settings(host_gap_seconds=0.3)) as fetcher:
        ask, deadlines = fetcher._transport.ask, []

        async def noted_ask(*args, deadline_seconds, **kwargs):
            deadlines.append(deadline_seconds)
            return await ask(*args, deadline_seconds=deadline_seconds, **kwargs)

        monkeypatch.setattr(fetcher._transport, "ask", noted_ask)
        results = await asyncio.gather(*(feed(fetcher, hostile.url("/feed")) for _ in range(4)))
        took = asyncio.get_running_loop().time() - begun
    assert {result.outcome for result in results} == {Outcome.NEW_BODY}
    assert deadlines == [settings().fetch_total_seconds] * 4
    assert results[-1].elapsed_seconds <= took - 3 * 0.3 + TICK_SECONDS, "it had waited for three others"


async def test_a_connection_is_kept_for_a_site_with_more_pages_and_closed_behind_a_feed(hostile, fetcher):
    hostile.reply("/a", PAGE, Content_Type="text/html")
    for _ in range(3):
        await article(fetcher, hostile.url("/a"))
    assert hostile.connections == 1
    for _ in range(3):
        await feed(fetcher, hostile.url("/a"))
    assert hostile.connections == 4


async def test_a_crawl_delay_slows_the_host_down(hostile, fetcher):
    hostile.reply("/robots.txt", b"User-agent: *\nCrawl-delay: 0.2\n")
    hostile.reply("/a", PAGE, Content_Type="text/html")
    begun = asyncio.get_running_loop().time()
    await asyncio.gather(*(article(fetcher, hostile.url("/a")) for _ in range(3)))
    times = [request.at for request in hostile.asked if request.path == "/a"]
    assert len(times) == 3
    assert all(at - begun >= pauses * 0.2 - TICK_SECONDS for pauses, at in enumerate(times))


# ── robots.txt ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_robots_txt_is_asked_once_for_many_articles(hostile, fetcher):
    hostile.reply("/robots.txt", b"User-agent: *\nDisallow: /private\n")
    hostile.reply("/a", PAGE, Content_Type="text/html")
    hostile.reply("/private/b", PAGE, Content_Type="text/html")
    results = await asyncio.gather(*(article(fetcher, hostile.url(path)) for path in ("/a", "/private/b", "/a")))
    assert [result.outcome for result in results] == [Outcome.NEW_BODY, Outcome.DISALLOWED, Outcome.NEW_BODY]
    assert sorted(hostile.paths()) == ["/a", "/a", "/robots.txt"]


async def test_robots_txt_does_not_apply_to_a_feed_that_a_user_chose(hostile, fetcher):
    hostile.reply("/robots.txt", DISALLOW_ALL)
    hostile.reply("/feed", FEED)
    assert (await feed(fetcher, hostile.url("/feed"))).outcome is Outcome.NEW_BODY
    assert hostile.paths() == ["/feed"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_site_without_robots_txt_allows_everything(hostile, fetcher, status):
    hostile.reply("/robots.txt", b"no", status=status)
    hostile.reply("/a", PAGE, Content_Type="text/html")
    assert (await article(fetcher, hostile.url("/a"))).outcome is Outcome.NEW_BODY


async def test_a_site_whose_robots_txt_fails_is_not_asked_for_its_pages(hostile, fetcher):
    hostile.reply("/robots.txt", status=500)
    hostile.reply("/a", PAGE, Content_Type="text/html")
    for _ in range(2):
        result = await article(fetcher, hostile.url("/a"))
        assert result.outcome is Outcome.SERVER_ERROR
        assert "robots.txt" in (result.detail or "")
    assert hostile.paths() == ["/robots.txt"]


async def test_a_site_whose_robots_txt_never_comes_is_not_asked_for_its_pages(hostile):
    async def silence(_: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3600)

    hostile.raw("/robots.txt", silence)
    hostile.reply("/a", PAGE, Content_Type="text/html")
    async with Fetcher(settings(fetch_total_seconds=0.2)) as fetcher:
        result = await article(fetcher, hostile.url("/a"))
    assert result.outcome is Outcome.TIMEOUT
    assert "robots.txt" in (result.detail or "")
    assert "/a" not in hostile.paths()


async def test_a_rate_limit_on_robots_txt_is_one_for_the_article(hostile, fetcher):
    hostile.reply("/robots.txt", status=429, Retry_After="600")
    result = await article(fetcher, hostile.url("/a"))
    assert result.outcome is Outcome.RATE_LIMITED
    assert result.not_before is not None
    assert hostile.paths() == ["/robots.txt"]


async def test_robots_txt_is_followed_where_it_moved(hostile, fetcher):
    hostile.redirect("/robots.txt", "/rules", status=301)
    hostile.reply("/rules", DISALLOW_ALL)
    assert (await article(fetcher, hostile.url("/a"))).outcome is Outcome.DISALLOWED


async def test_the_target_of_a_redirect_is_held_against_robots_txt_too(hostile, fetcher):
    hostile.reply("/robots.txt", b"User-agent: *\nDisallow: /b\n")
    hostile.redirect("/a", "/b")
    hostile.reply("/b", PAGE, Content_Type="text/html")
    result = await article(fetcher, hostile.url("/a"))
    assert result.outcome is Outcome.DISALLOWED
    assert "/b" not in hostile.paths()


async def test_the_beginning_of_a_huge_robots_txt_counts(hostile, fetcher):
    hostile.reply("/robots.txt", DISALLOW_ALL + b"#" * (1 << 20))
    assert (await article(fetcher, hostile.url("/a"))).outcome is Outcome.DISALLOWED
