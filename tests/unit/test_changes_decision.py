"""The version decision: what makes a new version, and of what sort."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pipeline.changes import content_sha256, decide_version
from pipeline.model import (
    Content,
    CutShort,
    NewVersion,
    OlderCopy,
    Payment,
    Preview,
    Unchanged,
    UpdateKind,
    Version,
    VersionKind,
)
from tests.unit.contents import AT, content_of, version

LEAD = "A bridge over the Karu river collapsed on Monday, killing at least five people, police said."
TEXT = "\n".join(
    [
        LEAD,
        "Rescue teams searched the water through the night with boats and lamps.",
        "The bridge was built in 1961 and carried eight thousand cars a day. It was due for repair.",
        "Mayor Tilda Brandt called for an inquiry into its upkeep.",
    ]
)
OTHER = "\n".join(
    [
        "The central bank left its main rate unchanged on Thursday, as all analysts had expected.",
        "Growth slowed in the autumn, when exporters sold less furniture and fewer ships abroad.",
        "Governor Pia Holm said prices would calm before summer, without naming any figure.",
    ]
)


def content(headline: str = "Bridge collapses", text: str = TEXT) -> Content:
    return content_of(headline, text)


def new_version(previous: Version | None, read: Content, *earlier: Content) -> NewVersion:
    decision = decide_version(previous, read, {content_sha256(c.headline, c.text) for c in earlier})
    assert isinstance(decision, NewVersion)
    return decision


def test_the_first_reading_is_version_one() -> None:
    first = new_version(None, content())
    assert (first.kind, first.number, first.headline_changed) == (VersionKind.FIRST, 1, False)
    assert len(first.sentences) == 5
    assert first.comparison.updates == ()
    assert first.content_sha256 == content_sha256("Bridge collapses", TEXT)


def test_the_same_journalism_is_no_version() -> None:
    for same in (
        content(),
        content("Bridge  collapses", TEXT.replace("\n", "\n\n")),
        content(text=f"Updated 5 minutes ago\n{TEXT}\n12 comments"),
        content(text=TEXT.replace("police said", "police\u00a0said")),
    ):
        assert decide_version(version(content()), same, ()) == Unchanged()


def test_a_stamp_that_comes_goes_or_moves_beside_an_edit_is_no_update() -> None:
    previous = version(content(text=f"Updated 3 hours ago\nBy Tilda Brandt\n{TEXT}"))
    read = content(
        text=f"By Tilda Brandt\n{TEXT.replace('five', 'six')}\nUpdated 2 hours ago | 12 comments\n12 comments"
    )
    (update,) = new_version(previous, read).comparison.updates
    assert update.kind is UpdateKind.EDITED


def test_the_stored_hash_is_not_trusted() -> None:
    stored = replace(version(content()), content_sha256="made by an older extractor")
    assert decide_version(stored, content(), ()) == Unchanged()


def test_one_digit_in_a_sentence_is_a_version() -> None:
    second = new_version(version(content(), 4), content(text=TEXT.replace("1961", "1962")))
    assert (second.kind, second.number) == (VersionKind.UPDATED, 5)
    assert [u.kind for u in second.comparison.updates] == [UpdateKind.EDITED]


def test_a_headline_alone_is_a_version() -> None:
    second = new_version(version(content()), content("Bridge collapses, five dead"))
    assert second.headline_changed
    assert second.comparison.updates == ()
    assert second.kind is VersionKind.UPDATED


def test_back_to_an_older_content_is_reverted() -> None:
    first, second = content(), content(text=TEXT.replace("five", "eight"))
    third = new_version(version(second, 2), content(text=f"{TEXT}\n3 hours ago"), first)
    assert (third.kind, third.number) == (VersionKind.REVERTED, 3)


@pytest.mark.parametrize(
    ("minutes", "expected"), [(-30, OlderCopy), (0, NewVersion), (30, NewVersion), (None, NewVersion)]
)
def test_an_older_content_stamped_before_the_newest_is_a_copy_of_a_cache(minutes: int | None, expected: type) -> None:
    newest = version(content_of("Bridge collapses", TEXT.replace("five", "six"), modified_at=AT), 2)
    stamp = None if minutes is None else AT + timedelta(minutes=minutes)
    back = content_of("Bridge collapses", TEXT, modified_at=stamp)
    assert isinstance(decide_version(newest, back, {content_sha256(back.headline, back.text)}), expected)
    assert isinstance(decide_version(newest, back, ()), NewVersion)


def test_an_older_copy_that_stays_is_what_the_publisher_means() -> None:
    newest = version(content_of("Bridge collapses", TEXT.replace("five", "six"), modified_at=AT), 2)
    back = content_of("Bridge collapses", TEXT, modified_at=AT - timedelta(minutes=30))
    decision = decide_version(newest, back, {content_sha256(back.headline, back.text)}, steady=True)
    assert isinstance(decision, NewVersion)
    assert decision.kind is VersionKind.REVERTED


LONG = "\n".join(
    f"Sentence {number} tells what crew {number} saw at pier {number} of the bridge." for number in range(20)
)
HALF = "\n".join(LONG.split("\n")[:9])


@pytest.mark.parametrize(
    ("shown", "stamped", "earlier", "steady", "expected"),
    [
        (HALF, None, False, False, CutShort),
        (HALF, None, False, True, NewVersion),
        (HALF, None, True, False, NewVersion),
        (HALF, AT + timedelta(minutes=5), False, False, NewVersion),
        (HALF.replace("crew 3", "crew 30"), None, False, False, NewVersion),
        ("\n".join(LONG.split("\n")[:15]), None, False, False, NewVersion),
    ],
    ids=["half", "it stays", "it stood there before", "stamped anew", "edited besides", "more than half"],
)
def test_half_a_text_is_cut_short_unless_something_says_that_it_is_meant(
    shown: str, stamped: datetime | None, expected: type, *, earlier: bool, steady: bool
) -> None:
    newest = version(content_of("Bridge collapses", LONG, modified_at=AT), 2)
    page = content_of("Bridge collapses", shown, modified_at=stamped)
    known = {content_sha256(page.headline, page.text)} if earlier else set()
    assert isinstance(decide_version(newest, page, known, steady=steady), expected)


def test_a_new_text_is_another_article_only_below_a_headline_on_something_else() -> None:
    first = version(content("River bridge collapses, killing five"))
    assert new_version(first, content("Central bank keeps its main rate", OTHER)).another_article
    assert not new_version(first, content("Bridge collapses into river, inquiry opens", OTHER)).another_article
    assert not new_version(first, content("Central bank keeps its main rate", f"{TEXT}\nMore to come.")).another_article


@pytest.mark.parametrize("stated", [("de", "de"), (None, "de")], ids=["both", "the new one alone"])
def test_a_version_without_a_language_is_read_in_that_of_the_page(stated: tuple[str | None, str]) -> None:
    text = "Die Brücke stürzte am 3. Mai ein. Fünf Menschen starben, sagte die Polizei."
    first, second = (content_of("Brücke eingestürzt", text, language=language) for language in stated)
    changed = replace(second, text=text.replace("Fünf", "Sechs"))
    assert [update.kind for update in new_version(version(first), changed).comparison.updates] == [UpdateKind.EDITED]


@pytest.mark.parametrize(("before", "after"), [("en", "es"), ("en-GB", "es_MX"), ("fi", "fil")])
def test_a_translation_is_another_text_though_its_names_and_figures_are_the_same(before: str, after: str) -> None:
    spanish = "Las obras empezarán en marzo de 2027, dijo la alcaldesa Lena Holt.\nLa línea tendrá 14 paradas."
    english = "Construction is to begin in March 2027, Mayor Lena Holt said.\nThe line will have 14 stops."
    first = content_of("Lena Holt opens tram works", english, language=before)
    second = new_version(version(first), content_of("Lena Holt abre obras", spanish, language=after))
    assert second.kind is VersionKind.REWRITTEN
    same_text = content_of(first.headline, english.replace("14", "16"), language="de")
    assert new_version(version(first), same_text).kind is VersionKind.UPDATED


def test_another_text_is_rewritten() -> None:
    second = new_version(version(content()), content("Rates unchanged", OTHER))
    assert second.kind is VersionKind.REWRITTEN
    assert second.comparison.kept < 0.1


def test_a_flash_that_grows_into_an_article_is_updated() -> None:
    second = new_version(version(content(text=LEAD)), content())
    assert second.kind is VersionKind.UPDATED


def test_a_short_flash_is_too_little_to_call_the_article_a_rewriting() -> None:
    second = new_version(version(content(text="More soon.")), content())
    assert second.kind is VersionKind.UPDATED


def test_a_live_blog_that_grows_at_the_top_adds_and_edits_nothing_else() -> None:
    old = content(text=f"5 minutes ago\n{TEXT}")
    new = content(text=f"1 minute ago\nThe army has sent a mobile bridge to the valley.\n6 minutes ago\n{TEXT}")
    updates = new_version(version(old), new).comparison.updates
    assert {u.kind for u in updates} == {UpdateKind.ADDED}
    assert sum(u.new_text == "The army has sent a mobile bridge to the valley." for u in updates) == 1


def test_an_empty_text_on_either_side_is_decided() -> None:
    assert new_version(version(content(text="")), content()).kind is VersionKind.UPDATED
    assert new_version(version(content()), content(text="")).kind is VersionKind.UPDATED


def test_the_beginning_of_the_text_on_a_page_that_asks_for_payment_is_a_preview() -> None:
    stood = version(content())
    for shown in (LEAD, f"{LEAD}\nRescue teams searched the water ..."):
        asking = replace(content(text=shown), payment=Payment.ASKED)
        assert decide_version(stood, asking, ()) == Preview()
        assert decide_version(stood, asking, {content_sha256(asking.headline, asking.text)}) == Preview()
        assert isinstance(decide_version(None, asking, ()), NewVersion)


@pytest.mark.parametrize("end", ["Rescue teams searched the …", "Rescue teams searched the...", "Rescue teams sea"])
def test_the_beginning_of_the_text_that_breaks_off_within_a_sentence_is_a_preview(end: str) -> None:
    assert decide_version(version(content()), content(text=f"{LEAD}\n{end}"), ()) == Preview()


def test_most_of_a_text_is_a_preview_where_the_page_asks_for_payment_within_a_sentence() -> None:
    *most, last = TEXT.split("\n")
    shown = content(text="\n".join([*most, f"{last[:12]} ..."]))
    assert decide_version(version(content()), replace(shown, payment=Payment.ASKED), ()) == Preview()
    assert isinstance(decide_version(version(content()), shown, ()), NewVersion)


def test_a_text_cut_down_to_whole_sentences_is_a_version() -> None:
    for shorter in (LEAD, f"{LEAD}\nRescue teams searched the water."):
        assert isinstance(decide_version(version(content()), content(text=shorter), ()), NewVersion)
    points = "Five people died\nTwo bridges are closed\nSchools stay shut until Friday\nThe ferry does not sail"
    shortened = content(text="Five people died\nTwo bridges are closed")
    assert isinstance(decide_version(version(content(text=points)), shortened, ()), NewVersion)


def test_what_stands_before_a_payment_wall_is_a_preview_whatever_stood_before() -> None:
    walled = replace(content(text=LEAD), payment=Payment.WALL)
    for stood in (None, version(content()), version(content(text="A ferry ran aground off Tarn."))):
        assert decide_version(stood, walled, ()) == Preview()


def test_an_edit_on_a_page_that_asks_for_payment_is_a_version() -> None:
    stood = version(content())
    for edited in (
        LEAD.replace("five", "six"),
        f"{LEAD}\nDivers found the lamps of a boat.",
        TEXT.replace("\nMayor Tilda Brandt called for an inquiry into its upkeep.", ""),
        TEXT.replace(f"{LEAD}\n", ""),
        f"{TEXT}\nA crane came.",
    ):
        assert isinstance(decide_version(stood, replace(content(text=edited), payment=Payment.ASKED), ()), NewVersion)
