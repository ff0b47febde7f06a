"""The newsroom's HTTP side: one listener per publisher, each a host of its own by its port.

A handler renders what the desk shows at this moment; nothing is stored but the log of requests.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from itertools import count

from aiohttp import web

from pipeline.local.newsroom import render
from pipeline.local.newsroom.clock import NewsroomClock
from pipeline.local.newsroom.desk import Absence, Desk, MovedTo
from pipeline.local.newsroom.noise import Noise
from pipeline.local.newsroom.publisher import Manners, Publisher

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_ROBOTS = "User-agent: *\nDisallow: /search\nDisallow: /staff/\n"
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#{:06x}"/></svg>'
)


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One answered request. `path` carries its query; `status` is 0 where the client went away."""

    at: datetime
    publisher: str
    path: str
    status: int


@dataclass(slots=True)
class RequestLog:
    """The latest requests, the newest last, and how many pages were asked for at all."""

    requests: deque[LoggedRequest]
    pages: "count[int]"

    @classmethod
    def empty(cls, *, keep: int = 20_000) -> "RequestLog":
        """Return a log that keeps the latest `keep` requests."""
        return cls(deque(maxlen=keep), count(1))

    def middleware(self, publisher: str, clock: NewsroomClock) -> Callable[..., Awaitable[web.StreamResponse]]:
        """Return the aiohttp middleware that writes a publisher's requests down."""

        @web.middleware
        async def log(request: web.Request, handler: _Handler) -> web.StreamResponse:
            status = 0
            try:
                response = await handler(request)
                status = response.status
            except web.HTTPException as answer:
                status = answer.status
                raise
            finally:
                self.requests.append(LoggedRequest(clock.now(), publisher, request.path_qs, status))
            return response

        return log


def application(desk: Desk, log: RequestLog) -> web.Application:
    """Return the web application of one publisher."""
    site = _Site(desk, log)
    app = web.Application(middlewares=[log.middleware(desk.publisher.name, desk.clock)])
    app.router.add_get(desk.publisher.feed_path, site.feed)
    app.router.add_get("/", site.front_page)
    app.router.add_get("/robots.txt", site.robots)
    app.router.add_get("/img/{number:[0-9]+}.svg", site.picture)
    app.router.add_get("/{path:.*}", site.article)
    return app


@dataclass(slots=True)
class _Site:
    desk: Desk
    log: RequestLog

    async def feed(self, request: web.Request) -> web.StreamResponse:
        front = self.desk.front()
        state = "\n".join(f"{item.url} {item.snapshot.number}" for item in front)
        manners = self.desk.publisher.feed_manners
        response = self._conditional(request, manners, state, self.desk.changed(), lambda: render.feed(self.desk))
        response.headers["Content-Type"] = self.desk.publisher.feed_type
        return response

    async def front_page(self, request: web.Request) -> web.StreamResponse:
        body = render.front_page(self.desk, Noise(next(self.log.pages)))
        return self._html(self._answer(request, body))

    async def article(self, request: web.Request) -> web.StreamResponse:
        found = self.desk.find(_address(self.desk.publisher, request))
        match found:
            case Absence():
                text = "This article has been withdrawn." if found is Absence.WITHDRAWN else "There is no such page."
                return web.Response(status=found.value, text=f"<h1>{text}</h1>", content_type="text/html")
            case MovedTo(url):
                return web.Response(status=301, headers={"Location": url})
        self.desk.clock.begin()
        noise = Noise(next(self.log.pages))
        state = f"{found.url} {found.snapshot.number}"
        manners = self.desk.publisher.page_manners
        response = self._conditional(
            request, manners, state, found.modified, lambda: render.page(self.desk, found, noise)
        )
        return self._html(response)

    async def robots(self, request: web.Request) -> web.StreamResponse:
        if not self.desk.publisher.has_robots:
            raise web.HTTPNotFound
        return web.Response(text=_ROBOTS)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        color = Noise(int(request.match_info["number"])).number("picture", 0, 0xFFFFFF)
        return web.Response(text=_PICTURE.format(color), content_type="image/svg+xml")

    def _conditional(
        self, request: web.Request, manners: Manners, state: str, changed: datetime, body: Callable[[], bytes]
    ) -> web.Response:
        """Answer 304 where the client holds this state already (RFC 9110, 13.2.2), else the body."""
        validators = _validators(manners, state, changed, self.desk.clock.now())
        held = _holds(request, validators)
        response = web.Response(status=304) if held else self._answer(request, body())
        response.headers.update(validators)
        return response

    def _answer(self, request: web.Request, body: bytes) -> web.Response:
        response = web.Response(body=body)
        if self.desk.publisher.compresses:
            response.enable_compression()
        return response

    def _html(self, response: web.Response) -> web.Response:
        response.headers["Content-Type"] = f"text/html; charset={self.desk.publisher.encoding}"
        return response


def _address(publisher: Publisher, request: web.Request) -> str:
    """Return what tells an article's address apart: the path, and its `id` where addresses have one."""
    if "?id=" in publisher.article_path and "id" in request.query:
        return f"{request.path}?id={request.query['id']}"
    return request.path


def _validators(manners: Manners, state: str, changed: datetime, now: datetime) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    if Manners.ETAG in manners:
        # Weak: the bytes differ with every request, the journalism does not.
        headers["ETag"] = f'W/"{sha256(state.encode()).hexdigest()[:20]}"'
    second = changed.replace(microsecond=0)
    # Another change could still fall into the running second, and would hide behind this date (RFC 9110, 8.8.2.2).
    if Manners.LAST_MODIFIED in manners and now.replace(microsecond=0) > second:
        headers["Last-Modified"] = render.rfc822(second)
    return headers


def _holds(request: web.Request, validators: Mapping[str, str]) -> bool:
    asked = request.headers.get("If-None-Match")
    if asked is not None:
        etag = validators.get("ETag")
        return etag is not None and (asked.strip() == "*" or etag in (tag.strip() for tag in asked.split(",")))
    since = request.headers.get("If-Modified-Since")
    if since is None or "Last-Modified" not in validators:
        return False
    try:
        return parsedate_to_datetime(validators["Last-Modified"]) <= parsedate_to_datetime(since).astimezone(UTC)
    except ValueError:
        return False


async def listen(app: web.Application, *, host: str, port: int) -> tuple[web.AppRunner, int]:
    """Serve an application and return its runner with the port it got. Raises OSError where the port is taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner, runner.addresses[0][1]


async def close(runners: Sequence[web.AppRunner]) -> None:
    """Stop serving at once."""
    await asyncio.gather(*(runner.cleanup() for runner in runners))
