"""What wakes those who watch the stream of events: one connection that listens for all of them."""

import asyncio
import logging
import threading

import psycopg

from pipeline.errors import StoreError
from pipeline.web.record import Record

RETRY_SECONDS = 2.0

_log = logging.getLogger(__name__)


class Bell:
    """Wakes watchers when an event was written. Listens only while somebody watches."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._watchers: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._listener: threading.Thread | None = None
        self.is_closed = False

    @property
    def watchers(self) -> int:
        """How many watch."""
        return len(self._watchers)

    def join(self) -> asyncio.Event:
        """Return an event of one's own that is set at each ring. Called on the watcher's loop."""
        ring = asyncio.Event()
        with self._lock:
            self._watchers[ring] = asyncio.get_running_loop()
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen, name="writethru events", daemon=True)
                self._listener.start()
        return ring

    def close(self) -> None:
        """Let every watcher go: the server stops."""
        self.is_closed = True
        self._ring()

    def leave(self, ring: asyncio.Event) -> None:
        """Stop watching."""
        with self._lock:
            self._watchers.pop(ring, None)

    def _listen(self) -> None:
        while not self._is_over():
            try:
                with self._record.listening() as connection:
                    self._ring()  # for what happened before
                    while not self._is_over():
                        for _ in connection.notifies(timeout=1.0, stop_after=1):
                            self._ring()
            except (StoreError, psycopg.Error) as error:
                _log.warning("listening for events failed, trying again: %s", error)
                threading.Event().wait(RETRY_SECONDS)

    def _is_over(self) -> bool:
        with self._lock:
            if self._watchers and not self.is_closed:
                return False
            self._listener = None
            return True

    def _ring(self) -> None:
        with self._lock:
            for ring, loop in self._watchers.items():
                if not loop.is_closed():
                    loop.call_soon_threadsafe(ring.set)
