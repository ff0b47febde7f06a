"""Figures that are parts of others, in the ledger."""

from pipeline import steps

MARKER = "This is a developing story and will be updated."
KNOWN = ("At least seven people have died", "86 people were on board", "35 people were rescued")
TEXT = (
    "At least seven people have died, the coastguard said.",
    "The ferry capsized on Lake Tarn with 86 people on board.",
    "Divers pulled 35 survivors from the water, among them six children.",
    "In Orrin, 300 km (186 miles) away, two workers died, including a boy.",
)


def test_a_part_leads_to_its_whole_where_other_figures_are_told_twice(desk, site):
    site.page("/ferry", *KNOWN, *TEXT, MARKER)
    steps.follow_urls(desk.url, [f"{site.base}/ferry"])
    desk.round()
    site.page("/ferry", *TEXT[:2], TEXT[2].replace("six", "seven"), TEXT[3], *KNOWN, MARKER)
    desk.make_due()
    desk.round()
    assert desk.column("select outcome from news.captures order by capture_id") == ["new_version"] * 2
    parts = desk.rows(
        "select whole.subject as whole, whole.low as total, part.subject, part.low from news.facts part"
        " join news.facts whole on whole.fact_id = part.parent_fact_id order by part.fact_id"
    )
    assert [tuple(row.values()) for row in parts] == [
        ("survivors", 35, "children", 6),
        ("workers", 2, "boy", 1),
        ("survivors", 35, "children", 7),
    ]
