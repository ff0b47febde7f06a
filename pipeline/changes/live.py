"""Live blogs: entries known by their identity, so that one that has scrolled off the page is no removal."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.changes.links import telling_stems
from pipeline.changes.noise import essence
from pipeline.changes.normal import normalise
from pipeline.model import Content, LiveEntry, MarkerKind, Version, newest_first

#: Share of the telling words of the shorter of two entries of one moment that both have where they are one, edited.
_SAME_ENTRY = 0.5
_LIVE = (MarkerKind.LIVE_BLOG, MarkerKind.LABEL)


def with_kept_entries(previous: Version | None, content: Content) -> Content:
    """Return a live blog's content with the entries that its page no longer shows, as it would read in full.

    An entry is gone for good where the page shows older ones and not it: that one was taken down. What is older than
    everything shown has scrolled off. So the text of a version holds every entry that stands, and comparing two of them
    tells entries that came, changed or were taken down, whatever part of them a capture saw. A page whose entries could
    not be read this time keeps them all; one that has become an article keeps none. Some pages give their entries new
    ids each time: such an entry is known by its words, or by its moment and most of its words. Any other content is
    returned as it is.
    """
    if previous is None or not previous.live_entries or _has_become_article(previous, content):
        return content
    lost = _not_shown(previous.live_entries, content.live_entries)
    kept = [entry for entry in lost if _scrolled_off(entry, previous.live_entries, lost, content.live_entries)]
    if not kept:
        return content
    entries = newest_first([*content.live_entries, *kept])
    return replace(
        content,
        text="\n".join([*_lead(content, kept), *(line for entry in entries for line in entry.paragraphs)]),
        live_entries=entries,
    )


def _has_become_article(previous: Version, content: Content) -> bool:
    """Whether a page without entries says nowhere that it is live, and mostly what was not said before."""
    if content.live_entries or any(marker.kind in _LIVE for marker in content.markers):
        return False
    known = {normalise(line) for line in previous.text.split("\n")}
    lines = content.text.split("\n")
    return 2 * sum(len(line) for line in lines if normalise(line) not in known) > sum(map(len, lines))


def _not_shown(before: Sequence[LiveEntry], shown: Sequence[LiveEntry]) -> list[LiveEntry]:
    """Return the entries that are not among those shown, under another id neither."""
    shown_ids, known_ids = {entry.identity for entry in shown}, {entry.identity for entry in before}
    lost = [entry for entry in before if entry.identity not in shown_ids]
    fresh = [entry for entry in shown if entry.identity not in known_ids]
    for is_same in (_says_the_same, _is_edited):
        for entry in list(lost):
            same = next((other for other in fresh if is_same(entry, other)), None) if fresh else None
            if same is not None:
                fresh.remove(same)
                lost.remove(entry)
    return lost


def _says_the_same(one: LiveEntry, other: LiveEntry) -> bool:
    return list(map(essence, one.paragraphs)) == list(map(essence, other.paragraphs))


def _is_edited(one: LiveEntry, other: LiveEntry) -> bool:
    if one.published_at != other.published_at:
        return False
    if one.headline and other.headline and essence(one.headline) == essence(other.headline):
        return True
    stems, others = (telling_stems(normalise(" ".join(entry.paragraphs))) for entry in (one, other))
    return len(stems & others) >= _SAME_ENTRY * min(len(stems), len(others)) > 0


def _lead(content: Content, kept: Sequence[LiveEntry]) -> list[str]:
    """Return what stands above the entries: a key point there may have the words of an entry's title."""
    lines = content.text.split("\n")
    told = [line for entry in content.live_entries for line in entry.paragraphs]
    if told and lines[-len(told) :] == told:
        return lines[: -len(told)]
    known = {normalise(line) for line in [*told, *(line for entry in kept for line in entry.paragraphs)]}
    return [line for line in lines if normalise(line) not in known]


def _scrolled_off(
    entry: LiveEntry, before: Sequence[LiveEntry], lost: Sequence[LiveEntry], shown: Sequence[LiveEntry]
) -> bool:
    """Whether an entry is older than all that is shown: by its time, or where times are unknown by its place."""
    moments = [other.published_at for other in shown if other.published_at is not None]
    if entry.published_at is None or not moments:
        return all(other in lost for other in before[before.index(entry) + 1 :])
    return entry.published_at <= min(moments)
