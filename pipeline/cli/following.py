"""`writethru follow` and `writethru forget`: single articles."""

from typing import Annotated

import typer

from pipeline.articles import normalise_url
from pipeline.cli.console import out
from pipeline.cli.database import connection, database
from pipeline.steps import follow_urls
from pipeline.store import reading, tending


def follow(urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of articles.")]) -> None:
    """Follow articles by their address, developing or not, whatever feed they are in or none."""
    with database() as url:
        count = follow_urls(url, urls)
    out.print(
        f"Following {count} article{'s' if count != 1 else ''}; the next run captures {'them' if count != 1 else 'it'}."
    )


def forget(
    url: Annotated[str, typer.Argument(help="Address or number of an article.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase an article with every version, update, fact, event and raw capture of it. It cannot be undone.

    For a person who must: nothing else in Writethru ever deletes from the record.
    """
    with connection() as opened:
        article = reading.find_article(opened, url, address=normalise_url(url))
        if not yes:
            out.print(
                f"{article.headline or '(never read)'} ({article.publisher}, {article.versions} versions)", markup=False
            )
            typer.confirm("Erase all of it?", abort=True)
        with opened.transaction():
            tending.forget_article(opened, article.article_id)
    out.print(f"Erased article {article.article_id}.")
