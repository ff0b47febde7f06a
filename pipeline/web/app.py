"""The pages as one application: its routes, its headers, and its friendly answers where something is wrong."""

import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline import __version__
from pipeline.errors import DatabaseUnavailableError, SchemaMissingError, StoreError, UnknownStoryError
from pipeline.web import api, article_pages, atom, feed_pages, story_pages, stream
from pipeline.web.access import Access, PasswordAccess
from pipeline.web.record import Record
from pipeline.web.site import FOLDER, Site, is_for_programs, root_of

_log = logging.getLogger(__name__)
_STATIC = {
    "style.css": "text/css",
    "theme.js": "text/javascript",
    "live.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
_FEEDS = (
    ("/atom.xml", "All events as an Atom feed, each with its diff"),
    ("/atom.xml?publisher=NAME", "Those of one publisher"),
    ("/stories/{story_id}/atom.xml", "Those of one story"),
    ("/stories/{story_id}/facts.csv", "The latest facts of a story as CSV; with at=TIME those known then"),
)
_DETAILS = {
    404: "There is no page at this address.",
    405: "This address is not for that: go to the page that led here, and use its forms.",
}
_TITLES = {
    400: "That cannot be done",
    401: "Log in first",
    403: "Not allowed",
    404: "Not found",
    405: "Not that way",
    422: "That was not understood",
    503: "The record does not answer",
}


def create_app(
    database_url: str | Callable[[], str],
    *,
    access: Access | None = None,
    outside: str | None = None,
    hosts: Sequence[str] | None = None,
    revive: Callable[[], None] | None = None,
) -> FastAPI:
    """Return the pages over a record.

    `database_url` may be a function that tells it when it is first needed. `access` says who may look and write
    (default: everybody may look, nobody may write), `outside` the address under which others reach the pages, and
    `hosts` by which names they may be asked for (default: any). `revive` is called where Postgres did not answer, to
    start it again, and may take some seconds.
    """
    site = Site(
        record=Record(database_url),
        access=access or PasswordAccess(None),
        outside=outside,
        hosts=frozenset(hosts) if hosts is not None else None,
    )
    app = FastAPI(
        title="Writethru",
        version=__version__,
        description="Developing news stories: their events, facts, versions, and what changed.",
        dependencies=[Depends(_known_host(site)), *site.access.dependencies],
        # The pages of FastAPI load scripts from another host; the schema is served by a route that a login guards.
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.site = site
    for routes in (story_pages.routes, article_pages.routes, feed_pages.routes, atom.routes, api.routes, stream.routes):
        app.include_router(routes(site))
    _describe(app, site)
    _serve_static(app)
    _answer_errors(app, site, revive)
    app.add_middleware(_Headers, framed_by=site.access.framed_by)
    return app


def _known_host(site: Site) -> Callable[[Request], None]:
    def check(request: Request) -> None:
        # A page elsewhere may point a name of its own at the loopback, and then read us as its own origin.
        if site.hosts is not None and (request.url.hostname or "") not in site.hosts:
            raise HTTPException(400, "These pages do not go by that name.")

    return check


def _describe(app: FastAPI, site: Site) -> None:
    """Serve the schema of the API, and a page of its addresses."""

    @app.get("/openapi.json", include_in_schema=False)
    def openapi(request: Request) -> JSONResponse:
        return JSONResponse({**app.openapi(), "servers": [{"url": root_of(request) or "/"}]})

    @app.get("/api", include_in_schema=False)
    def about_api(request: Request) -> Response:
        operations = [
            (
                path,
                methods["get"]["summary"],
                [one["name"] for one in methods["get"].get("parameters", ()) if one["in"] == "query"],
            )
            for path, methods in app.openapi()["paths"].items()
        ]
        return site.page(request, "api.html", operations=operations, feeds=_FEEDS)


def _serve_static(app: FastAPI) -> None:
    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> FileResponse:
        if name not in _STATIC:
            raise HTTPException(404, "There is no such file.")
        return FileResponse(FOLDER / "static" / name, media_type=_STATIC[name])


def _answer_errors(app: FastAPI, site: Site, revive: Callable[[], None] | None) -> None:
    def answer(request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
        if is_for_programs(request):
            return JSONResponse({"detail": detail}, status_code=status, headers=headers)
        title = _TITLES.get(status, "Something went wrong")
        if detail == HTTPStatus(status).phrase:  # nobody of ours has said anything
            detail = _DETAILS.get(status, "")
        page = site.page(request, "error.html", status=status, title=title, detail=detail)
        page.headers.update(headers or {})
        return page

    @app.exception_handler(AnyHTTPException)
    def http_error(request: Request, error: AnyHTTPException) -> Response:
        return answer(request, error.status_code, str(error.detail), error.headers)

    @app.exception_handler(UnknownStoryError)
    def unknown(request: Request, error: UnknownStoryError) -> Response:
        return answer(request, 404, str(error))

    @app.exception_handler(RequestValidationError)
    async def not_understood(request: Request, error: RequestValidationError) -> Response:
        if is_for_programs(request):
            return await request_validation_exception_handler(request, error)
        said = "; ".join(f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors())
        return answer(request, 422, said)

    @app.exception_handler(Exception)
    def defect(request: Request, error: Exception) -> Response:
        # Starlette raises it again after this answer, so that the server logs it.
        return answer(request, 500, "That is a defect of ours. It has been logged; the other pages still work.")

    @app.exception_handler(StoreError)
    def store_error(request: Request, error: StoreError) -> Response:
        _log.warning("%s", error)
        if revive is not None and isinstance(error, DatabaseUnavailableError):
            revive()
        detail = (
            "Its schema is missing or older than this program: run `writethru db upgrade`."
            if isinstance(error, SchemaMissingError)
            else "Postgres does not answer now. Nothing is lost: try again in a moment. "
            "If it stays so, `writethru doctor` says what is wrong."
        )
        return answer(request, 503, detail)


class _Headers:
    """Says with every answer what a browser may do with it."""

    def __init__(self, app: ASGIApp, framed_by: str) -> None:
        self._app = app
        self._headers = {
            "content-security-policy": (
                "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
                f"form-action 'self'; base-uri 'none'; frame-ancestors {framed_by}"
            ),
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                headers.setdefault("cache-control", "private, no-cache")
            await send(message)

        await self._app(scope, receive, send_with_headers)
