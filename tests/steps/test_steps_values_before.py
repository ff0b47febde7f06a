"""The value before: what a figure was, not who else gave the same one."""

from pipeline import steps

REST = (
    "The quake shook houses in the town of Tarsk for almost a minute, and many people ran into the streets.",
    "Schools stay closed, and the power is out in the east of the town.",
    "This is a developing story and will be updated.",
)


def told(desk, site, *openings):
    for opening in openings:
        site.page("/quake", opening, *REST, headline="Quake shakes Tarsk")
        if not site.asked:
            steps.follow_urls(desk.url, [site.url("/quake")])
        desk.round()
    return desk.one(
        "select low, previous_low, previous_qualifier, changes, attribution from news.latest_facts"
        " where kind = 'missing'"
    )


MISSING = "Nineteen people are missing, the {} said."


def test_another_source_for_a_value_makes_it_no_value_before(desk, site):
    row = told(desk, site, MISSING.format("mayor"), MISSING.format("ministry"))
    assert tuple(row.values()) == (19, None, None, 0, "the ministry")


def test_the_value_before_stays_through_another_source(desk, site):
    more = MISSING.replace("Nineteen", "More than 40")
    row = told(desk, site, MISSING.format("mayor"), more.format("mayor"), more.format("ministry"))
    assert tuple(row.values()) == (40, 19, None, 1, "the ministry")


def test_a_value_that_comes_again_has_changed_twice(desk, site):
    other = MISSING.replace("Nineteen", "Twenty")
    row = told(desk, site, MISSING.format("mayor"), other.format("mayor"), other.format("army"), MISSING.format("army"))
    assert tuple(row.values()) == (19, 20, None, 2, "the army")
