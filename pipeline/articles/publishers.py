"""A publisher's own rules, dated, as data: for pages on which every general rule fails (`publishers.toml`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from lxml.html import HtmlElement

HEADLINES = frozenset({"og:title", "json-ld", "h1", "title"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What holds for one publisher's articles of some time. `since` is inclusive, `until` exclusive; `None` is open."""

    publisher: str
    since: date | None = None
    until: date | None = None
    headline: str | None = None
    drop: frozenset[str] = frozenset()
    lines: tuple[str, ...] = ()

    def holds(self, publisher: str, published_at: datetime | None) -> bool:
        """Whether the rule is for an article; one without a date has today's design, which no `until` ends."""
        if publisher != self.publisher:
            return False
        if published_at is None:
            return self.until is None
        day = published_at.date()
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


NO_RULE = Rule(publisher="")


def parse_rules(text: str) -> tuple[Rule, ...]:
    """Read a file of rules; raises `ValueError` where one names no publisher, or a place that no headline has."""
    return tuple(_rule(table) for table in tomllib.loads(text).get("rule", []))


def _rule(table: Mapping[str, object]) -> Rule:
    unknown = table.keys() - {"publisher", "since", "until", "headline", "drop", "lines"}
    if unknown or not isinstance(table.get("publisher"), str):
        raise ValueError(f"a rule needs a publisher and knows no {', '.join(sorted(unknown)) or 'other name'}: {table}")
    headline = table.get("headline")
    if headline is not None and headline not in HEADLINES:
        raise ValueError(f"a headline stands in one of {', '.join(sorted(HEADLINES))}, not in {headline!r}")
    drop, lines = table.get("drop", []), table.get("lines", [])
    since, until = table.get("since"), table.get("until")
    return Rule(
        publisher=str(table["publisher"]),
        since=since if isinstance(since, date) else None,
        until=until if isinstance(until, date) else None,
        headline=str(headline) if headline is not None else None,
        drop=frozenset(map(str, drop)) if isinstance(drop, list) else frozenset(),
        lines=tuple(map(str, lines)) if isinstance(lines, list) else (),
    )


@cache
def _rules() -> tuple[Rule, ...]:
    return parse_rules(files("pipeline.articles").joinpath("publishers.toml").read_text("utf-8"))


def rule_for(publisher: str, published_at: datetime | None, rules: tuple[Rule, ...] | None = None) -> Rule:
    """Return the first rule that holds for an article, or one that asks for nothing."""
    known = _rules() if rules is None else rules
    return next((rule for rule in known if rule.holds(publisher, published_at)), NO_RULE)


def drop_classes(tree: HtmlElement, classes: frozenset[str]) -> None:
    """Take the elements that carry one of the classes out of a page."""
    if not classes:
        return
    for element in list(tree.iter()):
        named = element.get("class") if isinstance(element.tag, str) else None
        if named and classes & set(named.split()) and element.getparent() is not None:
            element.drop_tree()
