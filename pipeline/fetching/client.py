"""The fetcher: walks from a request to its ending, hop by hop, and never raises for what the other side does."""

import asyncio
import hashlib
import ssl
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

import structlog
from aiohttp.abc import AbstractResolver
from yarl import URL

from pipeline.config import Settings
from pipeline.errors import NotBegunError
from pipeline.fetching import caching, robots
from pipeline.fetching.addresses import BadAddressError, parse_address, resolve_redirect, without_userinfo
from pipeline.fetching.answers import Answer, Silence
from pipeline.fetching.breaker import HostBreaker
from pipeline.fetching.judge import Verdict, judge
from pipeline.fetching.pacing import HostBook, HostGate, host_of
from pipeline.fetching.transport import Transport
from pipeline.model import RATE_LIMIT_PAUSE, FetchRequest, FetchResult, Outcome, ResourceKind, Validators

_log = structlog.get_logger(__name__)

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT_REDIRECTS = frozenset({301, 308})
_ACCEPT = {
    ResourceKind.FEED: "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1",
    ResourceKind.ARTICLE: "text/html, application/xhtml+xml, application/xml;q=0.5, */*;q=0.1",
}
_ROBOTS_FOLDER = "robots"
# RFC 9309, 2.3.1.2: at least five hops are followed to find a robots.txt.
_ROBOTS_REDIRECTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """What a walk carries along."""

    headers: dict[str, str]
    max_bytes: int
    max_redirects: int
    is_for_robots: bool = False
    obeys_robots: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Journey:
    """Where a walk led. `seconds` counts the time on the network, not the time spent waiting for a turn."""

    url: URL
    end: Answer | Silence
    seconds: float
    hops: int
    is_permanent: bool


def delete_outdated_rules(settings: Settings, *, now: datetime) -> int:
    """Delete what is kept of each site's robots.txt and no longer holds; return how many files went."""
    return robots.delete_outdated(settings.home / _ROBOTS_FOLDER, now=now)


class Fetcher:
    """Fetches feeds and pages within the limits of `Settings`. Use it as an async context manager.

    Any number of fetches may be started at once: pacing lets them through. Cancelling one is safe.
    `resolver` and `ssl_context` take the place of the system's own; in `book` all processes that visit the same hosts
    write down when they do, so that together they keep each host's pace.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        resolver: AbstractResolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
        book: HostBook | None = None,
    ) -> None:
        self._settings = settings
        self._transport = Transport(settings, resolver=resolver, ssl_context=ssl_context)
        self._robots = robots.RobotsCache(settings.home / _ROBOTS_FOLDER)
        self._gate = HostGate(
            gap_seconds=settings.host_gap_seconds,
            host_concurrency=settings.host_concurrency,
            total_concurrency=settings.fetch_concurrency,
            book=book,
        )
        self._breaker = HostBreaker()

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.__aexit__()

    def pause(self) -> None:
        """Let no request go out until `resume`; those under way go on. For who cannot keep up with the answers."""
        self._gate.pause()

    def resume(self) -> None:
        """Let requests go out again."""
        self._gate.resume()

    def begin_no_more(self) -> None:
        """Let no request go out any more: each fetch that would need one raises `NotBegunError`."""
        self._gate.begin_no_more()

    async def refusal_by_robots(self, url: str) -> str | None:
        """Return why robots.txt keeps us from a page, in words; `None` where it lets us."""
        try:
            refusal = await self._robots_refusal(parse_address(url))
        except BadAddressError as error:
            return str(error)
        return refusal.detail if refusal else None

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Fetch one thing. Every ending is an `Outcome`; nothing that a server or the network does raises.

        Raises `NotBegunError` after `begin_no_more`.
        """
        try:
            return await self._fetch(request)
        except NotBegunError:
            raise
        except Exception:  # noqa: BLE001 - logged with its traceback, and an outcome like any other
            # A defect of ours or of a library, met by one address; the others of the batch must not pay for it.
            address = without_userinfo(request.url)
            _log.exception("fetch failed", url=address)
            return _result(request, address, Verdict(Outcome.FAILED, "a defect of the fetcher; see the log"))

    async def _fetch(self, request: FetchRequest) -> FetchResult:
        try:
            start = parse_address(request.url)
        except BadAddressError as error:
            return _result(request, without_userinfo(request.url), Verdict(Outcome.BLOCKED_ADDRESS, str(error)))
        is_article = request.kind is ResourceKind.ARTICLE
        errand = _Errand(
            headers={"Accept": _ACCEPT[request.kind], **caching.conditional_headers(request.validators)},
            max_bytes=self._settings.article_max_bytes if is_article else self._settings.feed_max_bytes,
            max_redirects=self._settings.max_redirects,
            obeys_robots=is_article,
        )
        journey = await self._walk(start, errand)
        return _conclude(request, journey)

    async def _walk(self, start: URL, errand: _Errand) -> _Journey:
        """Ask, and go where the answer sends us, until something other than a redirect comes."""
        journey = _Journey(url=start, end=_NOT_ASKED, seconds=0.0, hops=0, is_permanent=True)
        seen = {start}
        while True:
            end, seconds = await self._step(journey.url, errand, spent=journey.seconds)
            journey = replace(journey, end=end, seconds=journey.seconds + seconds)
            location = end.headers.get("Location") if isinstance(end, Answer) and end.status in _REDIRECTS else None
            if location is None or not isinstance(end, Answer):
                return journey
            try:
                target = resolve_redirect(journey.url, location)
            except BadAddressError as error:
                detail = f"redirected to an address that is not fetched: {error}"
                return replace(journey, end=_refused(end, Outcome.BLOCKED_ADDRESS, detail))
            if target in seen or journey.hops >= errand.max_redirects:
                detail = "redirected in a circle" if target in seen else f"more than {errand.max_redirects} redirects"
                return replace(journey, end=_refused(end, Outcome.TOO_MANY_REDIRECTS, detail))
            seen.add(target)
            journey = replace(
                journey,
                url=target,
                hops=journey.hops + 1,
                is_permanent=journey.is_permanent and end.status in _PERMANENT_REDIRECTS,
            )

    async def _step(self, url: URL, errand: _Errand, *, spent: float) -> tuple[Answer | Silence, float]:
        """Ask one address, in its host's turn. Returns with the seconds it took."""
        if errand.obeys_robots:
            refusal = await self._robots_refusal(url)
            if refusal is not None:
                return refusal, 0.0
        clock = asyncio.get_running_loop().time
        host = host_of(str(url))
        if (dead := self._breaker.refusal(host, now=clock())) is not None:
            return dead, 0.0
        async with self._gate.turn(host) as held_until:
            if (dead := self._breaker.refusal(host, now=clock())) is not None:
                return dead, 0.0
            if held_until is not None:
                detail = "not asked: the host wants to be left alone until then"
                return Silence(outcome=Outcome.RATE_LIMITED, detail=detail, not_before=held_until), 0.0
            begun = clock()
            end = await self._transport.ask(
                url,
                errand.headers,
                max_bytes=errand.max_bytes,
                keep_beginning=errand.is_for_robots,
                keep_connection=errand.is_for_robots or errand.obeys_robots,
                deadline_seconds=max(self._settings.fetch_total_seconds - spent, 0.0),
            )
            self._heed(host, end)
            self._breaker.heard(host, end, now=clock())
            return end, clock() - begun

    def _heed(self, host: str, end: Answer | Silence) -> None:
        """Leave a host alone for as long as its answer asks for."""
        if isinstance(end, Silence) or _is_success(end.status):
            return
        now = datetime.now(UTC)
        until = caching.retry_after(end.headers, now)
        if until is None and end.status == 429:
            until = now + RATE_LIMIT_PAUSE
        if until is not None:
            self._gate.hold(host, until=until)

    async def _robots_refusal(self, url: URL) -> Silence | None:
        """Return why robots.txt keeps us from asking for the address; None where it does not."""
        origin = str(url.origin()).lower()
        async with self._robots.lock(origin):
            finding = self._robots.get(origin, now=datetime.now(UTC))
            if finding is None:
                finding = await self._ask_robots(origin)
                self._robots.put(origin, finding, now=datetime.now(UTC))
        if isinstance(finding, Silence):
            return finding
        self._gate.slow_down(host_of(origin), gap_seconds=finding.crawl_delay_seconds)
        if not finding.allows(str(url)):
            return Silence(outcome=Outcome.DISALLOWED, detail="not asked: robots.txt of the site disallows it")
        return None

    async def _ask_robots(self, origin: str) -> robots.RobotsRules | Silence:
        """Fetch the rules of a site (RFC 9309, 2.3). What cannot be had allows nothing."""
        errand = _Errand(
            headers={"Accept": "text/plain, */*;q=0.1"},
            max_bytes=robots.MAX_BYTES,
            max_redirects=_ROBOTS_REDIRECTS,
            is_for_robots=True,
        )
        journey = await self._walk(URL(f"{origin}/robots.txt"), errand)
        end = journey.end
        if isinstance(end, Silence):
            return replace(end, detail=f"not asked: robots.txt could not be had: {end.detail}")
        verdict = judge(end, _ROBOTS_REQUEST)
        if 400 <= end.status <= 499 and end.status != 429:
            return robots.ALLOW_ALL
        if verdict.outcome in {Outcome.NEW_BODY, Outcome.EMPTY, Outcome.TOO_LARGE}:
            return robots.read_robots(end.body)
        return Silence(
            outcome=verdict.outcome,
            detail=f"not asked: robots.txt could not be had: {verdict.detail}",
            status=end.status,
            not_before=caching.retry_after(end.headers, datetime.now(UTC)),
        )


_NOT_ASKED = Silence(outcome=Outcome.FAILED, detail="never asked")
_ROBOTS_REQUEST = FetchRequest(url="", kind=ResourceKind.FEED)


def _is_success(status: int) -> bool:
    return 200 <= status <= 299 or status == 304


def _refused(end: Answer, outcome: Outcome, detail: str) -> Silence:
    return Silence(outcome=outcome, detail=detail, status=end.status)


def _conclude(request: FetchRequest, journey: _Journey) -> FetchResult:
    """Make the result out of the last answer."""
    end = journey.end
    url = str(journey.url)
    if isinstance(end, Silence):
        result = _result(request, url, Verdict(end.outcome, end.detail), seconds=journey.seconds)
        return replace(result, http_status=end.status, not_before=end.not_before)
    verdict = judge(end, request)
    result = replace(
        _result(request, url, verdict, seconds=journey.seconds),
        http_status=end.status,
        content_type=end.headers.get("Content-Type"),
    )
    if verdict.outcome is Outcome.NEW_BODY:
        result = _with_body(result, request, end)
    elif verdict.outcome is Outcome.NOT_MODIFIED:
        result = replace(result, validators=caching.refreshed_validators(request.validators, end.headers))
    else:
        not_before = None if _is_success(end.status) else caching.retry_after(end.headers, result.fetched_at)
        return replace(result, not_before=not_before)
    return replace(
        result,
        permanent_url=url if journey.hops and journey.is_permanent else None,
        fresh_for_seconds=caching.fresh_for_seconds(end.headers, result.fetched_at),
    )


def _with_body(result: FetchResult, request: FetchRequest, answer: Answer) -> FetchResult:
    """Add a body, and tell whether it is the one we hold.

    Where its hash is known, the hash decides: a validator that stays while the bytes change is a server's mistake.
    """
    digest = hashlib.sha256(answer.body).hexdigest()
    validators = caching.received_validators(answer.headers)
    if request.known_sha256 is not None:
        is_same = digest == request.known_sha256
    else:
        is_same = caching.same_validators(request.validators, validators)
    outcome = Outcome.SAME_BODY if is_same else Outcome.NEW_BODY
    return replace(result, outcome=outcome, body=answer.body, body_sha256=digest, validators=validators)


def _result(request: FetchRequest, final_url: str, verdict: Verdict, *, seconds: float = 0.0) -> FetchResult:
    """Make a result without a body. It keeps the validators of the request: a failure must not lose them."""
    return FetchResult(
        url=without_userinfo(request.url),
        final_url=final_url,
        outcome=verdict.outcome,
        fetched_at=datetime.now(UTC),
        elapsed_seconds=seconds,
        validators=Validators(etag=request.validators.etag, last_modified=request.validators.last_modified),
        detail=verdict.detail,
    )
