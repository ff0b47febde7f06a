"""A publisher's own rules: for whom and when they hold, and what they do to a page."""

from datetime import UTC, date, datetime

import pytest
from lxml import html

from pipeline.articles.elements import elements_of
from pipeline.articles.headline import titles_of
from pipeline.articles.publishers import NO_RULE, drop_classes, parse_rules, rule_for
from pipeline.articles.structured import read_structured

RULES = parse_rules("""
[[rule]]
publisher = "harbour-times.example"
until = 2026-03-01
drop = ["old-box"]

[[rule]]
publisher = "harbour-times.example"
since = 2026-03-01
headline = "og:title"
lines = ["Follow us on the quay"]
""")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(datetime(2026, 2, 28, 23, 59, tzinfo=UTC), 0, id="before the redesign"),
        pytest.param(datetime(2026, 3, 1, tzinfo=UTC), 1, id="from its first day on"),
        pytest.param(None, 1, id="without a date: the design of today"),
    ],
)
def test_a_rule_holds_for_its_days(day: datetime | None, expected: int) -> None:
    assert rule_for("harbour-times.example", day, RULES) is RULES[expected]


def test_other_publishers_have_none() -> None:
    assert rule_for("other.example", None, RULES) is NO_RULE


def test_days_are_read_as_days() -> None:
    assert RULES[0].until == date(2026, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[[rule]]\nheadline = 'h1'", id="no publisher"),
        pytest.param("[[rule]]\npublisher = 'a.example'\nheadline = 'h7'", id="a headline that stands nowhere"),
        pytest.param("[[rule]]\npublisher = 'a.example'\nheadlines = 'h1'", id="a name that is none"),
    ],
)
def test_a_rule_that_says_nothing_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"headline|publisher"):
        parse_rules(text)


def test_classes_are_dropped_whole_and_alone() -> None:
    tree = html.fromstring("<div><p class='a old-box b'>gone</p>kept<p class='old-boxes'>kept too</p></div>")
    drop_classes(tree, frozenset({"old-box"}))
    assert tree.text_content() == "keptkept too"


def test_the_headline_stands_where_the_rule_says() -> None:
    tree = html.document_fromstring(
        "<head><meta property='og:title' content='Shared form'><title>Title form</title></head><h1>Shown form</h1>"
    )
    page = read_structured(tree, elements_of(tree), "https://harbour-times.example/a")
    assert titles_of(page, "title")[0] == "Title form"
    assert titles_of(page, "og:title")[0] == "Shared form"
