"""URLs as the fetcher takes them: http and https only, no credentials, no fragment, otherwise untouched.

A signed or oddly quoted address must reach the server as the publisher wrote it, so an address that needs no quoting
is not re-quoted.
"""

from urllib.parse import urljoin, urlsplit

from yarl import URL

DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_CHARACTERS = 8000
_IGNORED = str.maketrans("", "", "\t\r\n")


class BadAddressError(ValueError):
    """Not an address that can be fetched; the message says why, in words that repeat no secret."""


def parse_address(text: str) -> URL:
    """Read an absolute http(s) URL, dropping userinfo and fragment.

    Raises `BadAddressError` for anything else.
    """
    # Line breaks and tabs inside an address mean nothing (WHATWG URL standard, 4.4); feeds wrap long links.
    text = text.strip().translate(_IGNORED)
    if len(text) > _MAX_CHARACTERS:
        raise BadAddressError(f"longer than {_MAX_CHARACTERS} characters")
    try:
        parts = urlsplit(text)
        url = URL(text, encoded=_needs_no_quoting(text)).with_fragment(None)
        host = parts.hostname and url.raw_host
    except ValueError as error:  # a port out of range, unbalanced brackets, a host that IDNA refuses
        raise BadAddressError("not a well-formed address") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise BadAddressError("only http and https are fetched")
    if not host or any(character.isspace() for character in parts.netloc):
        raise BadAddressError("no host in the address")
    return url if url.raw_user is None and url.raw_password is None else url.with_user(None)


def resolve_redirect(current: URL, location: str) -> URL:
    """Return where a `Location` header leads (RFC 9110, 10.2.2; RFC 3986, 5).

    From https to http is followed over https, for what was asked over a safe channel must not be answered over one
    that anybody on the way can rewrite. Raises `BadAddressError` where the target cannot be fetched.
    """
    try:
        # aiohttp keeps bytes that are no UTF-8 as surrogates; such a Location is Latin-1.
        readable = location.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeDecodeError:
        readable = location.encode("utf-8", "surrogateescape").decode("latin-1")
    except UnicodeEncodeError as error:
        raise BadAddressError("not a well-formed address") from error
    try:
        absolute = urljoin(str(current), readable.strip())
    except ValueError as error:
        raise BadAddressError("not a well-formed address") from error
    target = parse_address(absolute)
    if current.scheme == "https" and target.scheme == "http":
        if target.port != DEFAULT_PORTS["http"]:
            raise BadAddressError("a redirect from https to http on a port of its own is not followed")
        return target.with_scheme("https")
    return target


def without_userinfo(text: str) -> str:
    """Return the address as it may be stored and shown: without `user:password@`, whatever else is wrong with it."""
    scheme, separator, rest = text.partition("://")
    if not separator:
        return text
    end = min((rest.find(mark) for mark in "/?#" if mark in rest), default=len(rest))
    authority, tail = rest[:end], rest[end:]
    return f"{scheme}://{authority.rpartition('@')[2]}{tail}"


def _needs_no_quoting(text: str) -> bool:
    return text.isascii() and text.isprintable() and not any(character in text for character in ' "<>\\^`{|}')
