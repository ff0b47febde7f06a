"""Events as they happen: server-sent events, fed by Postgres's NOTIFY, resumed by `Last-Event-ID`.

One connection listens for everybody who watches; it only rings a bell. What a watcher is told comes from the table,
behind his own cursor, so that neither a lost notice nor a lost connection loses an event.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Query
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from pipeline.errors import StoreError
from pipeline.web import event_questions
from pipeline.web.api import Event, Place, Problem, cursor_of
from pipeline.web.bell import RETRY_SECONDS, Bell
from pipeline.web.cursor import Cursor
from pipeline.web.event_questions import EventRow
from pipeline.web.record import Record
from pipeline.web.site import NUMBER_MOST, Site

WATCHERS_MOST = 200
BATCH = 200
HEARTBEAT_SECONDS = 15.0
STREAM_SECONDS = 300.0  #: after so long a client has to connect again: no server that stops waits for longer

_log = logging.getLogger(__name__)


def routes(site: Site) -> APIRouter:
    """Return the route of the stream."""
    router = APIRouter(prefix="/api")
    bell = site.bell

    @router.get(
        "/stream",
        summary="Events as they happen (server-sent events)",
        response_class=StreamingResponse,
        responses={
            200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
            400: {"model": Problem},
            503: {"model": Problem},
        },
    )
    async def stream(
        after: Place | None = None,
        story: Annotated[int | None, Query(ge=1, le=NUMBER_MOST)] = None,
        last_event_id: Annotated[str | None, Header(max_length=2000)] = None,
    ) -> StreamingResponse:
        _turn_away_beyond_limit(bell)
        asked = last_event_id or after
        cursor = cursor_of(asked) if asked else await run_in_threadpool(_place_now, site.record)
        _turn_away_beyond_limit(bell)  # others came while the record was asked
        told = _told(site.record, bell, cursor, story)
        # Begun at once, so that it is counted before anybody else is let in.
        greeting = await anext(told)
        return StreamingResponse(
            _after(greeting, told),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return router


def _turn_away_beyond_limit(bell: Bell) -> None:
    if bell.watchers >= WATCHERS_MOST:
        raise HTTPException(503, "Too many are watching: try again later.", headers={"Retry-After": "30"})


async def _after(greeting: str, told: AsyncGenerator[str]) -> AsyncIterator[str]:
    async with aclosing(told):
        yield greeting
        async for part in told:
            yield part


async def _told(record: Record, bell: Bell, cursor: Cursor, story: int | None) -> AsyncGenerator[str]:
    ring = bell.join()
    ends = time.monotonic() + STREAM_SECONDS
    try:
        yield f"retry: {RETRY_SECONDS * 1000:.0f}\nid: {cursor}\n\n"
        while not bell.is_closed and time.monotonic() < ends:
            ring.clear()
            rows: tuple[EventRow, ...] = ()
            try:
                rows, cursor = await run_in_threadpool(_beyond, record, cursor, story)
            except StoreError as error:
                _log.warning("a stream of events waits: %s", error)
            for number, row in enumerate(rows, 1):
                # The place is reached with the last event of a batch; who is cut off before is told the batch again.
                place = f"id: {cursor}\n" if number == len(rows) else ""
                data = json.dumps(Event.model_validate(row).model_dump(mode="json"), ensure_ascii=False)
                yield f"{place}event: event\ndata: {data}\n\n"
            if len(rows) < BATCH:
                try:
                    await asyncio.wait_for(ring.wait(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield ": nothing new\n\n"
    finally:
        bell.leave(ring)


def _beyond(record: Record, cursor: Cursor, story: int | None) -> tuple[tuple[EventRow, ...], Cursor]:
    with record.reading() as connection:
        return event_questions.events_beyond(connection, cursor, story_id=story, most=BATCH)


def _place_now(record: Record) -> Cursor:
    with record.reading() as connection:
        return event_questions.place_now(connection)
