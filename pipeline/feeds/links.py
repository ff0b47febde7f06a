"""Addresses in feeds: made absolute, http(s) only, without passwords, fit to be stored and fetched."""

import re
from typing import Final
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

#: An address longer than this is no address of an article, and too long for an index of Postgres (2,704 bytes).
MAX_URL_CHARACTERS: Final = 2000

_CONTROLS: Final = re.compile(r"[\x00-\x20\x7f-\x9f]+")
_UNWRITABLE: Final = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
#: "https://" or "https:/path", which `urljoin` would take for a relative address.
_LACKS_HOST: Final = re.compile(r"https?:(?!//[^/?#])", re.IGNORECASE)
#: Everything that may stand in an address as it is, the percent sign included: what is encoded stays encoded.
_SAFE: Final = "%/:?#[]@!$&'()*+,;=-._~"


def resolve(base: str, href: str | None) -> str | None:
    """Return `href` as an absolute http(s) address, or None where it is none.

    White space within the address (line breaks of pretty-printers) goes, spaces become `%20`, non-ASCII characters of
    path and query are percent-encoded (RFC 3987, 3.1), user name and password are dropped, the host is in lower case.
    """
    if not href:
        return None
    address = _UNWRITABLE.sub("", href).strip()
    address = _CONTROLS.sub(_mend_space, address)
    if not address:
        return None
    if address[:4].lower() == "www.":
        address = f"https://{address}"
    try:
        if _LACKS_HOST.match(address):
            return None
        parts = urlsplit(urljoin(base, address))
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port is not None:
        netloc = f"{netloc}:{port}"
    path, query, fragment = (quote(part, safe=_SAFE) for part in (parts.path, parts.query, parts.fragment))
    url = urlunsplit((parts.scheme, netloc, path, query, fragment))
    return url if len(url) <= MAX_URL_CHARACTERS else None


def _mend_space(match: re.Match[str]) -> str:
    return "%20" if match[0].isspace() and "\n" not in match[0] and "\t" not in match[0] else ""


def is_absolute(href: str | None) -> bool:
    """Tell whether `href` is an http(s) address of its own, as a guid must be to serve as a link."""
    return href is not None and href.strip()[:8].lower().startswith(("http://", "https://"))
