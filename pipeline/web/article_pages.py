"""The page of an article: one version, or any two of them compared, and the capture that brought it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.errors import UnknownStoryError
from pipeline.store import reading
from pipeline.web import diffs, questions
from pipeline.web.site import NUMBER_MOST, ArticleNumber, OptionalVersion, Site, address


class View(StrEnum):
    """How versions are shown."""

    INLINE = "inline"
    SIDE = "side"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Other versions to look at; `rel` is what they are to the ones shown, as HTML's links name it."""

    text: str
    old: int
    new: int
    rel: str = ""


def routes(site: Site) -> APIRouter:
    """Return the routes of this page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/articles/{article_id}", response_class=HTMLResponse)
    def article(
        request: Request,
        article_id: ArticleNumber,
        old: OptionalVersion = None,
        new: OptionalVersion = None,
        view: View | None = None,
        fact: Annotated[int | None, Query(ge=1, le=NUMBER_MOST)] = None,
    ) -> HTMLResponse:
        """One article."""
        with site.record.reading() as connection:
            found = questions.article(connection, article_id)
            versions = questions.versions(connection, article_id)
            place = questions.fact(connection, fact) if fact is not None else None
            if place and place.article_id != article_id:
                raise UnknownStoryError(f"Fact {fact} does not stand in article {article_id}.")
            if not versions:
                return site.page(request, "article_unread.html", article=found)
            newer = new or (place.number if place else versions[0].number)
            older = old or max(1, newer - 1)
            if view is None:
                view = View.TEXT if place or newer == older else View.INLINE
            shown = reading.version(connection, article_id, newer)
            before = reading.version(connection, article_id, older)
            capture = questions.capture_of(connection, article_id, newer)
        sentences = diffs.reading(shown, place) if view is View.TEXT else diffs.between(before, shown)
        return site.page(
            request,
            "article.html",
            article=found,
            versions=versions,
            old=before,
            new=shown,
            view=view,
            views=list(View),
            fact=place,
            steps=tuple(_steps(older, newer, newest=versions[0].number, view=view)),
            capture=capture,
            sentences=sentences,
            headline=diffs.words_changed(before.headline, shown.headline),
        )

    @router.get("/facts/{fact_id}")
    def fact(request: Request, fact_id: Annotated[int, Path(ge=1, le=NUMBER_MOST)]) -> RedirectResponse:
        """Lead to the sentence that says a fact."""
        with site.record.reading() as connection:
            place = questions.fact(connection, fact_id)
        return RedirectResponse(address(request, f"/articles/{place.article_id}", fact=fact_id) + "#fact")

    return router


def _steps(old: int, new: int, *, newest: int, view: View) -> Iterator[Step]:
    """Yield the versions around those that are shown, each compared with the one before it, and all that changed."""

    def step(number: int, text: str, rel: str) -> Step:
        return Step(text=text, old=max(1, number - 1), new=number, rel=rel)

    first = 1 if view is View.TEXT else 2
    if new > first:
        yield step(new - 1, f"← Version {new - 1}", "prev")
    if new < newest:
        yield step(new + 1, f"Version {new + 1} →", "next")
    if view is not View.TEXT and newest > first and (old, new) != (1, newest):
        yield Step(text=f"All that changed, 1 → {newest}", old=1, new=newest)
