"""Lines that the articles of a publisher share: what was learned, and the texts to learn from."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from pipeline.model import Boilerplate
from pipeline.store.connections import Connection
from pipeline.store.rows import Row
from pipeline.store.statements import statement


def boilerplate_of_articles(connection: Connection, article_ids: Iterable[int]) -> dict[int, Boilerplate]:
    """Return the boilerplate of each article's publisher, where some is known."""
    rows = connection.execute(statement("boilerplate_of_articles"), {"article_ids": sorted(set(article_ids))})
    return {row["article_id"]: _boilerplate_of(row) for row in rows}


def publishers_to_learn(connection: Connection, *, since: datetime, articles: int) -> dict[str, Boilerplate]:
    """Return the publishers with at least so many articles first seen since then, and what is known of them."""
    rows = connection.execute(statement("publishers_to_learn"), {"since": since, "articles": articles})
    return {row["publisher"]: _boilerplate_of(row) for row in rows}


def newest_texts(connection: Connection, publisher: str, *, since: datetime, most: int) -> tuple[str, ...]:
    """Return the text of the newest version of each article of a publisher, the newest articles first."""
    values = {"publisher": publisher, "since": since, "most": most}
    return tuple(row["text"] for row in connection.execute(statement("newest_texts_of_publisher"), values))


def changed_sentences(connection: Connection, publisher: str, *, since: datetime) -> Iterator[str]:
    """Yield the sentences that came, went or were edited in a publisher's articles, each but once.

    They are asked for with the first of them, and held one at a time: a large publisher has hundreds of thousands.
    """
    with connection.cursor() as cursor:
        for row in cursor.stream(statement("changed_sentences_of_publisher"), {"publisher": publisher, "since": since}):
            yield row["sentence"]


def save_boilerplate(connection: Connection, publisher: str, learned: Boilerplate, *, now: datetime) -> bool:
    """Store what was learned in place of what was known before; tell whether that still stood."""
    values = {"publisher": publisher, "revision": learned.revision, "lines": list(learned.lines), "now": now}
    return connection.execute(statement("save_boilerplate"), values).fetchone() is not None


def _boilerplate_of(row: Row) -> Boilerplate:
    return Boilerplate(revision=row["revision"], lines=tuple(row["lines"]), kept=tuple(row["kept"]))
