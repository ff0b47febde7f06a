"""Copies of an earlier version that a cache serves between newer ones."""

from pipeline import steps

PARAGRAPHS = (
    "A fire broke out at the Tarn paper mill on Friday morning, injuring {} workers.",
    "Smoke could be seen from the motorway, and the police closed the road to the upper town for the day.",
    "This is a developing story and will be updated.",
)


def page(hurt, at):
    text = "".join(f"<p>{paragraph.format(hurt)}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<html lang='en'><head><title>Fire at Tarn mill</title><meta property='article:modified_time' content='{at}'>"
        f"</head><body><article><h1>Fire at Tarn mill</h1>{text}</article></body></html>"
    )


OLD, NEW = page("two", "2026-11-27T09:00:00Z"), page("four", "2026-11-27T10:00:00Z")


def captured(desk, site, *pages):
    steps.follow_urls(desk.url, [site.put("/mill", pages[0])])
    for body in pages:
        site.put("/mill", body)
        desk.make_due()
        desk.round()
    return desk.column("select outcome from news.captures order by capture_id")


def test_an_older_copy_between_newer_ones_changes_nothing(desk, site):
    outcomes = captured(desk, site, OLD, NEW, OLD, NEW, OLD, NEW)
    assert outcomes == ["new_version", "new_version", *["outdated", "same_content"] * 2]
    assert desk.column("select kind from news.versions order by number") == ["first", "updated"]
    assert desk.column("select low from news.latest_facts where kind = 'injured'") == [4]


def test_an_older_copy_that_stays_is_a_reversal_in_the_end(desk, site):
    outcomes = captured(desk, site, OLD, NEW, OLD, OLD, OLD, OLD)
    assert outcomes == ["new_version", "new_version", *["outdated"] * 3, "new_version"]
    assert desk.column("select kind from news.versions order by number")[-1] == "reverted"


def test_a_reversal_that_is_stamped_anew_is_told_at_once(desk, site):
    captured(desk, site, OLD, NEW, page("two", "2026-11-27T10:30:00Z"))
    assert desk.column("select kind from news.versions order by number")[-1] == "reverted"


def test_an_older_copy_after_other_failures_is_none_the_less_a_caches(desk, site):
    captured(desk, site, OLD, NEW)
    site.put("/mill", "no answer", status=503)
    for _ in range(4):
        desk.connection.execute("delete from news.hosts")
        desk.round()
    desk.connection.execute("delete from news.hosts")
    site.put("/mill", OLD)
    desk.round()
    assert desk.column("select outcome from news.captures order by capture_id")[-1] == "outdated"
    assert desk.column("select kind from news.versions order by number") == ["first", "updated"]


def unstamped(hurt, headline="Fire at Tarn mill"):
    body = page(hurt, "").replace("<meta property='article:modified_time' content=''>", "")
    return body.replace("Fire at Tarn mill", headline)


def test_of_contents_that_take_turns_two_reversals_are_told_and_no_more(desk, site):
    old, new = unstamped("two"), unstamped("four")
    outcomes = captured(desk, site, *[old, new] * 6)
    assert outcomes == ["new_version"] * 4 + ["outdated", "same_content"] * 4
    assert desk.column("select kind from news.versions order by number") == ["first", "updated", *["reverted"] * 2]
    assert desk.column("select low from news.latest_facts where kind = 'injured'") == [4]


def test_a_content_that_took_turns_and_stays_is_told_in_the_end(desk, site):
    old, new = unstamped("two"), unstamped("four")
    outcomes = captured(desk, site, old, new, old, new, old, old, old, old)
    assert outcomes[4:] == ["outdated"] * 3 + ["new_version"]
    assert desk.column("select low from news.latest_facts where kind = 'injured'") == [2]


def test_headlines_that_are_tried_in_turn_are_told_twice_and_texts_all_the_same(desk, site):
    one, other = "Fire at Tarn mill", "Mill burns in Tarn as workers flee"
    outcomes = captured(desk, site, *[unstamped("two", headline) for headline in [one, other] * 4])
    assert outcomes == ["new_version"] * 4 + ["outdated", "same_content"] * 2
    site.put("/mill", unstamped("four", one))
    desk.round()
    assert desk.column("select low from news.latest_facts where kind = 'injured'") == [4]
    site.put("/mill", unstamped("four", other))
    desk.round()
    assert desk.column("select count(*) from news.versions") == [5]
