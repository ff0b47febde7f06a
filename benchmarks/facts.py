"""How right the facts are: `python -m benchmarks.facts --data DIR` prints one JSON object.

`DIR` is a folder in the format of `facts-gold` (or the folder that holds it): `singles.jsonl`, `changes.jsonl`,
`calfire.jsonl`, labelled by its `guide.md`. A found fact is right where kind, low and high are those of a labelled fact
whose span it overlaps. Conversions and implicit facts ("a man") are scored apart: neither missed nor wrong. Quotes are
no numeric facts. A pair of versions is right where the set of its changes, with kinds and values, is the labelled one.

`incidents` tells how facts over time are held, where `calfire-incidents` lies beside it (`benchmarks.incidents`).
"""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.command import main
from benchmarks.hostile import worst_milliseconds
from benchmarks.incidents import FILE, score_incidents
from pipeline.changes import compare, split_sentences
from pipeline.facts import extract_facts, reconcile
from pipeline.model import Fact, FactChangeKind, FactKind, HeldFact

Gold = dict[str, Any]

_CASUALTIES = frozenset(kind.value for kind in FactKind if kind.is_casualty)
# The guide speaks of what was removed; a ledger drops it.
_TYPES = {
    FactChangeKind.CHANGED: "changed",
    FactChangeKind.REQUALIFIED: "requalified",
    FactChangeKind.ADDED: "added",
    FactChangeKind.DROPPED: "removed",
}


def run(data: Path) -> dict[str, object]:
    """Score the grammar and the ledger over a folder of labelled facts."""
    folder = data / "facts-gold" if (data / "facts-gold").is_dir() else data
    singles = _records(folder / "singles.jsonl")
    incidents = folder.parent / "calfire-incidents" / FILE
    return {
        "singles": score_singles(singles),
        "changes": {"accuracy": _share(is_right_change(record) for record in _records(folder / "changes.jsonl"))},
        "calfire": {"accuracy": score_calfire(_records(folder / "calfire.jsonl"))},
        **({"incidents": score_incidents(incidents)} if incidents.is_file() else {}),
        "hostile_worst_milliseconds": worst_milliseconds(),
        "sentences_per_second": _speed([record["text"] for record in singles]),
    }


def found_in(text: str) -> list[Fact]:
    """Return the facts of a text, spans counted in the text as in the labels."""
    sentences = split_sentences(text, "en")
    starts: list[int] = []
    place = 0
    for sentence in sentences:
        place = text.index(sentence, place)
        starts.append(place)
        place += len(sentence)
    return [_moved(fact, starts[fact.position]) for fact in extract_facts(sentences, "en")]


def score_singles(records: Sequence[Gold]) -> dict[str, float]:
    """Score single texts: numeric facts, casualties, attribution, and texts without a fact that yield one."""
    all_facts, casualties, sources = _Tally(), _Tally(), _Tally()
    empty = tempted = 0
    for record in records:
        found = [fact for fact in found_in(record["text"]) if fact.kind is not FactKind.QUOTE]
        gold = [fact for fact in record["facts"] if fact["kind"] != FactKind.QUOTE.value]
        pairs = match(found, gold)
        all_facts.add(found, gold, pairs)
        casualties.add(
            [fact for fact in found if fact.kind.is_casualty],
            [fact for fact in gold if fact["kind"] in _CASUALTIES],
            [(fact, label) for fact, label in pairs if fact.kind.is_casualty],
        )
        sources.add_sources(pairs)
        if not record["facts"]:
            empty += 1
            tempted += bool(found)
    return {
        "precision": all_facts.precision,
        "recall": all_facts.recall,
        "casualty_precision": casualties.precision,
        "casualty_recall": casualties.recall,
        "attribution_precision": sources.precision,
        "attribution_recall": sources.recall,
        "distractor_rate": round(tempted / empty, 4) if empty else 0.0,
    }


def match(found: Sequence[Fact], gold: Sequence[Gold]) -> list[tuple[Fact, Gold]]:
    """Pair found facts with labelled ones of the same kind and values whose spans overlap, each used once."""
    pairs: list[tuple[Fact, Gold]] = []
    free = list(gold)
    for fact in found:
        label = next((label for label in free if _is_same(fact, label)), None)
        if label is not None:
            free.remove(label)
            pairs.append((fact, label))
    return pairs


def is_right_change(record: Gold) -> bool:
    """Whether two versions of a text yield exactly the labelled changes, apart from implicit facts and quotes."""
    wanted = sorted(_wanted(change) for change in record["changes"] if not _is_apart(change))
    return changes_of(record["old"], record["new"]) == wanted


def changes_of(old: str, new: str) -> list[tuple[str, str, str, str]]:
    """Return the changes between two texts as the ledger sees them: type, kind, old and new values."""
    old_sentences, new_sentences = split_sentences(old, "en"), split_sentences(new, "en")
    links = compare(old_sentences, new_sentences).links
    first = reconcile((), extract_facts(old_sentences, "en"), ())
    held = [HeldFact(fact_id=k, fact=change.fact) for k, change in enumerate(first) if change.fact is not None]
    changes = reconcile(held, extract_facts(new_sentences, "en"), links)
    seen: list[tuple[str, str, str, str]] = []
    for change in changes:
        fact = change.fact or (change.held.fact if change.held else None)
        if change.kind not in _TYPES or fact is None or fact.kind is FactKind.QUOTE or _is_implicit(fact):
            continue
        before = _values(change.held.fact) if change.held else ""
        after = _values(change.fact) if change.fact else ""
        if change.kind is FactChangeKind.REQUALIFIED and before == after:
            continue  # another source alone is no labelled change
        seen.append((_TYPES[change.kind], fact.kind.value, before, after))
    return sorted(seen)


def score_calfire(records: Sequence[Gold]) -> float:
    """Return the share of labelled figures of fire narratives that are found with the right kind and values."""
    right = total = 0
    for record in records:
        gold = [fact for fact in record["facts"] if not fact.get("implicit")]
        right += len(match(found_in(record["text"]), gold))
        total += len(gold)
    return round(right / total, 4) if total else 0.0


class _Tally:
    """Counts of what was found, labelled, and right."""

    def __init__(self) -> None:
        self.found = self.wanted = self.right_found = self.right_wanted = 0

    def add(self, found: Sequence[Fact], gold: Sequence[Gold], pairs: Sequence[tuple[Fact, Gold]]) -> None:
        apart = sum(_is_set_apart(label) for _, label in pairs)
        self.found += len(found) - apart - sum(_is_implicit(fact) and not _is_paired(fact, pairs) for fact in found)
        self.wanted += sum(not _is_set_apart(label) for label in gold)
        self.right_found += len(pairs) - apart
        self.right_wanted += len(pairs) - apart

    def add_sources(self, pairs: Sequence[tuple[Fact, Gold]]) -> None:
        for fact, label in pairs:
            self.found += fact.attribution is not None
            self.wanted += label["attribution"] is not None
            right = _is_same_source(fact.attribution, label["attribution"])
            self.right_found += right
            self.right_wanted += right

    @property
    def precision(self) -> float:
        return round(self.right_found / self.found, 4) if self.found else 1.0

    @property
    def recall(self) -> float:
        return round(self.right_wanted / self.wanted, 4) if self.wanted else 1.0


def _is_paired(fact: Fact, pairs: Sequence[tuple[Fact, Gold]]) -> bool:
    return any(fact is paired for paired, _ in pairs)


def _is_implicit(fact: Fact) -> bool:
    return fact.sentence[fact.start : fact.end].lower() in ("a", "an", "another", "both")


def _is_set_apart(label: Gold) -> bool:
    return bool(label.get("implicit")) or label.get("converts") is not None


def _is_apart(change: Gold) -> bool:
    sides = [side for side in (change.get("old"), change.get("new")) if side]
    return change["kind"] == FactKind.QUOTE.value or all(side.get("implicit") for side in sides)


def _is_same(fact: Fact, label: Gold) -> bool:
    return (
        fact.kind.value == label["kind"]
        and fact.start < label["end"]
        and label["start"] < fact.end
        and _same_number(fact.low, label["low"])
        and _same_number(fact.high, label["high"])
    )


def _same_number(found: Decimal | None, wanted: float | None) -> bool:
    if found is None or wanted is None:
        return found is None and wanted is None
    return abs(float(found) - wanted) <= 0.005 * max(1.0, abs(wanted) / 100)


def _is_same_source(found: str | None, wanted: str | None) -> bool:
    if not found or not wanted:
        return False
    a, b = _plain(found), _plain(wanted)
    return a in b or b in a


def _plain(name: str) -> str:
    return name.casefold().removeprefix("the ").strip(" .")


def _wanted(change: Gold) -> tuple[str, str, str, str]:
    return change["type"], change["kind"], _label_values(change.get("old")), _label_values(change.get("new"))


def _values(fact: Fact) -> str:
    return f"{_rounded(fact.low)}..{_rounded(fact.high)}"


def _label_values(label: Gold | None) -> str:
    return f"{_rounded(label['low'])}..{_rounded(label['high'])}" if label else ""


def _rounded(value: Decimal | float | None) -> str:
    return "" if value is None else f"{float(value):.4g}" if float(value) < 1000 else f"{float(value):.0f}"


def _moved(fact: Fact, offset: int) -> Fact:
    return replace(fact, start=fact.start + offset, end=fact.end + offset)


def _share(rights: Iterable[bool]) -> float:
    verdicts = list(rights)
    return round(sum(verdicts) / len(verdicts), 4) if verdicts else 0.0


def _speed(texts: Sequence[str], seconds: float = 2.0) -> float:
    sentences = [sentence for text in texts for sentence in split_sentences(text, "en")]
    extract_facts(sentences[:10], "en")
    done = 0
    start = time.process_time()
    while time.process_time() - start < seconds:
        extract_facts(sentences, "en")
        done += len(sentences)
    return round(done / (time.process_time() - start), 1)


def _records(path: Path) -> list[Gold]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


if __name__ == "__main__":
    main(run, __doc__)
