"""How well `changes.compare` links the sentences that were edited: `python -m benchmarks.alignment --data DIR`.

DIR is `wikipedia-current-events` (bullets of day pages, linked by a source they share), `newsedits-notebook-pairs`
(tables of annotated version pairs), or a folder that holds either.

`edited_link_*` counts a predicted link of two unequal texts as right where the gold has it and as wrong where not. The
gold of the bullets is silver: it knows nothing of a bullet whose source was exchanged, so a right link of one counts as
wrong (a ceiling on precision). `known_link_*` leaves out the links both of whose ends the gold knows nothing of.
`speed` is that of `benchmarks.alignment_speed`, on sentences of what was found.
`edit_action_*` scores NewsEdits' actions on its tables: edits (by pair), additions and deletions (by sentence).
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.alignment_speed import speed
from benchmarks.command import main
from pipeline.changes import compare, normalise

Link = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions and the links that the gold knows between them; `silver` gold is silent on what it does not link."""

    old: Sequence[str]
    new: Sequence[str]
    gold: frozenset[Link]
    silver: bool


def _bullets(path: Path) -> Iterator[Pair]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield Pair(
                old=[bullet["text"] for bullet in row["old_bullets"]],
                new=[bullet["text"] for bullet in row["new_bullets"]],
                gold=frozenset((old, new) for old, new in row["edited"]),
                silver=True,
            )


def _known(path: Path) -> list[frozenset[Link]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [frozenset((old, new) for old, new in json.loads(line)["gold_links"]) for line in lines]


def _table(path: Path) -> Pair | None:
    """Read one annotated table, or None where it is not an alignment.

    A table with sentence numbers on both sides is strict gold. One without lists both texts side by side, row by row;
    it can say nothing of a sentence that moved. A listing most of whose rows pair unlike sentences is no alignment.
    """
    table: dict[str, Any] = json.loads(path.read_text("utf-8"))
    header: list[str] = table["header"]
    if "Old Version" not in header or "New Version" not in header:
        return None
    columns = header.index("Old Version"), header.index("New Version")
    numbers = ("SIdx Old", "SIdx New")
    numbered = all(name in header for name in numbers)
    at = tuple(header.index(name) for name in numbers) if numbered else columns
    sides: tuple[dict[float, str], dict[float, str]] = ({}, {})
    pairs: list[tuple[float, float]] = []
    for order, row in enumerate(table["rows"]):
        if len(row) != len(header) or "HEAD" in row:
            continue
        keys = []
        for side in (0, 1):
            if not row[at[side]].strip():
                continue
            key = float(row[at[side]]) if numbered else float(order)
            sides[side][key] = row[columns[side]]
            keys.append(key)
        if len(keys) == 2:
            pairs.append((keys[0], keys[1]))
    if sum(_alike(sides[0][a], sides[1][b]) for a, b in pairs) * 2 <= len(pairs):
        return None
    place = [{key: index for index, key in enumerate(sorted(side))} for side in sides]
    return Pair(
        old=[sides[0][key] for key in sorted(sides[0])],
        new=[sides[1][key] for key in sorted(sides[1])],
        gold=frozenset((place[0][a], place[1][b]) for a, b in pairs),
        silver=not numbered,
    )


def _alike(old: str, new: str) -> bool:
    one, other = set(old.lower().split()), set(new.lower().split())
    return len(one & other) >= 0.2 * len(one | other)


def score(pairs: Sequence[Pair], known: Sequence[frozenset[Link]] | None = None) -> dict[str, object]:
    """Return precision, recall and F1 of edited links, strictly and over what the gold knows."""
    right = predicted = judged = wanted = 0
    actions_right = actions_found = actions_wanted = 0
    for index, pair in enumerate(pairs):
        old, new = [normalise(text) for text in pair.old], [normalise(text) for text in pair.new]

        def unequal(link: Link, old: list[str] = old, new: list[str] = new) -> bool:
            return old[link[0]] != new[link[1]]

        compared = compare(pair.old, pair.new)
        found = set(filter(unequal, compared.links))
        gold = set(filter(unequal, pair.gold))
        heard = known[index] if known else pair.gold
        olds, news = {link[0] for link in heard}, {link[1] for link in heard}
        ours, theirs = _actions(compared.links, old, new), _actions(pair.gold, old, new)
        actions_right += len(ours & theirs)
        actions_found += len(ours)
        actions_wanted += len(theirs)
        right += len(found & gold)
        predicted += len(found)
        judged += sum(not pair.silver or a in olds or b in news for a, b in found)
        wanted += len(gold)
    return {
        "pairs": len(pairs),
        "edited_links": wanted,
        **_figures("edited_link", right, predicted, wanted),
        **_figures("known_link", right, judged, wanted),
        # Silver gold says nothing of what was added or removed.
        **(_figures("edit_action", actions_right, actions_found, actions_wanted) if known is None else {}),
    }


def _actions(links: Iterable[Link], old: Sequence[str], new: Sequence[str]) -> set[tuple[str, int, int]]:
    """Return NewsEdits' edit actions: one edit for each linked pair that differs, one for each unlinked sentence."""
    known = set(links)
    olds, news = {a for a, _ in known}, {b for _, b in known}
    return {
        *(("edit", a, b) for a, b in known if old[a] != new[b]),
        *(("deletion", a, -1) for a in range(len(old)) if a not in olds),
        *(("addition", -1, b) for b in range(len(new)) if b not in news),
    }


def _figures(name: str, right: int, predicted: int, wanted: int) -> dict[str, float]:
    precision, recall = right / max(1, predicted), right / max(1, wanted)
    both = 2 * right / max(1, predicted + wanted)
    return {
        f"{name}_precision": round(precision, 4),
        f"{name}_recall": round(recall, 4),
        f"{name}_f1": round(both, 4),
    }


def _folder(data: Path, name: str) -> Path:
    return data / name if (data / name).is_dir() else data


def run(data: Path) -> dict[str, object]:
    """Return the figures of every set found in the folder."""
    result: dict[str, object] = {}
    texts: list[str] = []
    for path in sorted(_folder(data, "wikipedia-current-events").glob("bullet_match_*.jsonl.gz")):
        pairs = list(_bullets(path))
        texts += [text for pair in pairs for text in pair.old]
        result[path.name.removesuffix(".jsonl.gz")] = score(pairs, _known(path))
    tables: dict[str, Pair] = {}
    skipped: list[str] = []
    for path in sorted(_folder(data, "newsedits-notebook-pairs").glob("*.json")):
        pair = _table(path)
        if pair is None:
            skipped.append(path.stem)
        else:  # two notebooks print the same pair
            tables["\n".join([*pair.old, *pair.new])] = pair
    if tables:
        numbered = [pair for pair in tables.values() if not pair.silver]
        result["newsedits"] = {**score(list(tables.values())), "skipped": skipped}
        result["newsedits_numbered"] = score(numbered)
    texts += [text for pair in tables.values() for text in pair.old]
    return {**result, "speed": speed(texts)}


if __name__ == "__main__":
    main(run, __doc__)
