"""By what names an article is known: guid, feed link, redirect target, canonical URL.

Addresses are brought to one form first, so that the same page reached with another tracking parameter, port or
letter case is the same alias. What may tell two articles apart (path, meaningful parameters) is never touched.
"""

import re
from functools import cache
from importlib import resources
from urllib.parse import parse_qsl, quote, urlsplit

from pipeline.hosts import ascii_host, is_ip_address
from pipeline.model import Alias, AliasKind

_MAX_URL = 4000
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNWANTED = re.compile(r"[\x00-\x20\x7f\s]")
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "/:@!$&'()*+,;=~-._%"
_QUERY_SAFE = "/:@!$'()*,;~-._?"
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9_.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_REVISION = re.compile(r"#\d{1,3}$")
_HOME = {"", "/"}


def normalise_url(url: str) -> str | None:
    """Return an address in its one form (RFC 3986, section 6), or `None` where it is no http(s) address.

    Scheme and host in lower case; no user name, default port, fragment or tracking parameter; dot segments resolved;
    parameters sorted; escapes in one style. Applying it twice changes nothing more.
    """
    stripped = url.strip()
    if not stripped or len(stripped) > _MAX_URL:
        return None
    try:
        parts = urlsplit(stripped)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError:
        return None
    if scheme not in _DEFAULT_PORTS or not host or (name := _host(host)) is None:
        return None
    where = name if port in {None, _DEFAULT_PORTS[scheme]} else f"{name}:{port}"
    query = _query(parts.query)
    return f"{scheme}://{where}{_path(parts.path)}{'?' + query if query else ''}"


def publisher_of(url: str) -> str:
    """Return who publishes an address: the host below its public suffix ("bbc.co.uk"), else the host as it is.

    An IP address or `localhost` keeps its port, since one machine may serve several publishers.
    Returns an empty string for what is no http(s) address.
    """
    address = normalise_url(url)
    if address is None:
        return ""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if is_ip_address(host) or host == "localhost":
        return parts.netloc
    labels = host.split(".")
    for suffix_length in (3, 2, 1):
        if ".".join(labels[-suffix_length:]) in _suffixes() and len(labels) > suffix_length:
            return ".".join(labels[-suffix_length - 1 :])
    return ".".join(labels[-2:])


def aliases_of_entry(*, guid: str | None, link: str | None, publisher: str) -> tuple[Alias, ...]:
    """Return the names under which a feed entry's article is known.

    A guid counts within its publisher (`scope`). The revision number some publishers put behind a permalink guid
    ("…#0") and the difference between http and https are left out; a guid too short to tell articles apart, and a link
    to a front page, are no names.
    """
    names: list[Alias] = []
    if guid and (value := _guid(guid)):
        names.append(Alias(kind=AliasKind.GUID, value=value, scope=publisher))
    address = _article_address(link) or (_article_address(guid) if guid and not link else None)
    if address:
        names.append(Alias(kind=AliasKind.LINK, value=address))
    return tuple(names)


def aliases_of_page(
    *, final_url: str, permanent_url: str | None = None, canonical_url: str | None = None
) -> tuple[Alias, ...]:
    """Return the names a page itself gives: where redirects ended, and what it calls its canonical address.

    A canonical address of another publisher, or a front page, is no name: syndicated copies point to their source.
    """
    reached = [address for url in (final_url, permanent_url) if (address := _article_address(url))]
    names = [Alias(kind=AliasKind.REDIRECT, value=address) for address in reached]
    canonical = _article_address(canonical_url)
    if canonical and publisher_of(canonical) == publisher_of(final_url):
        names.append(Alias(kind=AliasKind.CANONICAL, value=canonical))
    return tuple(dict.fromkeys(names))


def _article_address(url: str | None) -> str | None:
    address = normalise_url(url) if url else None
    if address is None:
        return None
    parts = urlsplit(address)
    return None if parts.path in _HOME and not parts.query else address


def _guid(guid: str) -> str | None:
    value = guid.strip().replace("\0", "")
    if value.lower().startswith(("http://", "https://")):
        address = _article_address(_REVISION.sub("", value))
        return address and "https://" + address.split("://", 1)[1]
    # Bare numbers of a few digits are places in a list more often than names.
    if not value or len(value) > _MAX_URL or (value.isdigit() and len(value) < 5):
        return None
    return value


def _host(host: str) -> str | None:
    name = ascii_host(host)
    if name is None:
        return None
    if ":" in name:
        return f"[{name}]" if is_ip_address(name) else None
    return name if _HOST.fullmatch(name) and ".." not in name else None


def _path(path: str) -> str:
    resolved: list[str] = []
    segments = _escaped(path, _PATH_SAFE).split("/")[1:]
    for position, segment in enumerate(segments):
        last = position == len(segments) - 1
        if segment == "..":
            del resolved[-1:]
        elif segment != ".":
            resolved.append(segment)
        if last and segment in {".", ".."}:
            resolved.append("")
    return "/" + "/".join(resolved)


def _escaped(text: str, safe: str) -> str:
    """Return a part with every escape in one style: none where none is needed, else upper-case hexadecimal."""

    def escape(match: re.Match[str]) -> str:
        sign = chr(int(match[1], 16))
        return sign if sign in _UNRESERVED else match[0].upper()

    quoted = quote(_UNWANTED.sub(lambda found: quote(found[0]), text), safe=safe)
    # A percent sign that begins no escape stands for itself.
    quoted = re.sub(r"%(?![0-9a-fA-F]{2})", "%25", quoted)
    return _ESCAPE.sub(escape, quoted)


def _query(query: str) -> str:
    pairs = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
        if (name or value) and not _is_tracking(name)
    ]
    return "&".join(
        f"{_parameter(name)}={_parameter(value)}" if value else _parameter(name) for name, value in sorted(pairs)
    )


def _parameter(text: str) -> str:
    return quote(text, safe=_QUERY_SAFE, errors="surrogateescape")


def _is_tracking(name: str) -> bool:
    exact, prefixes = _tracking()
    lowered = name.lower()
    return lowered in exact or lowered.startswith(prefixes)


def _lines(name: str) -> list[str]:
    text = (resources.files(__package__) / name).read_text(encoding="utf-8")
    return [line for raw in text.splitlines() if (line := raw.strip()) and not line.startswith("#")]


@cache
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    lines = _lines("tracking_parameters.txt")
    exact = frozenset(line for line in lines if not line.endswith("*"))
    return exact, tuple(line[:-1] for line in lines if line.endswith("*"))


@cache
def _suffixes() -> frozenset[str]:
    return frozenset(_lines("public_suffixes.txt"))
