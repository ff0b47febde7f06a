"""Feeds out: Atom (RFC 4287), one entry an event with its diff; and the facts of a story as CSV."""

import csv
import hashlib
import io
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pipeline.store import reading
from pipeline.store.reading import FactRow
from pipeline.store.rows import cell_text
from pipeline.web import event_questions, questions
from pipeline.web.event_questions import EventRow
from pipeline.web.site import Moment, Site, StoryNumber, Text, address, base_of, rendered
from pipeline.web.story_pages import Happening, happenings_of
from pipeline.web.words import stamp

ENTRIES = 50
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COLUMNS = (
    "key", "kind", "subject", "low", "high", "unit", "qualifier", "attribution", "publisher", "as_of", "previous_low",
    "previous_high", "previous_qualifier", "changes", "sources", "sentence", "url", "fact_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event as an entry."""

    identity: str
    event: EventRow
    content: str


def routes(site: Site) -> APIRouter:
    """Return the routes of the feeds."""
    router = APIRouter(include_in_schema=False)

    @router.get("/atom.xml")
    def everything(request: Request, publisher: Text = None) -> Response:
        """Tell all events, or those of one publisher."""
        with site.record.reading() as connection:
            found = event_questions.events(connection, publisher=publisher, most=ENTRIES)
            happened = [happenings_of(connection, [event])[0] for event in found]
        title = f"Writethru: {publisher}" if publisher else "Writethru"
        page = address(request, "/", publisher=publisher)
        return _feed(site, request, title, page, happened)

    @router.get("/stories/{story_id}/atom.xml")
    def of_story(request: Request, story_id: StoryNumber) -> Response:
        """Tell the events of one story."""
        with site.record.reading() as connection:
            story = questions.story(connection, story_id)
            found = event_questions.events(connection, story_id=story_id, most=ENTRIES)
            happened = [happenings_of(connection, [event])[0] for event in found]
        return _feed(site, request, story.headline, address(request, f"/stories/{story_id}"), happened)

    @router.get("/stories/{story_id}/facts.csv")
    def facts(story_id: StoryNumber, at: Moment = None) -> Response:
        """Tell the facts of one story as a table."""
        with site.record.reading() as connection:
            questions.story(connection, story_id)
            rows = reading.facts_of(connection, story_id, at=at)
        name = f'attachment; filename="story-{story_id}-facts.csv"'
        return Response(_csv(rows), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})

    return router


def _feed(site: Site, request: Request, title: str, page: str, happened: Sequence[Happening]) -> Response:
    base = base_of(site, request)
    outside = base.removesuffix(str(request.scope.get("root_path", "")).rstrip("/"))
    text = rendered(
        "atom.xml",
        feed_id=_identity("feed", title if "/stories/" not in page else page),
        title=title,
        updated=max((one.first.occurred_at for one in happened), default=datetime(2025, 1, 1, tzinfo=UTC)),
        base=base,
        own=outside + request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        page=outside + page,
        entries=[_entry(one) for one in happened],
    )
    body = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": etag})
    return Response(body, media_type="application/atom+xml; charset=utf-8", headers={"ETag": etag})


def _entry(one: Happening) -> Entry:
    event = one.first
    content = rendered("atom_entry.html", event=event, updates=one.updates, more=one.more)
    return Entry(identity=_identity("event", event.event_id, stamp(event.occurred_at)), event=event, content=content)


def _identity(*names: object) -> str:
    """Return a name that stays the same wherever the pages are served (RFC 4287, 4.2.6)."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "/".join(["writethru:", *map(str, names)])).urn


def _csv(rows: Sequence[FactRow]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for row in rows:
        writer.writerow([_cell(getattr(row, name)) for name in _COLUMNS])
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return cell_text(value) if isinstance(value, str) else value
