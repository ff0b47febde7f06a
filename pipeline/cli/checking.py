"""`writethru feeds check`: one poll in plain words, nothing stored."""

import asyncio
import itertools
import statistics
from collections import Counter
from datetime import UTC, datetime, timedelta

from rich.table import Table
from rich.text import Text

from pipeline import articles, feeds, schedule
from pipeline.cli.console import out, working
from pipeline.config import Settings
from pipeline.errors import NotAFeedError
from pipeline.fetching import Fetcher, host_of
from pipeline.model import Entry, Feed, FetchRequest, FetchResult, Follow, Outcome, ParsedFeed, ResourceKind, Validators


def check_feed(url: str, settings: Settings) -> bool:
    """Poll a feed and print what the poller sees; tell whether it could be read."""
    with working(f"Fetching {url}"):
        result = asyncio.run(_fetch(url, settings))
    out.print(Text(url, style="bold"), soft_wrap=True)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    parsed: ParsedFeed | None = None
    verdict = result.outcome.value + (f": {result.detail}" if result.detail else "")
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
            verdict = f"cannot be read, {error}"
    if result.outcome is Outcome.BLOCKED_ADDRESS:
        verdict += "; WRITETHRU_ALLOW_NETWORKS=127.0.0.0/8, say, lets private networks be reached"
    rows = [("verdict", verdict), *_server_rows(result), *(_feed_rows(parsed) if parsed else [])]
    link = next((entry.link for entry in parsed.entries if entry.link), None) if parsed else None
    if link:
        rows.append(("robots.txt", asyncio.run(_robots_words(link, settings))))
    rows += _rhythm_rows(url, result, parsed, settings)
    for name, value in rows:
        table.add_row(name, Text(value))
    out.print(table)
    return parsed is not None


async def _fetch(url: str, settings: Settings) -> FetchResult:
    async with Fetcher(settings) as fetcher:
        return await fetcher.fetch(FetchRequest(url=url, kind=ResourceKind.FEED))


async def _robots_words(link: str, settings: Settings) -> str:
    async with Fetcher(settings) as fetcher:
        refusal = await fetcher.refusal_by_robots(link)
    pages = f"the pages it leads to ({host_of(link)})"
    words = f"keeps us from {pages}: {refusal}" if refusal else f"lets us ask for {pages}"
    return f"{words}; it is not asked about feeds, which you chose yourself"


def _server_rows(result: FetchResult) -> list[tuple[str, str]]:
    validators = [
        name
        for name, value in (("ETag", result.validators.etag), ("Last-Modified", result.validators.last_modified))
        if value
    ]
    rows = [
        ("status", f"{result.http_status or 'no answer'} in {result.elapsed_seconds:.2f} s"),
        ("validators", " and ".join(validators) or "none: every poll transfers the whole document"),
    ]
    if result.body is not None:
        rows.append(("size", f"{len(result.body):,} bytes, {result.content_type or 'no content type'}"))
    if result.final_url != result.url:
        rows.append(("redirects to", result.final_url + (" for good" if result.permanent_url else " for now")))
    if result.fresh_for_seconds is not None:
        rows.append(("fresh for", f"{result.fresh_for_seconds:.0f} s, says the server: never polled sooner than that"))
    if result.not_before is not None:
        rows.append(("wants a pause", f"until {result.not_before:%Y-%m-%d %H:%M:%S} UTC, for all that is on its host"))
    return rows


def _feed_rows(parsed: ParsedFeed) -> list[tuple[str, str]]:
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
        ("dates", f"{sum(entry.published_at is not None for entry in entries)} of {count} can be read"),
        ("links", f"{sum(entry.link is not None for entry in entries)} of {count} lead to an article"),
        ("developing", f"{len(developing)} say so in the feed"),
    ]
    if parsed.ttl_seconds:
        rows.append(("asks for", f"one poll in {timedelta(seconds=parsed.ttl_seconds)}"))
    rows += [("oddity", problem) for problem in parsed.problems]
    rows += [("newest", entry.title) for entry in entries[:3]]
    return rows


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
    bounds = schedule.Bounds(min_seconds=settings.poll_min_seconds, max_seconds=settings.poll_max_seconds)
    outcome = Outcome.NEW_ENTRIES if parsed else result.outcome
    following = schedule.next_poll(
        feed,
        outcome if not outcome.is_success or parsed else Outcome.NOT_A_FEED,
        now=now,
        bounds=bounds,
        not_before=result.not_before,
        ttl_seconds=max(hints, default=None),
    )
    rows = [("comes back", f"after {_spoken((following - now).total_seconds())}")]
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
