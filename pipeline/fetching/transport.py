"""One question to one server: connected only where the guard permits, over within its deadline, under its byte cap.

No redirect is followed here, no cookie kept, no proxy or netrc of the environment used.
"""

import asyncio
import contextlib
import errno
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from pipeline.config import Settings
from pipeline.errors import UnreadableError
from pipeline.fetching.answers import Answer, Silence
from pipeline.fetching.bodies import ACCEPT_ENCODING, BodyDecoder
from pipeline.fetching.guard import AddressGuard, is_refusal
from pipeline.model import Outcome

# Real sites send long Content-Security-Policy headers; aiohttp's own 8 KiB and 128 headers refuse some of them.
_MAX_HEADER_BYTES = 32 * 1024
_MAX_HEADERS = 256
# How much of an error page is read to recognise a robot check, and for how long.
_PEEK_BYTES = 64 * 1024
_PEEK_SECONDS = 3.0
#: A kept connection must outlive the pause between two requests, and need not outlive it by much.
_KEPT_BEYOND_PAUSE_SECONDS = 1.0

_BODY_STATUSES = frozenset({200, 203})

_is_reused: ContextVar[bool] = ContextVar("_is_reused", default=False)


class _DroppedError(aiohttp.ClientError):
    """A fresh connection that ended without an answer. Not an error that aiohttp tries again by itself."""


class Transport:
    """A session of connections. Use it as an async context manager."""

    def __init__(
        self, settings: Settings, *, resolver: AbstractResolver | None = None, ssl_context: ssl.SSLContext | None = None
    ) -> None:
        self._settings = settings
        self._resolver = resolver
        self._ssl_context = ssl_context
        self._closing: aiohttp.ClientSession
        self._keeping: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        if self._resolver is None:
            self._resolver = SystemResolver(threads=self._settings.fetch_concurrency)
        self._closing = self._open_session(self._resolver, keeps_connections=False)
        self._keeping = self._open_session(self._resolver, keeps_connections=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._closing.close()
        await self._keeping.close()
        if self._resolver is not None:
            await self._resolver.close()

    def _open_session(self, resolver: AbstractResolver, *, keeps_connections: bool) -> aiohttp.ClientSession:
        idle_seconds = self._settings.host_gap_seconds + _KEPT_BEYOND_PAUSE_SECONDS
        connector = aiohttp.TCPConnector(
            socket_factory=AddressGuard(self._settings.allow_networks).make_socket,
            resolver=resolver,
            ssl=self._ssl_context or True,
            limit=0,  # pacing decides how many
            **({"keepalive_timeout": idle_seconds} if keeps_connections else {"force_close": True}),
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            headers={"User-Agent": self._settings.user_agent, "Accept-Encoding": ACCEPT_ENCODING},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._settings.fetch_connect_seconds),
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
            max_headers=_MAX_HEADERS,
            middlewares=(_ask_once,),
            trace_configs=[_connection_trace()],
        )

    async def ask(
        self,
        url: URL,
        headers: dict[str, str],
        *,
        max_bytes: int,
        deadline_seconds: float,
        keep_beginning: bool = False,
        keep_connection: bool = False,
    ) -> Answer | Silence:
        """Send a GET and read the answer. Whatever the other side does, this returns within the deadline.

        A body announced as larger than the cap is not read at all, unless its beginning is of use. Where more is to be
        asked of the host soon, keeping the connection spares both sides; kept ones of thousands of hosts would use up
        the process's file descriptors.
        """
        session = self._keeping if keep_connection else self._closing
        status: int | None = None
        try:
            async with (
                asyncio.timeout(deadline_seconds),
                session.get(url, headers=headers, allow_redirects=False) as response,
            ):
                status = response.status
                return await _receive(response, max_bytes, deadline_seconds, keep_beginning=keep_beginning)
        except TimeoutError:
            detail = "no answer in time" if status is None else "the answer did not end in time"
            return Silence(outcome=Outcome.TIMEOUT, detail=detail, status=status)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if status is not None:
                return Silence(outcome=Outcome.TRUNCATED, detail="the connection broke within the body", status=status)
            return _explain(error)


class SystemResolver(AbstractResolver):
    """The system's resolver in threads of our own: dead names may occupy all of them, and nobody else's."""

    def __init__(self, *, threads: int) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="resolve")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a name. Raises `OSError` where it has none."""
        look_up = partial(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._pool, look_up)
        except UnicodeError as error:  # a label that is empty or longer than 63 bytes
            raise socket.gaierror(socket.EAI_NONAME, "not a name that can be resolved") from error
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=int(address[1]),
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Let go of the threads without waiting for those that still resolve."""
        self._pool.shutdown(wait=False, cancel_futures=True)


async def _receive(
    response: aiohttp.ClientResponse, max_bytes: int, deadline_seconds: float, *, keep_beginning: bool
) -> Answer:
    """Read as much of a body as the status deserves."""
    promised = response.content_length or 0
    if response.status in _BODY_STATUSES and promised > max_bytes and not keep_beginning:
        detail = f"{promised} bytes announced, {max_bytes} taken at the most"
        return Answer(status=response.status, headers=response.headers, fault=Outcome.TOO_LARGE, detail=detail)
    if response.status in _BODY_STATUSES:
        return await _read(response, max_bytes)
    if response.status >= 400 or response.status == 202:
        return await _peek(response, deadline_seconds)
    return Answer(status=response.status, headers=response.headers)


async def _read(response: aiohttp.ClientResponse, max_bytes: int) -> Answer:
    """Read the body to its end or to the cap."""
    answer = Answer(status=response.status, headers=response.headers)
    decoder: BodyDecoder | None = None
    try:
        decoder = BodyDecoder(response.headers.get("Content-Encoding", ""), max_bytes=max_bytes)
        async for chunk in response.content.iter_any():
            decoder.feed(chunk)
        return replace(answer, body=decoder.finish())
    except UnreadableError as error:
        begun = decoder.body if decoder is not None else b""
        return replace(answer, body=begun, fault=error.outcome, detail=error.detail)


async def _peek(response: aiohttp.ClientResponse, deadline_seconds: float) -> Answer:
    """Read the beginning of an error page; its status counts, whatever becomes of its body."""
    body = b""
    with contextlib.suppress(UnreadableError):
        decoder = BodyDecoder(response.headers.get("Content-Encoding", ""), max_bytes=_PEEK_BYTES)
        with contextlib.suppress(UnreadableError, aiohttp.ClientError, OSError):
            # TimeoutError is an OSError.
            async with asyncio.timeout(min(_PEEK_SECONDS, deadline_seconds / 2)):
                async for chunk in response.content.iter_any():
                    decoder.feed(chunk)
        body = decoder.body
    return Answer(status=response.status, headers=response.headers, body=body)


def _explain(error: Exception) -> Silence:
    """Say why no answer came, in words that repeat nothing a server wrote and no address with a secret in it."""
    cause = getattr(error, "os_error", error)
    outcome = Outcome.UNREACHABLE
    if is_refusal(cause):
        outcome, detail = Outcome.BLOCKED_ADDRESS, "the host leads to an address that is not public"
    elif isinstance(error, aiohttp.ClientConnectorDNSError):
        outcome, detail = Outcome.DNS_ERROR, "the host name does not resolve"
    elif isinstance(error, aiohttp.ClientSSLError) or isinstance(cause, ssl.SSLError):
        outcome, detail = Outcome.TLS_ERROR, _tls_reason(error)
    elif isinstance(error, aiohttp.InvalidURL):
        outcome, detail = Outcome.BLOCKED_ADDRESS, "not a well-formed address"
    elif isinstance(error, aiohttp.ClientResponseError):
        detail = "what came is not HTTP, or its headers are out of bounds"
    elif isinstance(error, _DroppedError | aiohttp.ServerDisconnectedError | ConnectionResetError):
        detail = "the server hung up without an answer"
    elif isinstance(cause, OSError) and cause.errno is not None:
        detail = f"no connection ({errno.errorcode.get(cause.errno, cause.errno)})"
    else:
        detail = f"no answer ({type(error).__name__})"
    return Silence(outcome=outcome, detail=detail)


def _tls_reason(error: Exception) -> str:
    cause = getattr(error, "certificate_error", None) or getattr(error, "os_error", error)
    reason = getattr(cause, "verify_message", None) or getattr(cause, "reason", None) or type(cause).__name__
    return f"no safe connection ({reason})"


async def _ask_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep aiohttp from asking a server twice that hangs up on us.

    It repeats a GET once, which is right only where an idle connection was closed in the moment we took it up again
    (RFC 9112, 9.3.1). On a fresh connection it would be a second visit within the same pause.
    """
    _is_reused.set(False)
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        if _is_reused.get():
            raise
        raise _DroppedError from error


def _connection_trace() -> aiohttp.TraceConfig:
    async def note(
        _session: aiohttp.ClientSession, _context: SimpleNamespace, _: aiohttp.TraceConnectionReuseconnParams
    ) -> None:
        _is_reused.set(True)

    trace = aiohttp.TraceConfig()
    trace.on_connection_reuseconn.append(note)
    return trace
