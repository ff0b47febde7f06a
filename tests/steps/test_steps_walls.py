"""Payment walls that come down in front of a story that is followed."""

from pipeline import steps

TEXT = (
    "A bridge over the Karu river collapsed on Monday, killing at least five people, police said.",
    "Rescue teams searched the water through the night with boats and lamps, and found nobody else below the bridge.",
    "The bridge was built in 1961 and carried eight thousand cars a day, most of them bound for the ferry at Tarn.",
    "Mayor Tilda Brandt called for an inquiry into its upkeep, which the county has paid for since it was opened.",
    "The road on both sides of the river will stay closed until the summer, and buses go by way of the upper town.",
)
MARKER = "This is a developing story and will be updated."
WALL = "To continue reading, subscribe for one crown a week."


def capture(desk, site, *paragraphs):
    site.page("/bridge", *paragraphs)
    desk.make_due()
    desk.round()


def test_a_preview_of_the_text_that_stands_is_a_wall_and_its_return_no_update(desk, site):
    site.page("/bridge", *TEXT, MARKER)
    steps.follow_urls(desk.url, [f"{site.base}/bridge"])
    desk.round()
    capture(desk, site, *TEXT[:2], "The bridge was built in 1961 and carried eight thousand cars a day, …", WALL)
    assert desk.column("select outcome from news.captures order by capture_id") == ["new_version", "wall"]
    capture(desk, site, *TEXT, "A crane has come from Orrin.", MARKER)
    assert desk.column("select number from news.versions order by number") == [1, 2]
    assert desk.column("select kind || ' ' || new_text from news.updates") == ["added A crane has come from Orrin."]
