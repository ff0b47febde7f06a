"""What an entry is and what it is called."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.entries import MAX_GUID_CHARACTERS, Oddities, build_entries
from pipeline.feeds.raw import RawEntry, RawText
from pipeline.model import Entry

RAW = RawEntry(
    guid="g1",
    guid_may_be_link=True,
    links=("https://a.example/1",),
    title=RawText("Toll rises to 12"),
    summary=RawText("Rescuers dig on."),
    authors=("Ada Winter",),
    published="Mon, 23 Nov 2026 10:00:00 GMT",
    updated=None,
)


def build(*raws: RawEntry) -> tuple[Entry, ...]:
    return build_entries(raws, base="https://a.example/feed", oddities=Oddities())


def test_identity_is_guid_then_link_then_content():
    by_guid, by_link, by_content = build(RAW, replace(RAW, guid=None), replace(RAW, guid=None, links=()))
    assert by_guid.identity == "g1"
    assert by_link.identity == "https://a.example/1"
    assert by_content.identity.startswith("sha256:")


def test_guid_serves_as_link_only_if_it_is_an_address_and_may():
    address = replace(RAW, guid="https://a.example/g", links=())
    assert build(address)[0].link == "https://a.example/g"
    assert build(replace(address, guid_may_be_link=False))[0].link is None
    assert build(replace(address, guid="4711"))[0].link is None


def test_later_namesake_adds_its_link_and_an_exact_repetition_goes():
    other = replace(RAW, links=("https://a.example/2",))
    assert [entry.identity for entry in build(RAW, other, RAW)] == ["g1", "g1|https://a.example/2"]


def test_namesakes_with_one_link_are_told_apart_by_content():
    first, second, third = build(RAW, replace(RAW, title=RawText("Post 2")), replace(RAW, title=RawText("Post 3")))
    assert len({first.identity, second.identity, third.identity}) == 3


def test_content_hash_moves_with_content_and_not_with_dates_or_markup():
    (entry,) = build(RAW)
    assert (
        build(replace(RAW, published="Tue, 24 Nov 2026 10:00:00 GMT", updated="2026-11-24"))[0].content_sha256
        == entry.content_sha256
    )
    assert build(replace(RAW, summary=RawText("<p>Rescuers  dig on.</p>")))[0].content_sha256 == entry.content_sha256
    for changed in (
        replace(RAW, links=("https://a.example/9",)),
        replace(RAW, title=RawText("Toll falls to 11")),
        replace(RAW, summary=RawText("Rescuers rest.")),
        replace(RAW, authors=("Tom Reyes",)),
    ):
        assert build(changed)[0].content_sha256 != entry.content_sha256


def test_title_and_summary_do_not_run_into_each_other():
    assert build(replace(RAW, title=RawText("ab"), summary=RawText("c")))[0].content_sha256 != (
        build(replace(RAW, title=RawText("a"), summary=RawText("bc")))[0].content_sha256
    )


def test_overlong_guid_is_replaced_by_its_hash():
    (entry,) = build(replace(RAW, guid="x" * (MAX_GUID_CHARACTERS + 1)))
    assert entry.guid is not None
    assert entry.guid.startswith("sha256:")


def test_oddities_count_and_show_the_first_example():
    oddities = Oddities()
    build_entries(
        [replace(RAW, published="soon"), replace(RAW, guid="g2", published="later")], base="", oddities=oddities
    )
    assert oddities.in_words() == ["2 dates cannot be read, the first: “soon”"]


@given(
    st.lists(st.tuples(st.sampled_from([None, "a", "b"]), st.sampled_from(["", "/1", "/2"]), st.sampled_from("xyz")))
)
def test_identities_within_a_document_are_unique(items):
    entries = build(
        *(replace(RAW, guid=guid, links=(link,) if link else (), title=RawText(title)) for guid, link, title in items)
    )
    identities = [entry.identity for entry in entries]
    assert len(set(identities)) == len(identities)
    assert len(entries) == len(set(items))
