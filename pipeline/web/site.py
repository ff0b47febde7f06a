"""What all pages share: the templates, the way to the record, who is looking, and how a page is answered."""

import pathlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import urlencode

import jinja2
from fastapi import Path, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import AfterValidator, BeforeValidator, Field

from pipeline import stories
from pipeline.web import charts, words
from pipeline.web.access import Access
from pipeline.web.bell import Bell
from pipeline.web.record import Record

FOLDER = pathlib.Path(__file__).parent
NUMBER_MOST = 2**62
VERSION_MOST = 2**31 - 1
#: Marks that turn the direction of text (UAX #9, explicit embeddings and isolates). One that is not closed turns what
#: stands beside it too, out of `bdi` as well, so none is shown; `dir="auto"` gives each text its direction.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals |= {
    "ago": words.ago_text,
    "field_text": words.field_text,
    "fact_line": words.fact_line,
    "fact_name": stories.fact_name,
    "fact_text": words.fact_text,
    "found_text": words.found_text,
    "moment_of": datetime.fromisoformat,
    "sparkline": charts.sparkline,
    "number_text": words.number_text,
    "span_text": words.span_text,
    "stamp": words.stamp,
    "value_text": words.value_text,
    "time_tag": words.time_tag,
    "web_address": words.web_address,
}


@dataclass(frozen=True)
class Site:
    """One set of pages: over one record, behind one way to log in."""

    record: Record
    access: Access
    outside: str | None = None
    """The address under which others reach the pages, for the links in feeds; none: as the request has it."""
    hosts: frozenset[str] | None = None
    """Names by which the pages may be asked for; none: any."""

    @cached_property
    def bell(self) -> Bell:
        """What wakes those who watch for events."""
        return Bell(self.record)

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Answer with a page."""
        root = root_of(request)
        text = _templates.get_template(template).render(
            root=root,
            here=request.url.path.removeprefix(root) or "/",
            viewer=self.access.viewer(request) if status < 500 else None,
            has_login=self.access.has_login,
            now=datetime.now(UTC),
            **values,
        )
        return HTMLResponse(text.translate(_TURNING), status_code=status)


def root_of(request: Request) -> str:
    """Return the path under which the pages are mounted; empty at the root."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def is_for_programs(request: Request) -> bool:
    """Tell whether a program asks, and wants no page for an answer."""
    return request.url.path.removeprefix(root_of(request)).startswith("/api/")


def base_of(site: Site, request: Request) -> str:
    """Return the whole address under which the pages are reached, without a slash at its end."""
    return (site.outside or str(request.base_url)).rstrip("/")


def address(request: Request, path: str, **query: Any) -> str:
    """Return the address of a page of ours, with what is asked of it and is not none."""
    asked = urlencode({key: value for key, value in query.items() if value is not None})
    return f"{root_of(request)}{path}{'?' + asked if asked else ''}"


def _nothing_if_empty(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        raise ValueError("that is beyond the calendar") from None


Moment = Annotated[
    datetime | None,
    BeforeValidator(_nothing_if_empty),
    AfterValidator(_in_utc),
    Query(description="A moment (ISO 8601); UTC where it names no zone."),
]
StoryNumber = Annotated[int, Path(ge=1, le=NUMBER_MOST, description="Number of a story.")]
ArticleNumber = Annotated[int, Path(ge=1, le=NUMBER_MOST, description="Number of an article.")]
VersionNumber = Annotated[int, Path(ge=1, le=VERSION_MOST, description="Number of a version within its article.")]
OptionalVersion = Annotated[int | None, Query(ge=1, le=VERSION_MOST)]
Text = Annotated[Annotated[str, Field(max_length=200)] | None, BeforeValidator(_nothing_if_empty), Query()]


def rendered(template: str, **values: Any) -> str:
    """Return a template that is no page of its own, filled in. What comes from outside is escaped in it, too."""
    return _templates.get_template(template).render(**values).translate(_TURNING)
