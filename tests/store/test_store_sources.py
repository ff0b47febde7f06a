"""Across sources: one wire text is one source, rivals stand side by side, increments are no totals. Texts made up."""

import pytest

from pipeline.store.connections import Connection

WIRE = "At least 12 people were killed when the ferry sank off Lorrin, the coast guard said on Monday."
WIRE_EDITED = "At least 12 people were killed when the ferry sank off Lorrin, the coast guard said Monday."
OWN = "Rescuers in Lorrin harbour counted 12 bodies by nightfall, our reporter says."


def tell(connection: Connection, publisher: str, low: int, sentence: str, *, increment: bool = False) -> None:
    """Store one article of the one story, which says so."""
    connection.execute(
        "insert into news.stories (story_id, headline, status, started_at, last_changed_at, url)"
        " overriding system value values (1, 'Ferry', 'developing', now(), now(), '') on conflict do nothing"
    )
    connection.execute(
        "with a as (insert into news.articles (story_id, publisher, url, fetch_url, host, first_seen_at)"
        " values (1, %(publisher)s, %(publisher)s, %(publisher)s, 'h', now()) returning article_id),"
        " v as (insert into news.versions (article_id, story_id, number, kind, observed_at, headline, text, words,"
        " is_developing, extractor, content_sha256, capture_id, captured_at)"
        " select article_id, 1, 1, 'first', now(), '', '', 0, true, '', '', 1, now() from a"
        " returning article_id, version_id)"
        " insert into news.facts (story_id, article_id, version_id, key, kind, subject, low, sentence, position, span,"
        " valid, increment) select 1, article_id, version_id, 'killed|people|', 'killed', 'people', %(low)s,"
        " %(sentence)s, 0, int4range(0, 1), tstzrange(clock_timestamp(), null), %(increment)s from v",
        {"publisher": publisher, "low": low, "sentence": sentence, "increment": increment},
    )


def latest(connection: Connection) -> dict[str, object]:
    (row,) = connection.execute("select low, sources, rivals from news.latest_facts").fetchall()
    return row


def test_five_papers_with_one_wire_text_are_one_source(connection: Connection) -> None:
    for number, sentence in enumerate((WIRE, WIRE_EDITED, WIRE, WIRE_EDITED, WIRE)):
        tell(connection, f"Paper {number}", 12, sentence)
    assert latest(connection)["sources"] == 1
    tell(connection, "The Courier", 12, OWN)
    assert latest(connection)["sources"] == 2


def test_a_wire_text_counts_once_beside_a_report_of_ones_own(connection: Connection) -> None:
    tell(connection, "Paper 1", 12, WIRE)
    tell(connection, "Paper 2", 12, WIRE_EDITED)
    tell(connection, "The Courier", 12, OWN)
    assert latest(connection)["sources"] == 2


def test_rivals_stand_beside_the_newest_value(connection: Connection) -> None:
    tell(connection, "The Courier", 12, OWN)
    tell(connection, "The Record", 19, "The governor speaks of 19 dead.")
    row = latest(connection)
    assert row["low"] == 19
    assert row["sources"] == 1
    assert isinstance(row["rivals"], list)
    assert [(rival["publisher"], rival["low"]) for rival in row["rivals"]] == [("The Courier", 12)]


def test_an_increment_is_no_total(connection: Connection) -> None:
    tell(connection, "The Courier", 12, OWN)
    tell(connection, "The Record", 3, "Another 3 bodies were found overnight.", increment=True)
    assert latest(connection) == {"low": 12, "sources": 1, "rivals": []}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(WIRE, WIRE_EDITED, True), (WIRE, WIRE.upper(), True), (WIRE, OWN, False), ("", "", True), ("a", "", False)],
)
def test_same_words(connection: Connection, one: str, other: str, same: bool) -> None:
    row = connection.execute("select news.same_words(%s, %s) as same", (one, other)).fetchone()
    assert row == {"same": same}
