"""From links to updates: what was added, removed, edited, moved, split and merged, and the way back."""

from collections.abc import Sequence

from pipeline.changes.links import Alignment, Link, align
from pipeline.changes.noise import essence, noise_of
from pipeline.model import Comparison, Update, UpdateKind
from pipeline.rising import longest_rising


def compare(old: Sequence[str], new: Sequence[str]) -> Comparison:
    """Compare two versions, sentence by sentence.

    Sentences are compared by their `essence`: typography is no update, nor is another text of a stamp, counter or
    byline line. Every other difference is. Updates come in the order of the new text, what was removed at the place
    where it stood. A moved sentence is one that crosses others (NewsEdits' refactoring, arXiv 2206.07106): the fewest
    that must be lifted out for the rest to stand in order; among equals the one that moved up. A shift caused by what
    was added or removed around it is no move.

    Laws: `compare(x, x).updates == ()`, and `apply_updates(old, compare(old, new).updates)` equals `new` in the essence
    of every sentence (so exactly, but for what `normalise` folds and for the wording of stamps, counters and bylines).
    """
    essences = {sentence: essence(sentence) for sentence in {*old, *new}}  # most stand in both
    old_essence, new_essence = [essences[s] for s in old], [essences[s] for s in new]
    alignment = align(old_essence, new_essence)
    rows = _Rows(old, new, alignment)
    sizes = sum(map(len, old_essence)), sum(map(len, new_essence))
    shared = _shared_characters(old_essence, new_essence, alignment)
    return Comparison(
        updates=rows.updates(),
        links=tuple(sorted(rows.links)),
        kept=min(1.0, shared / min(sizes)) if all(sizes) else 0.0,
    )


def apply_updates(old: Sequence[str], updates: Sequence[Update]) -> tuple[str, ...]:
    """Return the new sentences, given the old ones and the updates that `compare` found.

    The texts of the updates take their new positions; the old sentences that no update mentions fill the places between
    them in their own order. Raises ValueError where the updates cannot be those of this text.
    """
    placed = {u.new_position: u.new_text or "" for u in updates if u.new_position is not None}
    mentioned = {u.old_position for u in updates if u.old_position is not None}
    kept = iter([sentence for position, sentence in enumerate(old) if position not in mentioned])
    length = len(old) - len(mentioned) + len(placed)
    if any(position >= length for position in placed) or any(position >= len(old) for position in mentioned):
        raise ValueError(f"updates of another text: {len(old)} old sentences do not reach their positions")
    return tuple(placed[position] if position in placed else next(kept) for position in range(length))


def telling(updates: Sequence[Update]) -> tuple[Update, ...]:
    """Return the updates without those of noise alone: a stamp or a byline line that came, went or moved."""
    return tuple(
        update
        for update in updates
        if any(text and noise_of(text) is None for text in (update.old_text, update.new_text))
    )


def moved_links(links: Sequence[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Return the links (one-to-one) that must be lifted out for the rest to stand in the same order on both sides."""
    in_place = longest_rising([new for _, new in sorted(links)])
    return frozenset(link for link in links if link[1] not in in_place)


class _Rows:
    """The updates of one comparison, each with the place at which it is told."""

    def __init__(self, old: Sequence[str], new: Sequence[str], alignment: Alignment) -> None:
        self._old, self._new = old, new
        self._alignment = alignment
        self.links: set[tuple[int, int]] = {(link.old, link.new) for link in alignment.links}
        for whole, parts in alignment.splits.items():
            self.links |= {(whole, part) for part in parts}
        for whole, parts in alignment.merges.items():
            self.links |= {(part, whole) for part in parts}

    def _row(self, kind: UpdateKind, old: int | None, new: int | None) -> Update:
        return Update(
            kind=kind,
            old_position=old,
            new_position=new,
            old_text=None if old is None else self._old[old],
            new_text=None if new is None else self._new[new],
        )

    def updates(self) -> tuple[Update, ...]:
        """Return the rows in the order of the new text."""
        placed: list[tuple[float, int, Update]] = []
        moved = moved_links([(link.old, link.new) for link in self._alignment.links])
        for link in self._alignment.links:
            placed.extend((float(u.new_position or 0), u.old_position or 0, u) for u in self._of_link(link, moved))
        linked_old = {old for old, _ in self.links}
        linked_new = {new for _, new in self.links}
        placed.extend(
            (float(new), 0, self._row(UpdateKind.ADDED, None, new))
            for new in range(len(self._new))
            if new not in linked_new
        )
        place = -0.5  # what was removed is told behind the last sentence before it that stayed in place
        stays = {link.old: link.new for link in self._alignment.links if (link.old, link.new) not in moved}
        for old in range(len(self._old)):
            if old in stays:
                place = stays[old] + 0.5
            elif old not in linked_old:
                placed.append((place, old, self._row(UpdateKind.REMOVED, old, None)))
        placed.sort(key=lambda item: item[:2])
        return tuple(update for _, _, update in placed)

    def _of_link(self, link: Link, moved: frozenset[tuple[int, int]]) -> list[Update]:
        splits, merges = self._alignment.splits, self._alignment.merges
        if link.old in splits:
            return [self._row(UpdateKind.SPLIT, link.old, part) for part in splits[link.old]]
        if link.new in merges:
            return [self._row(UpdateKind.MERGED, part, link.new) for part in merges[link.new]]
        if (link.old, link.new) in moved:
            return [self._row(UpdateKind.MOVED, link.old, link.new)]
        if link.score < 1:
            return [self._row(UpdateKind.EDITED, link.old, link.new)]
        return []


def _shared_characters(old: Sequence[str], new: Sequence[str], alignment: Alignment) -> float:
    """Return how many characters the linked sentences of two texts have in common, by the score of their links."""
    shared = 0.0
    for link in alignment.links:
        old_size, new_size = len(old[link.old]), len(new[link.new])
        parts = alignment.splits.get(link.old)
        pieces = alignment.merges.get(link.new)
        if parts:
            shared += min(old_size, sum(len(new[part]) for part in parts)) * max(link.score, 0.5)
        elif pieces:
            shared += min(new_size, sum(len(old[piece]) for piece in pieces)) * max(link.score, 0.5)
        else:
            shared += link.score * (old_size + new_size) / 2
    return shared
