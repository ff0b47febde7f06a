"""Pages of which only the first half was served, to the end of a sentence and with nothing that says so."""

from pipeline import steps

PARAGRAPHS = (
    "A fire broke out at the Tarn paper mill on Friday morning, injuring two workers.",
    "This is a developing story and will be updated.",
    "Smoke could be seen from the motorway, and the police closed the road to the upper town for the day.",
    "The mill employs 340 people and makes paper for newspapers and schoolbooks.",
    "Its owner said that the store of old paper behind the hall had caught fire first.",
    "Firemen from six towns pumped water out of the river until the evening.",
    "The school beside the mill was emptied, and the children were taken to the town hall.",
    "An inspector of the county will look at the pipes on Monday.",
    "The mill burnt down once before, when it still stood on the other bank.",
    "Rolls of paper that were to leave for the coast on Saturday are lost.",
    "The union asked that the wages be paid until the machines run again.",
    "Rain is forecast for the night, and the wind is turning to the west.",
)


def outcomes(desk, site, *lengths):
    steps.follow_urls(desk.url, [site.page("/mill", *PARAGRAPHS)])
    for length in lengths:
        site.page("/mill", *PARAGRAPHS[:length])
        desk.round()
    return desk.column("select outcome from news.captures order by capture_id")


def test_half_a_text_is_no_version_and_the_whole_after_it_no_change(desk, site):
    assert outcomes(desk, site, 12, 3, 12, 4, 12) == ["new_version", *["truncated", "same_content"] * 2]
    assert desk.column("select count(*) from news.updates") == [0]


def test_half_a_text_that_stays_is_what_the_publisher_means(desk, site):
    assert outcomes(desk, site, 12, *[3] * 4) == ["new_version", *["truncated"] * 3, "new_version"]
    assert desk.column("select distinct kind from news.updates") == ["removed"]


def test_a_text_that_lost_its_last_paragraphs_is_told_at_once(desk, site):
    assert outcomes(desk, site, 12, 8) == ["new_version", "new_version"]
