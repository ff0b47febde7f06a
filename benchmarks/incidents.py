"""Facts over time: fire incidents, each with its versions, fed through extraction and ledger in their order.

The data (`calfire-incidents`) has a narrative beside figures that somebody typed into a form. A version *states* its
acres, or its containment, where a plain pattern finds the form's figure in the narrative: that, and not the grammar
under test, says what was to be found. A statement counts as held where, after that version, a fact of the ledger that
stands (neither hypothetical nor background) has the unit and the value. A complex of fires gives several figures of one
unit; each is a fact of its own.

`latest` is the share of incidents whose last version's statements are held; `history` the share of all statements that
differ from the one before, rising or falling, that the ledger holds at their time.
"""

import gzip
import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.changes import compare, split_sentences
from pipeline.facts import extract_facts, reconcile
from pipeline.facts.positions import locate
from pipeline.model import Fact, FactChangeKind, HeldFact

FILE = "incident_versions.jsonl.gz"
_BREAKS = re.compile(r"<(?:br|/?p|/?li|/div|/h\d)\b[^>]*>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]+>")
_ACRES = re.compile(r"(\d[\d,]*(?:\.\d+)?)[ -]*acres?\b", re.IGNORECASE)
_CONTAINED = re.compile(
    r"(\d+(?:\.\d+)?) ?(?:%|percent)[^.%\n]{0,20}?contain|contain\w*[^.%\n]{0,25}?(\d+(?:\.\d+)?) ?(?:%|percent)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Tally:
    """Statements counted, and those held."""

    statements: int = 0
    held: int = 0

    def add(self, *, held: bool) -> None:
        self.statements += 1
        self.held += held

    @property
    def share(self) -> float:
        return round(self.held / self.statements, 4) if self.statements else 1.0


def score_incidents(path: Path) -> dict[str, object]:
    """Return how much of what the incidents of the file state the ledger holds."""
    latest, history = _Tally(), _Tally()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            _follow(json.loads(line)["versions"], latest, history)
    return {
        "latest": latest.share,
        "history": history.share,
        "latest_statements": latest.statements,
        "history_statements": history.statements,
    }


def _follow(versions: Sequence[dict[str, Any]], latest: _Tally, history: _Tally) -> None:
    told: dict[str, Decimal] = {}
    holds: dict[str, bool] = {}
    for stated, standing in _ledger_over(versions):
        holds = {}
        for unit, value in stated.items():
            holds[unit] = (unit, value) in standing
            if told.get(unit) != value:
                history.add(held=holds[unit])
            told[unit] = value
    for held in holds.values():
        latest.add(held=held)


def _ledger_over(versions: Sequence[dict[str, Any]]) -> Iterator[tuple[dict[str, Decimal], set[tuple[str, Decimal]]]]:
    """Yield, after each version, what it states and what the ledger holds then."""
    held: list[HeldFact] = []
    before: list[str] = []
    read_before: Sequence[Fact] = ()
    number = 0
    for version in versions:
        text = _plain(version["f"].get("ConditionStatement") or "")
        if not text:
            continue
        sentences = split_sentences(text, "en")
        links = compare(before, sentences).links if before else ()
        read = extract_facts(sentences, "en")
        changes = reconcile(locate(held, read_before), read, links)
        held = []
        for change in changes:
            if change.fact is None:
                continue
            number += 1
            same = change.held if change.kind is FactChangeKind.CONFIRMED else None
            held.append(HeldFact(fact_id=same.fact_id if same else number, fact=change.fact))
        before, read_before = list(sentences), read
        yield _stated(text, version["f"]), _standing(held)


def _standing(held: Sequence[HeldFact]) -> set[tuple[str, Decimal]]:
    facts = [one.fact for one in held if not one.fact.hypothetical and not one.fact.background]
    return {(fact.unit, value) for fact in facts for value in (fact.low, fact.high) if fact.unit and value is not None}


def _stated(text: str, form: dict[str, Any]) -> dict[str, Decimal]:
    """Return the form's acres and containment, as far as the narrative says them."""
    acres = {Decimal(match[1].replace(",", "")) for match in _ACRES.finditer(text)}
    contained = {Decimal(match[1] or match[2]) for match in _CONTAINED.finditer(text)}
    stated = {}
    for unit, field, said in (("acres", "AcresBurned", acres), ("%", "PercentContained", contained)):
        value = form.get(field)
        if value is not None and Decimal(str(value)) in said:
            stated[unit] = Decimal(str(value))
    return stated


def _plain(markup: str) -> str:
    text = html.unescape(_TAGS.sub("", _BREAKS.sub("\n", markup)))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
