"""Headlines whose slugs count on ("UPDATE 2-"), come and go ("LIVE:"), or say that something was corrected."""

from pipeline import steps

TOLD = """
select kind, summary from news.events where kind in ('headline_changed', 'corrected', 'reverted') order by event_id"""


def told(desk, site, *served):
    for number, (headline, toll) in enumerate(served):
        text = f"At least {toll} people died when the Orrin dam broke on Tuesday, police said."
        url = site.page("/dam", text, "The county told the valley to leave.", headline=headline)
        if not number:
            steps.follow_urls(desk.url, [url])
        desk.round()
    return [tuple(row.values()) for row in desk.rows(TOLD)]


def test_a_slug_that_counts_on_or_comes_and_goes_is_not_told(desk, site):
    slugs = ("UPDATE 1-", "UPDATE 2-", "LIVE: ", "", "LIVE: ")
    assert told(desk, site, *((f"{slug}Dam breaks, 40 dead", 40) for slug in slugs)) == []
    assert desk.column("select count(*) from news.updates") == [0]


def test_a_headline_that_is_corrected_is_a_correction_and_the_reason_of_what_it_names(desk, site):
    served = [("UPDATE 3-Dam breaks, 42 dead", 42), ("CORRECTED-UPDATE 3-Dam breaks, 41 dead", 41)]
    assert told(desk, site, *served) == [
        ("headline_changed", "Headline: CORRECTED-UPDATE 3-Dam breaks, 41 dead"),
        ("corrected", "CORRECTED-UPDATE 3-Dam breaks, 41 dead"),
    ]
    assert desk.column("select reason from news.facts where low = 42") == ["CORRECTED-UPDATE 3-Dam breaks, 41 dead"]


def test_the_slug_of_a_correction_is_told_once(desk, site):
    served = [("Dam breaks", 40), *[("CORRECTED-Dam breaks", 40)] * 2, ("UPDATE 2-Dam breaks", 40)]
    assert told(desk, site, *served) == [("corrected", "CORRECTED-Dam breaks")]
