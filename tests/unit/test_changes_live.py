"""Live blogs: entries come, change, scroll off and are taken down; only the page's window moves without an update."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.changes import decide_version, with_kept_entries
from pipeline.model import Content, LiveEntry, NewVersion, Unchanged, UpdateKind
from tests.unit.contents import content_of, version

START = datetime(2026, 3, 10, 20, tzinfo=UTC)
LEAD = "A warehouse on the quay of Port Ellery has been burning since Tuesday evening."
SAID = [
    "Smoke was seen over the main pier at ten to eight.",
    "The terminal was cleared; 140 people were led out, the harbour office said.",
    "Two ferries turned back to Marlow with 300 passengers on board.",
    "The roof of the warehouse fell in and crews drew back to the road.",
    "Divers of the fire service looked below the pier and found nobody.",
    "The road to the ferry was opened again for one lane.",
]


def entry(number: int, text: str | None = None) -> LiveEntry:
    return LiveEntry(
        identity=f"e{number}",
        headline=None,
        text=text or SAID[number],
        published_at=START + timedelta(minutes=10 * number),
        modified_at=None,
    )


def content(*entries: LiveEntry) -> Content:
    newest_first = tuple(sorted(entries, key=lambda e: e.identity, reverse=True))
    text = "\n".join([LEAD, *(line for e in newest_first for line in e.paragraphs)])
    return content_of("Port Ellery fire: live", text, live_entries=newest_first)


def retold(of: Content) -> Content:
    """Return a content with the text that its entries make."""
    return replace(of, text="\n".join([LEAD, *(line for e in of.live_entries for line in e.paragraphs)]))


def updates(before: Content, after: Content) -> list[tuple[UpdateKind, str | None]]:
    decision = decide_version(version(before), with_kept_entries(version(before), after), ())
    if isinstance(decision, Unchanged):
        return []
    return [(update.kind, update.new_text or update.old_text) for update in decision.comparison.updates]


def test_an_entry_that_scrolled_off_is_no_removal() -> None:
    assert updates(content(entry(0), entry(1), entry(2)), content(entry(1), entry(2))) == []


def test_a_new_entry_is_added_while_an_old_one_scrolls_off() -> None:
    assert updates(content(entry(0), entry(1)), content(entry(1), entry(2))) == [(UpdateKind.ADDED, SAID[2])]


def test_an_entry_that_changes_is_edited() -> None:
    changed = SAID[1].replace("140", "160")
    assert updates(content(entry(0), entry(1)), content(entry(0), entry(1, changed))) == [(UpdateKind.EDITED, changed)]


def test_an_entry_taken_down_between_others_is_removed() -> None:
    assert updates(content(entry(0), entry(1), entry(2)), content(entry(0), entry(2))) == [
        (UpdateKind.REMOVED, SAID[1])
    ]


def test_a_page_whose_entries_could_not_be_read_keeps_them() -> None:
    before = content(entry(0), entry(1))
    assert updates(before, content()) == []


def test_a_page_that_gives_its_entries_new_ids_each_time_tells_only_what_changed() -> None:
    before = content(*map(entry, range(4)))
    changed = [replace(entry(n), identity=f"other-{9 - n}") for n in range(1, 4)]
    after = replace(content(), live_entries=tuple(changed[::-1]))
    assert updates(before, retold(after)) == []
    edited = replace(changed[0], text=SAID[1].replace("140", "160"))
    after = replace(after, live_entries=(*changed[:0:-1], edited))
    assert updates(before, retold(after)) == [(UpdateKind.EDITED, edited.text)]


def test_of_entries_without_times_the_last_ones_scroll_off_and_one_before_others_was_taken_down() -> None:
    untimed = [replace(entry(n), published_at=None) for n in range(4)]
    before = retold(replace(content(), live_entries=tuple(untimed[::-1])))
    after = retold(replace(content(), live_entries=(untimed[3], untimed[1])))
    assert updates(before, after) == [(UpdateKind.REMOVED, SAID[2])]


def test_another_entry_of_the_same_moment_does_not_take_the_place_of_one_that_scrolled_off() -> None:
    beside = replace(entry(2), identity="e9", published_at=entry(0).published_at)
    assert updates(content(entry(0), entry(1)), content(beside, entry(1))) == [(UpdateKind.ADDED, SAID[2])]


def test_a_key_point_in_the_words_of_an_entry_stays_while_another_entry_scrolls_off() -> None:
    def shown(*entries: LiveEntry) -> Content:
        of = content(*entries)
        return replace(of, text="\n".join([SAID[2], of.text]))

    assert updates(shown(entry(0), entry(1), entry(2)), shown(entry(1), entry(2))) == []


def test_a_live_blog_that_has_become_an_article_keeps_no_entries() -> None:
    article = content_of("Port Ellery fire is out", "\n".join(["The fire is out after nine hours.", *SAID[4:5]]))
    assert with_kept_entries(version(content(entry(0), entry(1))), article) is article


def test_an_article_without_entries_is_left_as_it_is() -> None:
    plain = content()
    assert with_kept_entries(version(plain), plain) is plain
    assert with_kept_entries(None, plain) is plain


@given(st.lists(st.integers(1, 4), min_size=1, max_size=6))
def test_however_the_window_moves_each_entry_is_told_once(windows: list[int]) -> None:
    """A page shows its newest entries, some more, some fewer each time; one entry comes with each capture."""
    known = content(entry(0))
    added = 0
    for number, window in enumerate(windows[: len(SAID) - 1], start=1):
        shown = [entry(n) for n in range(max(0, number - window + 1), number + 1)]
        after = with_kept_entries(version(known), content(*shown))
        decision = decide_version(version(known), after, ())
        assert isinstance(decision, NewVersion)
        assert [u.kind for u in decision.comparison.updates] == [UpdateKind.ADDED]
        added += 1
        known = after
    assert len(known.live_entries) == added + 1
