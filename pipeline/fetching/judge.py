"""What an answer means: from status, headers and body to an `Outcome`. Pure.

Only what HTTP and the first bytes tell is judged here. Walls, listings and pages without text need the page to be
read, which is the business of `articles`; whether bytes are a feed is that of `feeds`.
"""

import re
from typing import NamedTuple

from pipeline.fetching.answers import Answer
from pipeline.model import FetchRequest, Outcome, ResourceKind


class Verdict(NamedTuple):
    """An outcome, with a detail that a person can read."""

    outcome: Outcome
    detail: str | None = None


_STATUS_OUTCOMES = {
    401: Outcome.FORBIDDEN,
    403: Outcome.FORBIDDEN,
    404: Outcome.NOT_FOUND,
    410: Outcome.GONE,
    429: Outcome.RATE_LIMITED,
    451: Outcome.FORBIDDEN,
}

# What only the robot check itself carries. Names that ordinary pages behind the same service carry too, such as
# Cloudflare's /cdn-cgi/challenge-platform/ script, are no sign.
_CHALLENGE_SIGNS = re.compile(
    rb"_cf_chl_opt|cf-browser-verification|id=\"challenge-running\""  # Cloudflare
    rb"|geo\.captcha-delivery\.com|captcha-delivery\.com/captcha"  # DataDome
    rb"|id=\"px-captcha\"|_pxCaptcha"  # PerimeterX
    rb"|awsWafCookieDomainList|gokuProps"  # AWS WAF
    rb"|sucuri_cloudproxy_js",  # Sucuri
)
# A robot check is a small page of its own; a long page that holds such a sign is an article about it.
_CHALLENGE_MAX_BYTES = 64 * 1024

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# Labels that servers give to anything: the bytes decide.
_VAGUE_TYPES = frozenset(
    {"", "text/plain", "application/octet-stream", "binary/octet-stream", "text/xml", "application/xml"}
)
# After the WHATWG's MIME sniffing standard, section 7.1: what the first tag of an HTML page can be.
_HTML_BEGINNING = re.compile(
    rb"(?:\s|<\?xml[^>]*>|<!--.*?-->)*<(?:!doctype\s+html|html|head|body|title|meta|script|style|link|iframe|h1|div"
    rb"|font|table|a|b|br|p|main|article|section|header)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
_SNIFFED_BYTES = 4096
# Media that servers like to label text/html.
_MEDIA_MAGIC = (b"%PDF-", b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x00\x00\x00 ftyp")
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def judge(answer: Answer, request: FetchRequest) -> Verdict:
    """Return how a fetch with this final answer ended. A body that is whole and fits gives NEW_BODY."""
    if is_challenge(answer):
        return Verdict(Outcome.CHALLENGE, f"a robot check ({answer.status})")
    if answer.status in {200, 203}:
        return _judge_body(answer, request)
    return _judge_status(answer, request)


def is_challenge(answer: Answer) -> bool:
    """Whether the answer is a check for robots. It is recorded and left alone, never worked around."""
    if "challenge" in answer.headers.get("cf-mitigated", "").lower():
        return True
    if answer.headers.get("x-amzn-waf-action", "").lower() in {"challenge", "captcha"}:
        return True
    body = answer.body
    return len(body) <= _CHALLENGE_MAX_BYTES and bool(_CHALLENGE_SIGNS.search(body)) and looks_like_html(body)


def looks_like_html(body: bytes) -> bool:
    """Whether the first bytes are those of an HTML page."""
    beginning = body[:_SNIFFED_BYTES]
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if beginning.startswith(mark):
            beginning = beginning[len(mark) :].decode(encoding, "replace").encode()
    return _HTML_BEGINNING.match(beginning) is not None


def _judge_status(answer: Answer, request: FetchRequest) -> Verdict:
    status = answer.status
    if status in {204, 205}:
        return Verdict(Outcome.EMPTY, f"the server answered {status}")
    if status == 304:
        if request.validators.etag or request.validators.last_modified:
            return Verdict(Outcome.NOT_MODIFIED)
        return Verdict(Outcome.HTTP_ERROR, "the server answered 304 to a request without conditions")
    if status == 503 and "Retry-After" in answer.headers:
        return Verdict(Outcome.RATE_LIMITED, "the server answered 503 and says when to come back")
    outcome = _STATUS_OUTCOMES.get(status) or (Outcome.SERVER_ERROR if 500 <= status <= 599 else Outcome.HTTP_ERROR)
    return Verdict(outcome, f"the server answered {status}")


def _judge_body(answer: Answer, request: FetchRequest) -> Verdict:
    if answer.fault is not None:
        return Verdict(answer.fault, answer.detail)
    body = answer.body
    if not body.strip(b"\xef\xbb\xbf\x00 \t\r\n\f\v"):
        return Verdict(Outcome.EMPTY, "the body is empty")
    if request.kind is ResourceKind.ARTICLE:
        mime = media_type(answer.headers.get("Content-Type"))
        is_html = mime in _HTML_TYPES or (mime in _VAGUE_TYPES and looks_like_html(body))
        if not is_html or body.startswith(_MEDIA_MAGIC):
            return Verdict(Outcome.NOT_HTML, f"the body is {mime[:60] or 'unlabelled'} and no HTML")
    return Verdict(Outcome.NEW_BODY)


def media_type(content_type: str | None) -> str:
    """Return the type of a Content-Type header, lower-case, without its parameters."""
    return (content_type or "").partition(";")[0].strip().lower()
