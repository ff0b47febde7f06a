"""Decoding a body piece by piece, never beyond a cap.

aiohttp could decode by itself, but it takes a gzip stream that breaks off for a whole one, and a page cut short must
not become a version. So it hands over raw bytes, and the end of the stream is checked here.
"""

import zlib

from pipeline.errors import UnreadableError
from pipeline.model import Outcome

#: What to offer in Accept-Encoding: exactly what `BodyDecoder` can undo.
ACCEPT_ENCODING = "gzip, deflate"

_GZIP_MAGIC = b"\x1f\x8b"
_MAX_CODINGS = 2  # a gzip of a gzip is a known misconfiguration; more than that is an attack
_MAX_MEMBERS = 1000


class _Inflater:
    """Undoes one gzip or deflate coding."""

    def __init__(self, *, is_gzip: bool) -> None:
        self._is_gzip = is_gzip
        self._stream: zlib._Decompress | None = None
        self._carry = b""
        self._members = 0
        self._is_over = False

    def feed(self, data: bytes, limit: int) -> bytes:
        """Return what the data decodes to, at most `limit` + 1 bytes; the one more tells that there is more."""
        data = self._carry + data
        self._carry = b""
        output = bytearray()
        while data and not self._is_over and len(output) <= limit:
            if self._stream is None:
                if len(data) < 2:
                    self._carry = data
                    break
                self._start(data)
                continue
            output += self._stream.decompress(data, limit + 1 - len(output))
            data = self._stream.unconsumed_tail
            if self._stream.eof:
                data = self._stream.unused_data
                self._stream = None
                self._is_over = not self._is_gzip
        return bytes(output)

    def is_complete(self) -> bool:
        """Whether the stream ended where it should."""
        return self._stream is None and (self._members > 0 or not self._carry)

    def _start(self, data: bytes) -> None:
        if not self._is_gzip:
            # RFC 9110, 8.4.1.2: deflate is a zlib stream; some servers send the bare one.
            has_zlib_header = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if has_zlib_header else -zlib.MAX_WBITS)
        elif self._members and (not data.startswith(_GZIP_MAGIC) or self._members >= _MAX_MEMBERS):
            self._is_over = True  # padding behind the last member, which gzip itself ignores too
            return
        else:
            self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._members += 1


class BodyDecoder:
    """Collects a body, decoded, up to `max_bytes`. No stage of a double coding may exceed the cap either.

    `feed` and `finish` raise `UnreadableError`: TOO_LARGE beyond the cap, TRUNCATED for a coding that is broken,
    breaks off, or was never offered.
    """

    def __init__(self, content_encoding: str, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._body = bytearray()
        self._stages = [_Inflater(is_gzip=coding != "deflate") for coding in reversed(self._codings(content_encoding))]

    @property
    def body(self) -> bytes:
        """What has been decoded so far."""
        return bytes(self._body)

    def feed(self, data: bytes) -> None:
        """Take the next bytes from the wire."""
        room = self._max_bytes - len(self._body)
        for stage in self._stages:
            try:
                data = stage.feed(data, room)
            except zlib.error as error:
                raise UnreadableError(Outcome.TRUNCATED, "the compressed body is broken") from error
            if len(data) > room:
                break
        self._body += data[:room]
        if len(data) > room:
            raise UnreadableError(Outcome.TOO_LARGE, f"the body exceeds {self._max_bytes} bytes")

    def finish(self) -> bytes:
        """Return the whole body once the wire has ended."""
        if not all(stage.is_complete() for stage in self._stages):
            raise UnreadableError(Outcome.TRUNCATED, "the compressed body breaks off")
        return bytes(self._body)

    @staticmethod
    def _codings(content_encoding: str) -> list[str]:
        codings = [coding.strip().lower() for coding in content_encoding.split(",")]
        codings = [coding for coding in codings if coding not in ("", "identity")]
        if len(codings) > _MAX_CODINGS or any(coding not in ("gzip", "x-gzip", "deflate") for coding in codings):
            raise UnreadableError(Outcome.TRUNCATED, f"content-encoding {content_encoding[:60]!r} was not offered")
        return codings
