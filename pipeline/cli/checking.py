"""`writethru feeds check`: one poll in plain words, nothing stored."""

import asyncio
import itertools
import statistics
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from rich.table import Table
from rich.text import Text

from pipeline import articles, feeds, schedule
from pipeline.cli.console import out, working
from pipeline.config import Settings
from pipeline.errors import NotAFeedError
from pipeline.fetching import Fetcher, host_of
from pipeline.model import Entry, Feed, FetchRequest, FetchResult, Follow, Outcome, ParsedFeed, ResourceKind, Validators
from pipeline.steps.paces import poll_bounds

#: What a person can do about an outcome, where its detail does not say so by itself.
_ADVICE: Final = {
    Outcome.BLOCKED_ADDRESS: "WRITETHRU_ALLOW_NETWORKS=127.0.0.0/8, say, lets private networks be reached",
    Outcome.DNS_ERROR: "is the address spelled right, and the network here up?",
    Outcome.UNREACHABLE: "is the address right, and the server up?",
    Outcome.NOT_FOUND: "is the address right? The publisher's page may name another",
    Outcome.FORBIDDEN: "the publisher does not want it read by programs, or not without a login",
    Outcome.CHALLENGE: "its server lets no programs in, and that is left alone",
}


def check_feed(url: str, settings: Settings) -> bool:
    """Poll a feed and print what the poller sees; tell whether it could be read."""
    with working(f"Fetching {url}"):
        result, again = asyncio.run(_fetch(url, settings))
    out.print(Text(url, style="bold"), soft_wrap=True)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    parsed: ParsedFeed | None = None
    verdict = _cannot_be_read(result.outcome, result.detail)
    if result.outcome is Outcome.NEW_BODY and result.body is not None:
        try:
            parsed = feeds.parse_feed(
                result.body,
                url=result.final_url,
                content_type=result.content_type,
                max_entries=settings.max_entries_per_feed,
            )
            verdict = "can be read"
        except NotAFeedError as error:
            verdict = _cannot_be_read(error.outcome, error.detail)
    rows = [
        ("verdict", verdict),
        *_server_rows(result, settings),
        *(_feed_rows(parsed, result.fetched_at) if parsed else []),
    ]
    if parsed:
        rows.insert(2, ("validators", _validators_words(result, again)))
    link = next((entry.link for entry in parsed.entries if entry.link), None) if parsed else None
    if link:
        rows.append(("robots.txt", asyncio.run(_robots_words(link, settings))))
    rows += _rhythm_rows(url, result, parsed, settings)
    for name, value in rows:
        table.add_row(name, Text(value))
    out.print(table)
    return parsed is not None


def _cannot_be_read(outcome: Outcome, detail: str | None) -> str:
    words = f"cannot be read: {detail} ({outcome})" if detail else f"cannot be read ({outcome})"
    return f"{words}; {_ADVICE[outcome]}" if outcome in _ADVICE else words


async def _fetch(url: str, settings: Settings) -> tuple[FetchResult, FetchResult | None]:
    """Fetch a feed as the first poll does, and as the next one would, where its validators make a difference."""
    request = FetchRequest(url=url, kind=ResourceKind.FEED)
    async with Fetcher(settings) as fetcher:
        result = await fetcher.fetch(request)
        if result.outcome is not Outcome.NEW_BODY or result.validators == Validators():
            return result, None
        known = replace(request, validators=result.validators, known_sha256=result.body_sha256)
        return result, await fetcher.fetch(known)


async def _robots_words(link: str, settings: Settings) -> str:
    async with Fetcher(settings) as fetcher:
        refusal = await fetcher.refusal_by_robots(link)
    page = f"the first page it leads to ({host_of(link)})"
    reason = (refusal or "").removeprefix("not asked: ")
    words = f"keeps us from {page}, so no text is read there: {reason}" if refusal else f"lets us ask for {page}"
    return f"{words}; it is not asked about feeds, which you chose yourself"


def _validators_words(result: FetchResult, again: FetchResult | None) -> str:
    """Say what the server gave to ask by whether anything is new, and whether it heeds that."""
    given = (("ETag", result.validators.etag), ("Last-Modified", result.validators.last_modified))
    names = " and ".join(name for name, value in given if value)
    if again is None:
        return "none: every poll transfers the whole document"
    if again.outcome is Outcome.NOT_MODIFIED:
        return f"{names}: asked again, the server says that nothing is new (304) and sends no document"
    if again.outcome is Outcome.SAME_BODY:
        return f"{names}, which the server does not heed: asked again, it sends the same document once more"
    if again.outcome is Outcome.NEW_BODY:
        return f"{names}: asked again, the server sends another document"
    return f"{names}; asked again, the server gives no document ({again.outcome})"


def _server_rows(result: FetchResult, settings: Settings) -> list[tuple[str, str]]:
    rows = [("status", f"{result.http_status or 'no answer'} in {result.elapsed_seconds:.2f} s")]
    if result.body is not None:
        rows.append(("size", f"{len(result.body):,} bytes, {result.content_type or 'no content type'}"))
    if result.final_url != result.url:
        rows.append(("redirects to", result.final_url + (" for good" if result.permanent_url else " for now")))
    if result.fresh_for_seconds:
        waits = min(result.fresh_for_seconds, settings.poll_max_seconds)
        words = f"{_spoken(result.fresh_for_seconds)}, says the server: not polled again for {_spoken(waits)}"
        rows.append(("fresh for", words))
    if result.not_before is not None:
        rows.append(("wants a pause", f"until {result.not_before:%Y-%m-%d %H:%M:%S} UTC, for all that is on its host"))
    return rows


def _feed_rows(parsed: ParsedFeed, now: datetime) -> list[tuple[str, str]]:
    entries = parsed.entries
    count = len(entries)
    developing = [
        entry.title for entry in entries if articles.markers_in(entry.title, [entry.summary], parsed.language)
    ]
    rows = [
        ("title", parsed.title or "(none)"),
        ("language", parsed.language or "not said"),
        ("entries", str(count)),
        ("identity", _identity_words(entries)),
        ("dates", _date_words(entries, now)),
        ("links", f"{sum(entry.link is not None for entry in entries)} of {count} lead to an article"),
        ("developing", f"{len(developing)} say so in the feed"),
    ]
    if parsed.ttl_seconds:
        rows.append(("asks for", f"one poll in {timedelta(seconds=parsed.ttl_seconds)}"))
    rows += [("oddity", problem) for problem in parsed.problems]
    if past := [entry.published_at for entry in entries if entry.published_at and entry.published_at <= now]:
        rows.append(("last news", f"{_spoken((now - max(past)).total_seconds())} ago, by its own dates"))
    rows += [("entry", entry.title) for entry in entries[:3]]
    return rows


def _date_words(entries: tuple[Entry, ...], now: datetime) -> str:
    dates = [entry.published_at for entry in entries if entry.published_at]
    words = f"{len(dates)} of {len(entries)} can be read"
    early = sum(date > now for date in dates)
    return f"{words}; {early} still to come, taken for the moment of the poll" if early else words


def _identity_words(entries: tuple[Entry, ...]) -> str:
    by_what = Counter("guid" if entry.guid else "link" if entry.link else "content" for entry in entries)
    words = {"guid": "by guid", "link": "by link", "content": "only by its words (an edit looks like a new entry)"}
    return ", ".join(f"{number} {words[what]}" for what, number in by_what.most_common()) or "-"


def _rhythm_rows(url: str, result: FetchResult, parsed: ParsedFeed | None, settings: Settings) -> list[tuple[str, str]]:
    """Say when the poller would come back, and how often once it knows the feed."""
    now = datetime.now(UTC)
    feed = Feed(
        feed_id=0,
        url=url,
        title=None,
        publisher="",
        language=None,
        follow=Follow.DEVELOPING,
        poll_every=timedelta(seconds=settings.poll_default_seconds),
        next_poll_at=now,
        last_polled_at=None,
        last_outcome=None,
        failures=0,
        validators=Validators(),
        body_sha256=None,
    )
    hints = [hint for hint in (result.fresh_for_seconds, parsed.ttl_seconds if parsed else None) if hint]
    bounds = poll_bounds(settings)
    outcome = Outcome.NEW_ENTRIES if parsed else result.outcome
    following = schedule.next_poll(
        feed,
        outcome if not outcome.is_success or parsed else Outcome.NOT_A_FEED,
        now=now,
        bounds=bounds,
        not_before=result.not_before,
        ttl_seconds=max(hints, default=None),
    )
    rows = [("next poll", f"after {_spoken((following - now).total_seconds())}")]
    gap = _news_gap_seconds(parsed.entries) if parsed else None
    if gap is not None:
        news = schedule.News(last_at=now, gap_seconds=gap)
        usual = schedule.usual_interval_seconds(feed, news, overran=False, min_seconds=settings.poll_min_seconds)
        usual = bounds.clamp(max(usual, *hints)) if hints else bounds.clamp(usual)
        rows.append(("later", f"each {_spoken(usual)}: by its own dates it has news each {_spoken(gap)}"))
    return rows


def _news_gap_seconds(entries: tuple[Entry, ...]) -> float | None:
    """Return the usual time between two entries by their own dates; `None` where too few have one."""
    dates = sorted({entry.published_at for entry in entries if entry.published_at})
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(dates)]
    return statistics.median(gaps) if len(gaps) >= 3 else None


def _spoken(seconds: float) -> str:
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
