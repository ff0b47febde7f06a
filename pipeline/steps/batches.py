"""Fetching many things concurrently in one process, host by host, and handing each result on as it comes in."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable

from pipeline.config import Settings
from pipeline.fetching import Fetcher, host_of
from pipeline.model import FetchRequest, FetchResult

Asked = tuple[int, FetchRequest]
Handle = Callable[[int, FetchResult], None]


def fetch_each(
    requests: Iterable[Asked], handle: Handle, settings: Settings, *, budget_seconds: float | None = None
) -> int:
    """Fetch each request; call `handle(id, result)` for each, one at a time; return how many were left undone.

    Hosts are fetched side by side, one host's requests one after the other; the fetcher paces them and bounds how many
    are under way. Once the budget is spent nothing new is begun. An error of `handle` ends the batch: what it had
    stored stays.
    """
    return asyncio.run(_fetch_each(requests, handle, settings, budget_seconds))


async def _fetch_each(
    requests: Iterable[Asked], handle: Handle, settings: Settings, budget_seconds: float | None
) -> int:
    queues: dict[str, list[Asked]] = defaultdict(list)
    for asked in requests:
        queues[host_of(asked[1].url)].append(asked)
    deadline = time.monotonic() + budget_seconds if budget_seconds is not None else None
    # Results are stored one at a time, in a thread: the connection is one, and parsing must not hold up the sockets.
    storing = asyncio.Lock()
    left = 0

    async def visit(fetcher: Fetcher, queue: list[Asked]) -> None:
        nonlocal left
        for done, (number, request) in enumerate(queue):
            if deadline is not None and time.monotonic() >= deadline:
                left += len(queue) - done
                return
            result = await fetcher.fetch(request)
            async with storing:
                await asyncio.to_thread(handle, number, result)

    async with Fetcher(settings) as fetcher:
        try:
            async with asyncio.TaskGroup() as group:
                for queue in queues.values():
                    group.create_task(visit(fetcher, queue))
        except ExceptionGroup as errors:
            # One failure is enough to know; the others are its echo (the same database, the same defect).
            raise errors.exceptions[0] from None
    return left
