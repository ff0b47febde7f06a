"""The page of the feeds, the forms on it, and the login that they need."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.config import settings
from pipeline.errors import UsageError
from pipeline.model import FeedSubscription, Follow
from pipeline.steps import subscribe
from pipeline.store.statements import statement
from pipeline.web import questions
from pipeline.web.access import (
    SESSION_COOKIE,
    SESSION_SECONDS,
    PasswordAccess,
    Viewer,
    is_same_origin,
    is_token_right,
)
from pipeline.web.site import NUMBER_MOST, Site, address

_ACTIONS = {"pause": "web_pause_feed", "resume": "web_resume_feed", "poll": "web_poll_now"}
Token = Annotated[str, Form(max_length=200)]


def routes(site: Site) -> APIRouter:
    """Return the routes of these pages."""
    router = APIRouter(include_in_schema=False)

    @router.get("/feeds", response_class=HTMLResponse)
    def feeds(request: Request) -> HTMLResponse:
        """All feeds and how they are doing."""
        return _feeds_page(site, request)

    @router.post("/feeds", response_class=HTMLResponse)
    def add(
        request: Request,
        url: Annotated[str, Form(max_length=4000)] = "",
        publisher: Annotated[str, Form(max_length=200)] = "",
        follow: Annotated[Follow, Form()] = Follow.DEVELOPING,
        token: Token = "",
    ) -> Response:
        """Add a feed."""
        _may_write(site, request, token)
        wished = FeedSubscription(url=url.strip(), publisher=publisher.strip() or None, follow=follow)
        try:
            with site.record.writing() as connection, connection.transaction():
                subscribe(connection, settings(), [wished])
        except UsageError as problem:
            return _feeds_page(site, request, problem=str(problem), wished=wished.url, status=400)
        return RedirectResponse(address(request, "/feeds"), status_code=303)

    @router.post("/feeds/{feed_id}/{action}")
    def act(
        request: Request, feed_id: Annotated[int, Path(ge=1, le=NUMBER_MOST)], action: str, token: Token = ""
    ) -> RedirectResponse:
        """Pause a feed, resume it, or poll it now."""
        viewer = _may_write(site, request, token)
        if action not in _ACTIONS:
            raise HTTPException(404, "There is no such thing to do with a feed.")
        values = {"feed_id": feed_id, "reason": f"paused by {viewer.name}"}
        with site.record.writing() as connection:
            connection.execute(statement(_ACTIONS[action]), values)
        return RedirectResponse(address(request, "/feeds") + f"#feed-{feed_id}", status_code=303)

    access = site.access
    if isinstance(access, PasswordAccess) and access.has_login:
        router.include_router(_login_routes(site, access))
    return router


def _login_routes(site: Site, access: PasswordAccess) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/login", response_class=HTMLResponse)
    def login_form(request: Request) -> HTMLResponse:
        return site.page(request, "login.html", failed=False)

    @router.post("/login", response_class=HTMLResponse)
    def log_in(request: Request, password: Annotated[str, Form(max_length=200)] = "") -> Response:
        if not is_same_origin(request):
            raise HTTPException(403, "This form was sent by another site.")
        session = access.log_in(password)
        if session is None:
            return site.page(request, "login.html", status=403, failed=True)
        answer = RedirectResponse(address(request, "/feeds"), status_code=303)
        answer.set_cookie(
            SESSION_COOKIE,
            session,
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    @router.post("/logout")
    def log_out(request: Request, token: Token = "") -> RedirectResponse:
        _may_write(site, request, token)
        answer = RedirectResponse(address(request, "/"), status_code=303)
        answer.delete_cookie(SESSION_COOKIE)
        return answer

    return router


def _feeds_page(
    site: Site, request: Request, *, problem: str | None = None, wished: str = "", status: int = 200
) -> HTMLResponse:
    with site.record.reading() as connection:
        rows = questions.feeds(connection)
    return site.page(request, "feeds.html", status=status, feeds=rows, problem=problem, wished=wished)


def _may_write(site: Site, request: Request, token: str) -> Viewer:
    """Return who is asking for a write. Raises 401 or 403 where he may not, or where no page of ours asked."""
    viewer = site.access.viewer(request)
    if viewer is None:
        raise HTTPException(401, "Log in first.")
    if not viewer.may_write:
        raise HTTPException(403, f"{viewer.name} may look, but not change anything.")
    if not is_same_origin(request) or not is_token_right(viewer, token):
        raise HTTPException(403, "The form was too old, or was sent by another site. Load the page anew and try again.")
    return viewer
