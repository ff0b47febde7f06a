"""`writethru follow` and `writethru forget`: single articles."""

from typing import Annotated

import typer

from pipeline.articles import normalise_url
from pipeline.cli.console import note, say
from pipeline.cli.database import connection, database
from pipeline.steps import follow_urls
from pipeline.store import reading, tending


def follow(urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of articles.")]) -> None:
    """Follow articles by their address, developing or not, whatever feed they are in or none."""
    with database() as url:
        count = follow_urls(url, urls)
    many = count != 1
    say(f"Following {count} article{'s' if many else ''}; the next run captures {'them' if many else 'it'}.")


def forget(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Address or number of an article.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase an article with every version, update, fact, event and raw capture of it. It cannot be undone.

    For a person who must: nothing else in Writethru ever deletes from the record.
    """
    with connection() as opened:
        found = reading.find_article(opened, article, address=normalise_url(article))
        if not yes:
            note(f"{found.headline or found.url} ({found.publisher}, {found.versions} versions)")
            typer.confirm("Erase all of it?", abort=True, err=True)
        with opened.transaction():
            tending.forget_article(opened, found.article_id)
    say(f"Erased article {found.article_id}.")
