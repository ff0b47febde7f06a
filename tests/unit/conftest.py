"""A server on loopback that answers exactly what a test tells it to, however wrong that is."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from pipeline.fetching import Fetcher, transport
from tests.unit.asking import settings

Script = Callable[["asyncio.StreamWriter"], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    at: float
    connection: int


@dataclass
class HostileServer:
    """Answers by path: canned answers keep the connection, scripts write raw bytes and end it."""

    host: str = "127.0.0.1"
    scheme: str = "http"
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    _answers: dict[str, list[bytes | Script]] = field(default_factory=dict)

    def url(self, path: str) -> str:
        return f"{self.scheme}://{self.host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [request.path for request in self.asked]

    def reply(self, path: str, body: bytes = b"", *, status: int = 200, **headers: str) -> None:
        """Add a canned answer for a path; several are given in turn, the last one for ever."""
        lines = {"Content-Length": str(len(body)), **{name.replace("_", "-"): text for name, text in headers.items()}}
        head = f"HTTP/1.1 {status} Whatever\r\n" + "".join(f"{name}: {text}\r\n" for name, text in lines.items())
        self.raw(path, head.encode("utf-8", "surrogateescape") + b"\r\n" + body)

    def redirect(self, path: str, location: str, *, status: int = 302) -> None:
        self.reply(path, status=status, Location=location)

    def raw(self, path: str, answer: bytes | Script) -> None:
        self._answers.setdefault(path, []).append(answer)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        connection = self.connections
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                path = head[0].split(" ")[1]
                headers = {name.lower(): text for name, _, text in (line.partition(": ") for line in head[1:])}
                self.asked.append(Asked(path, headers, asyncio.get_running_loop().time(), connection))
                answers = self._answers.get(path, [b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"])
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                if callable(answer):
                    await answer(writer)
                    break
                writer.write(answer)
                await writer.drain()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    @contextlib.asynccontextmanager
    async def running(self, context: ssl.SSLContext | None = None) -> AsyncIterator["HostileServer"]:
        tasks: set[asyncio.Task[None]] = set()

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            with contextlib.suppress(asyncio.CancelledError):
                await self.serve(reader, writer)
            writer.close()

        server = await asyncio.start_server(accept, self.host, 0, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        self.scheme = "https" if context else "http"
        try:
            yield self
        finally:
            server.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def hostile() -> AsyncIterator[HostileServer]:
    """A hostile server on 127.0.0.1."""
    async with HostileServer().running() as server:
        yield server


@pytest.fixture
async def hidden() -> AsyncIterator[HostileServer]:
    """Another one on 127.0.0.2, which tests do not allow the fetcher to reach."""
    async with HostileServer(host="127.0.0.2").running() as server:
        yield server


@pytest.fixture
async def fetcher(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Fetcher]:
    """A fetcher that may reach the one on 127.0.0.1, and keeps a connection through any delay of a slow machine."""
    monkeypatch.setattr(transport, "_KEPT_BEYOND_PAUSE_SECONDS", 3600)
    async with Fetcher(settings()) as client:
        yield client
