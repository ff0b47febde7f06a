"""Learning what the articles of a publisher share and what is part of none, each night."""

from datetime import datetime, timedelta

import structlog

from pipeline import articles
from pipeline.store import boilerplate
from pipeline.store.connections import Connection

log = structlog.get_logger(__name__)
LEARNED_FROM = timedelta(days=60)  #: how far back a publisher's articles are looked at
ARTICLES_MOST = 500  #: articles looked at, the newest


def learn_boilerplate(connection: Connection, *, now: datetime) -> int:
    """Look for shared lines in the newest versions of each publisher; return how many lines were learned."""
    since = now - LEARNED_FROM
    learned = 0
    for publisher, known in boilerplate.publishers_to_learn(
        connection, since=since, articles=articles.ARTICLES_MIN
    ).items():
        texts = boilerplate.newest_texts(connection, publisher, since=since, most=ARTICLES_MOST)
        changed = boilerplate.changed_sentences(connection, publisher, since=since)
        found = articles.learn_boilerplate(known, texts, changed)
        if found == known or not boilerplate.save_boilerplate(connection, publisher, found, now=now):
            continue
        fresh = found.lines[len(known.lines) :]
        log.info("learned boilerplate", publisher=publisher, lines=fresh)
        learned += len(fresh)
    return learned
