"""An address that is used again: another article begins there, and the old one keeps what it was."""

from pipeline import steps

BRIDGE = (
    "A bridge over the Karu river collapsed on Monday, killing at least five people, police said.",
    "Rescue teams searched the water through the night with boats and lamps.",
    "The bridge was built in 1961 and carried eight thousand cars a day.",
)
BANK = (
    "The central bank left its main rate unchanged on Thursday, as all analysts had expected.",
    "Growth slowed in the autumn, when exporters sold less furniture and fewer ships abroad.",
    "Governor Pia Holm said prices would calm before summer, without naming any figure.",
)
MARKER = "This is a developing story and will be updated."


def follow(desk, site):
    site.page("/latest", *BRIDGE, MARKER, headline="Bridge over the Karu collapses")
    steps.follow_urls(desk.url, [f"{site.base}/latest"])
    desk.round()


def test_another_article_at_the_same_address_is_an_article_of_its_own(desk, site):
    follow(desk, site)
    site.page("/latest", *BANK, MARKER, headline="Central bank leaves main rate unchanged")
    desk.make_due()
    desk.round()
    assert desk.column("select number from news.versions order by version_id") == [1, 1]
    assert desk.column("select count(distinct article_id) from news.versions") == [2]
    assert desk.column("select count(distinct story_id) from news.versions") == [2]
    assert desk.column("select status from news.articles order by article_id") == ["settled", "following"]
    assert desk.column("select count(*) from news.updates") == [0]
    kinds = desk.column("select kind from news.events where article_id = 1 order by event_id")
    assert kinds[-1] == "rewritten"
    assert "settled" not in kinds  # it has not gone quiet: its address is somebody else's
    addresses = desk.column("select distinct article_id from news.aliases where kind <> 'guid'")
    assert addresses == [2]


def test_it_is_followed_on_under_the_address_and_the_old_one_no_more(desk, site):
    follow(desk, site)
    site.page("/latest", *BANK, MARKER, headline="Central bank leaves main rate unchanged")
    desk.make_due()
    desk.round()
    site.page("/latest", *BANK[:2], "Governor Pia Holm named no figure.", headline="Central bank leaves rate unchanged")
    desk.make_due()
    desk.round()
    assert desk.column("select article_id from news.versions order by version_id") == [1, 2, 2]
    assert desk.column("select status from news.articles where article_id = 1") == ["settled"]


def test_a_new_text_under_a_headline_on_the_same_thing_is_the_article_rewritten(desk, site):
    follow(desk, site)
    site.page("/latest", *BANK, MARKER, headline="Karu bridge collapses: what is known")
    desk.make_due()
    desk.round()
    assert desk.column("select kind from news.versions order by version_id") == ["first", "rewritten"]
    assert desk.column("select count(*) from news.articles") == [1]


def test_an_article_that_is_back_at_its_address_goes_on_as_it_was(desk, site):
    follow(desk, site)
    for paragraphs, headline in (
        (BANK, "Central bank leaves main rate unchanged"),
        (BRIDGE, "Bridge over the Karu collapses"),
        ((BRIDGE[0].replace("five", "six"), *BRIDGE[1:]), "Bridge over the Karu collapses"),
    ):
        site.page("/latest", *paragraphs, MARKER, headline=headline)
        desk.make_due()
        desk.round()
    assert desk.column("select article_id || '.' || number from news.versions order by version_id") == [
        "1.1",
        "2.1",
        "1.2",
    ]
    assert desk.column("select status from news.articles order by article_id") == ["following", "settled"]
    assert desk.column("select distinct article_id from news.aliases where kind <> 'guid'") == [1]
    assert desk.column("select kind || ' ' || significance from news.updates") == ["edited fact"]
    kinds = desk.column("select kind from news.events where article_id = 1 order by event_id")
    assert kinds[-4:] == ["rewritten", "restored", "updated", "fact_changed"]


def test_two_articles_that_take_turns_at_an_address_stay_two(desk, site):
    follow(desk, site)
    turns = ((BANK, "Central bank leaves main rate unchanged"), (BRIDGE, "Bridge over the Karu collapses"))
    # A counter makes each page's bytes new, as most pages' are.
    for number, (paragraphs, headline) in enumerate(turns * 3):
        site.page("/latest", *paragraphs, MARKER + " " * number, headline=headline)
        desk.round()
    assert desk.column("select article_id from news.versions order by version_id") == [1, 2]
    assert desk.column("select status from news.articles order by article_id") == ["following", "settled"]
    assert desk.column("select count(*) from news.events where kind = 'restored'") == [5]


def test_the_other_article_in_the_same_bytes_as_before_is_not_taken_for_unchanged(desk, site):
    follow(desk, site)
    turns = ((BANK, "Central bank leaves main rate unchanged"), (BRIDGE, "Bridge over the Karu collapses"))
    for paragraphs, headline in (*turns, turns[0]):
        site.page("/latest", *paragraphs, MARKER, headline=headline, etag=f'"{headline[:4]}"')
        desk.round()
    assert desk.column("select status from news.articles order by article_id") == ["settled", "following"]
