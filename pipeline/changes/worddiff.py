"""What changed inside a sentence, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

# White space; a number with currency, separators and percent sign; one ideograph or a run of kana, since they are
# written without spaces; a word with apostrophes; one other character.
_IDEOGRAPHS, _HIRAGANA, _KATAKANA = "々〆\u3400-\u4dbf\u4e00-\u9fff", "\u3040-\u309f", "\u30a0-\u30ff\uff66-\uff9f"
_LETTER = rf"[^\W\d_{_IDEOGRAPHS}{_HIRAGANA}{_KATAKANA}]"
_TOKEN = re.compile(
    rf"\s+|[$€£¥₹]?\d+(?:[.,:]\d+)*%?|[{_IDEOGRAPHS}]|[{_HIRAGANA}]+|[{_KATAKANA}]+|{_LETTER}+(?:['’]{_LETTER}+)*|.",
    re.DOTALL,
)
_WRITTEN_WITHOUT_SPACES = re.compile(f"[{_IDEOGRAPHS}{_HIRAGANA}{_KATAKANA}]{{2}}")
#: Cells of the comparison (bits of memory); above, the middle is told as one deletion and one insertion.
_MAX_CELLS = 40_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, came or went."""

    op: Literal["equal", "insert", "delete"]
    text: str


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """Return the pieces that turn one sentence into the other, a deletion before the insertion that replaces it.

    Numbers are one token, so "40" to "60" shows as a whole. Laws: `equal` and `delete` pieces joined are `old`, `equal`
    and `insert` pieces joined are `new`. No two neighbours have the same op, and no piece is empty.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    return tuple(_pieces(list(_runs(before, after))))


@dataclass(slots=True)
class _Run:
    """Text that stayed (`equal`), or what went and what came in one place."""

    equal: str = ""
    deleted: str = ""
    inserted: str = ""


def _runs(before: Sequence[str], after: Sequence[str]) -> Iterator[_Run]:
    shorter = min(len(before), len(after))
    head = 0
    while head < shorter and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shorter - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    middle_before, middle_after = before[head : len(before) - tail], after[head : len(after) - tail]
    if head:
        yield _Run(equal="".join(before[:head]))
    if len(middle_before) * len(middle_after) > _MAX_CELLS:
        yield _Run(deleted="".join(middle_before), inserted="".join(middle_after))
    else:
        for block in Indel.opcodes(middle_before, middle_after):
            went = "".join(middle_before[block.src_start : block.src_end])
            came = "".join(middle_after[block.dest_start : block.dest_end])
            yield _Run(equal=went) if block.tag == "equal" else _Run(deleted=went, inserted=came)
    if tail:
        yield _Run(equal="".join(before[len(before) - tail :]))


def _is_island(text: str) -> bool:
    """Whether text between two changes is so slight that showing it as unchanged only makes them harder to read."""
    slight = text.strip()
    return (
        len(slight) <= 2 and not any(char.isdigit() for char in slight) and not _WRITTEN_WITHOUT_SPACES.search(slight)
    )


def _pieces(runs: Sequence[_Run]) -> Iterator[Piece]:
    change = _Run()
    for index, run in enumerate(runs):
        if not run.equal:
            change = _Run(deleted=change.deleted + run.deleted, inserted=change.inserted + run.inserted)
            continue
        between = (change.deleted or change.inserted) and index + 1 < len(runs)
        if between and _is_island(run.equal):
            change = _Run(deleted=change.deleted + run.equal, inserted=change.inserted + run.equal)
            continue
        yield from _change(change)
        change = _Run()
        yield Piece("equal", run.equal)
    yield from _change(change)


def _change(change: _Run) -> Iterator[Piece]:
    if change.deleted:
        yield Piece("delete", change.deleted)
    if change.inserted:
        yield Piece("insert", change.inserted)
