"""The history of figures, as the newsroom's earthquake leaves it: a rise, a correction downwards, and who said so."""

import psycopg
from psycopg.rows import dict_row

HISTORY = """
select h.low, h.change, h.attribution, h.previous_low, h.previous_qualifier, h.reason, h.until is null as stands
from news.fact_history h
join news.articles a using (article_id)
where h.kind = 'killed' and h.key = 'killed|people|' and a.url like '%earthquake-strikes%' and not h.background
order by h.since, h.fact_id
"""


def test_the_earthquakes_toll_rises_and_is_corrected_downwards_with_its_sources(told_url: str) -> None:
    with psycopg.connect(told_url, row_factory=dict_row) as connection:
        rows = connection.execute(HISTORY).fetchall()
    assert [(row["low"], row["change"], row["attribution"]) for row in rows] == [
        (12, "stated", "the Interior Ministry"),
        (27, "rose", "the Interior Ministry"),
        (41, "rose", "the Interior Ministry"),
        (38, "fell", "the Health Ministry"),
    ]
    assert [row["stands"] for row in rows] == [False, False, False, True]
    assert [bool(row["reason"]) for row in rows] == [False, False, True, False]
    assert [(row["previous_qualifier"], row["previous_low"]) for row in rows] == [
        (None, None),
        ("at least", 12),
        ("at least", 27),
        ("at least", 41),
    ]
    assert rows[2]["reason"].startswith("Correction:")


def test_what_was_known_before_keeps_its_hedge(told_url: str) -> None:
    with psycopg.connect(told_url, row_factory=dict_row) as connection:
        row = connection.execute(
            "select f.previous_qualifier, f.previous_low from news.latest_facts f join news.stories s using (story_id)"
            " where s.headline ilike '%earthquake%' and f.key = 'killed|people|'"
        ).fetchone()
    assert row is not None
    assert (row["previous_qualifier"], row["previous_low"]) == ("at least", 44)


def test_figures_of_other_earthquakes_are_background(told_url: str) -> None:
    with psycopg.connect(told_url, row_factory=dict_row) as connection:
        rows = connection.execute("select background from news.facts where low = 1300 and kind = 'killed'").fetchall()
        latest = connection.execute("select from news.latest_facts where low = 1300").fetchall()
    assert rows
    assert all(row["background"] for row in rows)
    assert not latest
