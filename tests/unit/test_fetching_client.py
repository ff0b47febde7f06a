"""The fetcher against a server that answers as told: what is sent, what comes back, where a redirect leads."""

import gzip
import hashlib
import time
from datetime import UTC, datetime

import pytest

from pipeline.fetching import Fetcher
from pipeline.model import Outcome, Validators
from tests.unit.asking import FEED, article, feed, settings

# ── what is sent ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_first_fetch_says_who_we_are_and_what_we_take_and_sends_no_condition(hostile, fetcher):
    hostile.reply("/feed", FEED)
    await feed(fetcher, hostile.url("/feed"))
    sent = hostile.asked[0].headers
    assert sent["user-agent"].startswith("writethru/")
    assert "+https://" in sent["user-agent"]
    assert "application/rss+xml" in sent["accept"]
    assert sent["accept-encoding"] == "gzip, deflate"
    assert not {"if-none-match", "if-modified-since", "cookie", "referer", "authorization"} & sent.keys()


async def test_validators_are_sent_back_byte_for_byte(hostile, fetcher):
    hostile.reply("/feed", FEED, ETag='W/"a--gzip"', Last_Modified="Thu, 20 Aug 2026 11:00:00 +0000")
    first = await feed(fetcher, hostile.url("/feed"))
    await feed(fetcher, hostile.url("/feed"), validators=first.validators)
    assert hostile.asked[1].headers["if-none-match"] == 'W/"a--gzip"'
    assert hostile.asked[1].headers["if-modified-since"] == "Thu, 20 Aug 2026 11:00:00 +0000"


async def test_credentials_in_an_address_are_neither_sent_nor_told(hostile, fetcher):
    hostile.reply("/feed", FEED)
    url = hostile.url("/feed").replace("://", "://me:secret@")
    result = await feed(fetcher, url)
    assert "authorization" not in hostile.asked[0].headers
    assert "secret" not in repr(result)
    assert result.outcome is Outcome.NEW_BODY


async def test_a_cookie_is_not_kept(hostile, fetcher):
    hostile.reply("/feed", FEED, Set_Cookie="id=1; Path=/")
    await feed(fetcher, hostile.url("/feed"))
    await feed(fetcher, hostile.url("/feed"))
    assert "cookie" not in hostile.asked[1].headers


async def test_a_proxy_of_the_environment_is_not_used(hostile, hidden, monkeypatch):
    monkeypatch.setenv("http_proxy", hidden.url("/"))
    monkeypatch.delenv("no_proxy", raising=False)
    hostile.reply("/feed", FEED)
    async with Fetcher(settings(allow_networks="127.0.0.0/8")) as fetcher:
        assert (await feed(fetcher, hostile.url("/feed"))).outcome is Outcome.NEW_BODY
    assert hidden.connections == 0


async def test_a_signed_address_reaches_the_server_as_it_was_written(hostile, fetcher):
    path = "/a%2Fb?sig=a+b%3d&t=%7e&list=1,2"
    hostile.reply(path, FEED)
    assert (await feed(fetcher, hostile.url(path))).outcome is Outcome.NEW_BODY


# ── what comes back ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_new_body_comes_with_all_that_is_known_of_it(hostile, fetcher):
    hostile.reply(
        "/feed",
        FEED,
        ETag='"1"',
        Content_Type="application/rss+xml; charset=latin-1",
        Cache_Control="max-age=300",
    )
    before, begun = datetime.now(UTC), time.monotonic()
    result = await feed(fetcher, hostile.url("/feed#top"))
    assert result.outcome is Outcome.NEW_BODY
    assert result.body == FEED
    assert result.body_sha256 == hashlib.sha256(FEED).hexdigest()
    assert result.http_status == 200
    assert result.validators == Validators(etag='"1"')
    assert result.fresh_for_seconds == 300
    assert result.final_url == hostile.url("/feed")
    assert result.url == hostile.url("/feed#top")
    assert result.permanent_url is None
    assert before <= result.fetched_at <= datetime.now(UTC)
    assert 0 < result.elapsed_seconds <= time.monotonic() - begun


async def test_a_wrong_charset_label_and_its_bytes_are_passed_through_untouched(hostile, fetcher):
    body = "<!doctype html><p>Überlebende: élf".encode()
    hostile.reply("/page", body, Content_Type="text/html; charset=utf-16")
    result = await article(fetcher, hostile.url("/page"))
    assert result.body == body
    assert result.content_type == "text/html; charset=utf-16"


async def test_a_compressed_body_comes_decoded(hostile, fetcher):
    hostile.reply("/feed", gzip.compress(FEED), Content_Encoding="gzip")
    assert (await feed(fetcher, hostile.url("/feed"))).body == FEED


async def test_a_304_keeps_the_validators_and_has_no_body(hostile, fetcher):
    hostile.reply("/feed", status=304)
    held = Validators(etag='"1"', last_modified="Mon")
    result = await feed(fetcher, hostile.url("/feed"), validators=held, known_sha256="0" * 64)
    assert result.outcome is Outcome.NOT_MODIFIED
    assert result.validators == held
    assert result.body is None


async def test_the_same_bytes_under_other_validators_are_the_same_body(hostile, fetcher):
    hostile.reply("/feed", FEED, ETag='"2"')
    digest = hashlib.sha256(FEED).hexdigest()
    result = await feed(fetcher, hostile.url("/feed"), validators=Validators(etag='"1"'), known_sha256=digest)
    assert result.outcome is Outcome.SAME_BODY
    assert result.body == FEED
    assert result.validators == Validators(etag='"2"')


async def test_a_server_that_ignores_conditions_is_seen_through_by_its_validators(hostile, fetcher):
    hostile.reply("/feed", FEED, ETag='"1"')
    result = await feed(fetcher, hostile.url("/feed"), validators=Validators(etag='"1"'))
    assert result.outcome is Outcome.SAME_BODY
    assert result.body == FEED


async def test_other_bytes_under_the_same_validators_are_a_new_body(hostile, fetcher):
    hostile.reply("/feed", FEED, ETag='"1"')
    result = await feed(fetcher, hostile.url("/feed"), validators=Validators(etag='"1"'), known_sha256="0" * 64)
    assert result.outcome is Outcome.NEW_BODY


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(401, Outcome.FORBIDDEN), (404, Outcome.NOT_FOUND), (410, Outcome.GONE), (500, Outcome.SERVER_ERROR)],
)
async def test_a_failure_keeps_the_validators_we_hold(hostile, fetcher, status, outcome):
    hostile.reply("/feed", b"no", status=status, ETag='"error"')
    result = await feed(fetcher, hostile.url("/feed"), validators=Validators(etag='"1"'))
    assert (result.outcome, result.http_status, result.body) == (outcome, status, None)
    assert result.validators == Validators(etag='"1"')


async def test_a_challenge_is_recognised_in_a_compressed_error_page(hostile, fetcher):
    body = gzip.compress(b"<!DOCTYPE html><html><script>window._cf_chl_opt={}</script>")
    hostile.reply("/feed", body, status=403, Content_Encoding="gzip")
    assert (await feed(fetcher, hostile.url("/feed"))).outcome is Outcome.CHALLENGE


# ── redirects ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_chain_of_permanent_redirects_gives_the_new_address(hostile, fetcher):
    hostile.redirect("/a", "/b", status=301)
    hostile.redirect("/b", hostile.url("/c"), status=308)
    hostile.reply("/c", FEED)
    result = await feed(fetcher, hostile.url("/a"))
    assert result.outcome is Outcome.NEW_BODY
    assert result.url == hostile.url("/a")
    assert result.final_url == result.permanent_url == hostile.url("/c")


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_one_temporary_redirect_makes_the_chain_temporary(hostile, fetcher, status):
    hostile.redirect("/a", "/b", status=301)
    hostile.redirect("/b", "/c", status=status)
    hostile.reply("/c", FEED)
    result = await feed(fetcher, hostile.url("/a"))
    assert result.final_url == hostile.url("/c")
    assert result.permanent_url is None


async def test_a_permanent_redirect_to_nothing_is_not_taken_for_a_new_address(hostile, fetcher):
    hostile.redirect("/a", "/gone", status=301)
    result = await feed(fetcher, hostile.url("/a"))
    assert result.outcome is Outcome.NOT_FOUND
    assert result.permanent_url is None


async def test_conditions_travel_along_a_redirect(hostile, fetcher):
    hostile.redirect("/a", "/b", status=301)
    hostile.reply("/b", status=304)
    result = await feed(fetcher, hostile.url("/a"), validators=Validators(etag='"1"'))
    assert result.outcome is Outcome.NOT_MODIFIED
    assert hostile.asked[1].headers["if-none-match"] == '"1"'


async def test_a_circle_of_redirects_ends_as_soon_as_it_closes(hostile, fetcher):
    hostile.redirect("/a", "/b")
    hostile.redirect("/b", "/a")
    assert (await feed(fetcher, hostile.url("/a"))).outcome is Outcome.TOO_MANY_REDIRECTS
    assert hostile.paths() == ["/a", "/b"]


async def test_redirects_are_followed_up_to_the_cap(hostile):
    for number in range(10):
        hostile.redirect(f"/{number}", f"/{number + 1}")
    hostile.reply("/10", FEED)
    async with Fetcher(settings(max_redirects=3)) as fetcher:
        assert (await feed(fetcher, hostile.url("/7"))).outcome is Outcome.NEW_BODY
        assert (await feed(fetcher, hostile.url("/6"))).outcome is Outcome.TOO_MANY_REDIRECTS
    async with Fetcher(settings(max_redirects=0)) as fetcher:
        assert (await feed(fetcher, hostile.url("/9"))).outcome is Outcome.TOO_MANY_REDIRECTS


async def test_a_redirect_without_a_target_is_an_error(hostile, fetcher):
    hostile.reply("/a", status=301)
    assert (await feed(fetcher, hostile.url("/a"))).outcome is Outcome.HTTP_ERROR


async def test_the_target_of_a_redirect_does_not_bring_credentials(hostile, fetcher):
    hostile.redirect("/a", hostile.url("/b").replace("://", "://me:secret@"), status=301)
    hostile.reply("/b", FEED)
    result = await feed(fetcher, hostile.url("/a"))
    assert "secret" not in repr(result)
    assert "authorization" not in hostile.asked[1].headers
