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


def test_a_long_preview_is_a_wall_too_whatever_the_wall_says_below_it(desk, site):
    more = [f"{sentence} So said the paper of the {n}th of May." for n, sentence in enumerate(TEXT, 2)]
    site.page("/bridge", *TEXT, *more, MARKER)
    steps.follow_urls(desk.url, [f"{site.base}/bridge"])
    desk.round()
    capture(desk, site, *TEXT[:4], WALL)
    capture(desk, site, *TEXT, *more, MARKER)
    assert desk.column("select outcome from news.captures order by capture_id")[:2] == ["new_version", "wall"]
    assert desk.column("select number from news.versions") == [1]


def test_two_articles_behind_one_wall_stay_two(desk, site):
    for path, lead in (("/bridge", TEXT[0]), ("/ferry", TEXT[3])):
        site.page(path, lead, WALL, canonical="/subscribe")
        steps.follow_urls(desk.url, [site.url(path)])
        desk.round()
    assert set(desk.column("select outcome from news.captures")) == {"wall"}
    assert not [value for value in desk.column("select value from news.aliases") if value.endswith("/subscribe")]
    site.page("/ferry", *TEXT)
    desk.round()
    assert desk.column("select number from news.versions") == [1]


def test_a_wall_that_gives_the_address_of_another_article_is_not_that_one(desk, site):
    site.page("/bridge", *TEXT, MARKER)
    site.page("/ferry", TEXT[3], WALL, canonical="/bridge")
    for path in ("/bridge", "/ferry"):
        steps.follow_urls(desk.url, [site.url(path)])
        desk.round()
    assert "wall" in desk.column("select outcome from news.captures")
    site.page("/ferry", *TEXT, headline="The ferry at Tarn runs again")
    desk.round()
    assert len(desk.column("select distinct article_id from news.versions")) == 2


def test_a_text_that_breaks_off_is_no_version_and_says_so(desk, site):
    site.page("/bridge", *TEXT, MARKER)
    steps.follow_urls(desk.url, [f"{site.base}/bridge"])
    desk.round()
    capture(desk, site, TEXT[0], "Rescue teams searched the water through the night with boats and …")
    cut = desk.table("captures")[-1]
    assert cut["outcome"] == "wall"
    assert cut["detail"].startswith("the text breaks off after ")
    capture(desk, site, *TEXT, MARKER)
    assert desk.column("select number from news.versions") == [1]
    assert desk.column("select count(*) from news.updates") == [0]
