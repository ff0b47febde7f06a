"""The publisher whose server misbehaves, one address for each fault; only tests, and `--with-faults`, have it.

`/feeds/NAME` are feeds that are none (`FEED_FAULTS`), `/pages/NAME` pages that cannot be read (`PAGE_FAULTS`), and
`/feed.xml` is a sound feed that lists all of those pages.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from aiohttp import web

from pipeline.local.newsroom.clock import NewsroomClock
from pipeline.local.newsroom.render import rfc822
from pipeline.local.newsroom.server import RequestLog

NAME = "faults"
TITLE = "The Daily Misprint"
HUGE_BYTES = 50 * 2**20

_Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

_PUBLISHED = datetime(2016, 11, 3, 8, 0, tzinfo=UTC)
_TEXT = (
    "The mayor opened the bridge on Monday and called it a “small miracle” in front of about 300 guests.",
    "It took the builders 14 months, two more than planned, and cost €3 million.",
    "A café on the eastern bank has been named after the engineer, Zoë Andrée.",
    "The old ferry will go on running in summer, for the people who like it better.",
)
MARKER = "This is a developing story and will be updated."


def application(clock: NewsroomClock, log: RequestLog, *, slow_seconds: float) -> web.Application:
    """Return the misbehaving publisher's application; its slow answers take `slow_seconds`."""

    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(slow_seconds)
        return _html(_page()) if request.path.startswith("/pages/") else _rss(_feed(str(request.url.origin())))

    app = web.Application(middlewares=[log.middleware(NAME, clock)])
    app.router.add_get("/feed.xml", _feed_of_pages)
    for folder, faults in (("feeds", FEED_FAULTS), ("pages", PAGE_FAULTS)):
        for name, answer in faults.items():
            app.router.add_get(f"/{folder}/{name}", answer)
        app.router.add_get(f"/{folder}/slow", slow)
    return app


def feed_addresses(base_url: str) -> dict[str, str]:
    """Return every feed of the publisher by fault; the sound one is `pages`."""
    return {"pages": f"{base_url}/feed.xml"} | {name: f"{base_url}/feeds/{name}" for name in (*FEED_FAULTS, "slow")}


def page_addresses(base_url: str) -> dict[str, str]:
    """Return every page of the publisher by fault."""
    return {name: f"{base_url}/pages/{name}" for name in (*PAGE_FAULTS, "slow")}


def _page() -> str:
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in _TEXT)
    return (
        "<!DOCTYPE html><html lang='en'><head><title>Bridge opened</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>Bridge opened</h1>{text}<p>{MARKER}</p></article></body></html>"
    )


def _feed(base_url: str) -> str:
    items = "".join(
        f"<item><title>Bridge opened ({escape(name)})</title><link>{escape(url)}</link>"
        f"<guid>{escape(url)}</guid><pubDate>{rfc822(_PUBLISHED)}</pubDate></item>"
        for name, url in page_addresses(base_url).items()
    )
    return (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
        f"<title>{TITLE}</title><link>{base_url}/</link><description>Faults</description>{items}</channel></rss>"
    )


def _html(text: str, *, status: int = 200) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/html", charset="utf-8")


def _rss(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/rss+xml", charset="utf-8")


async def _feed_of_pages(request: web.Request) -> web.StreamResponse:
    return _rss(_feed(str(request.url.origin())))


async def _not_xml(_: web.Request) -> web.StreamResponse:
    return _rss("Fatal error: Uncaught DatabaseException in /srv/feeds/build.php on line 214")


async def _cut_xml(request: web.Request) -> web.StreamResponse:
    text = _feed(str(request.url.origin()))
    return _rss(text[: len(text) // 2])


async def _home_page(_: web.Request) -> web.StreamResponse:
    return _html(_page())


async def _empty(_: web.Request) -> web.StreamResponse:
    return web.Response(body=b"", content_type="text/html")


async def _no_entries(_: web.Request) -> web.StreamResponse:
    return _rss("<rss version='2.0'><channel><title>Quiet</title><link>/</link></channel></rss>")


async def _server_error(_: web.Request) -> web.StreamResponse:
    return _html("<h1>Internal Server Error</h1>", status=500)


async def _wrong_charset(_: web.Request) -> web.StreamResponse:
    return web.Response(body=_page().encode("windows-1252"), headers={"Content-Type": "text/html; charset=utf-8"})


async def _huge(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/html; charset=utf-8"})
    await response.prepare(request)
    sentence = b"<p>Nothing to see in this line, and just as little in the next one of them.</p>\n"
    chunk = sentence * (2**16 // len(sentence))
    await response.write(_page().partition("</article>")[0].encode())
    for _ in range(HUGE_BYTES // len(chunk) + 1):
        await response.write(chunk)
    await response.write_eof()
    return response


async def _no_text(_: web.Request) -> web.StreamResponse:
    return _html(
        "<!DOCTYPE html><html><head><title>Bridge opened</title><script src='/app.js'></script></head>"
        "<body><div id='root'></div><noscript>Please turn on JavaScript.</noscript></body></html>"
    )


async def _not_html(_: web.Request) -> web.StreamResponse:
    return web.Response(body=b"%PDF-1.4\n1 0 obj << >> endobj\n%%EOF\n", content_type="application/pdf")


async def _busy(_: web.Request) -> web.StreamResponse:
    return _html("<html><head><title>Error</title></head><body><h1>Service temporarily unavailable</h1></body></html>")


async def _rate_limited(_: web.Request) -> web.StreamResponse:
    return web.Response(status=429, text="Slow down.", headers={"Retry-After": "120"})


async def _forbidden(_: web.Request) -> web.StreamResponse:
    return _html("<h1>Forbidden</h1>", status=403)


async def _not_found(_: web.Request) -> web.StreamResponse:
    return _html("<h1>Not found</h1>", status=404)


async def _redirect_loop(request: web.Request) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": request.path})


async def _reset(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _truncated(request: web.Request) -> web.StreamResponse:
    body = _page().encode()
    response = web.StreamResponse(headers={"Content-Type": "text/html; charset=utf-8"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


FEED_FAULTS: dict[str, _Answer] = {
    "not-xml": _not_xml,
    "cut-xml": _cut_xml,
    "html": _home_page,
    "empty": _empty,
    "no-entries": _no_entries,
    "server-error": _server_error,
    "rate-limited": _rate_limited,
    "not-found": _not_found,
}

PAGE_FAULTS: dict[str, _Answer] = {
    "empty": _empty,
    "wrong-charset": _wrong_charset,
    "huge": _huge,
    "no-text": _no_text,
    "not-html": _not_html,
    "busy": _busy,
    "server-error": _server_error,
    "rate-limited": _rate_limited,
    "forbidden": _forbidden,
    "not-found": _not_found,
    "redirect-loop": _redirect_loop,
    "reset": _reset,
    "truncated": _truncated,
}
