"""Pages whose language is said otherwise, or no longer, while their text stays."""

from pipeline import steps

SPANISH = (
    "Un incendio causó la muerte de doce personas en un almacén de Karu, según la policía de la ciudad.",
    "Doce personas murieron y la carretera de la costa permanece cerrada.",
    "Los bomberos trabajan en la zona desde la mañana y piden a los vecinos que no salgan de casa.",
)
HEADLINES = (
    "Karu warehouse blaze kills 12 workers; firefighters battle flames near harbour until dawn Friday.",
    "Coastal motorway closed, trains cancelled, ferries delayed; schools shut across northern districts today.",
)


def told(desk, site, *pages):
    for lang, text in pages:
        attribute = f" lang='{lang}'" if lang else ""
        paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in text)
        head = f"<html{attribute}><head><title>Karu</title></head>"
        address = site.put("/karu", f"{head}<body><article><h1>Karu</h1>{paragraphs}</article></body></html>")
        if not site.asked:
            steps.follow_urls(desk.url, [address])
        desk.round()
    return desk.column("select summary from news.events where kind = 'fact_changed' order by event_id")


def test_facts_of_a_page_now_in_a_language_that_is_not_read_are_closed_and_nothing_is_told(desk, site):
    assert told(desk, site, ("es", SPANISH), ("pt", (*SPANISH, "La causa no se conoce."))) == []
    assert desk.column("select language from news.versions order by number") == ["es", "pt"]
    assert desk.column("select count(*) from news.latest_facts where kind = 'killed'") == [0]


def test_a_page_that_no_longer_says_its_language_is_read_as_before(desk, site):
    changed = (HEADLINES[0].replace("12", "15"), *HEADLINES[1:])
    assert told(desk, site, ("en", HEADLINES), (None, changed)) == ["killed, workers: 12 → 15"]


ENGLISH = (
    "A fire killed twelve people in a warehouse in Karu, according to the police of the city.",
    "Twelve people died, and the coastal road remains closed.",
    "Firefighters have been at work since the morning and ask neighbours not to leave their homes.",
)


def outcomes(desk):
    return desk.column("select outcome from news.captures order by capture_id")


def test_a_translation_served_once_is_neither_a_rewriting_nor_another_article(desk, site):
    more = ("Thirteen people died, and the coastal road remains closed.", *ENGLISH[2:])
    told(desk, site, ("en", ENGLISH), ("es", SPANISH), ("en", (ENGLISH[0], *more)))
    assert outcomes(desk) == ["new_version", "outdated", "new_version"]
    assert desk.column("select kind from news.versions order by number") == ["first", "updated"]
    assert desk.column("select count(*) from news.articles") == [1]


def test_a_page_that_stays_in_another_language_is_rewritten_in_it(desk, site):
    told(desk, site, ("en", ENGLISH), *[("es", SPANISH)] * 4)
    assert outcomes(desk) == ["new_version", *["outdated"] * 3, "new_version"]
    assert desk.column("select kind from news.versions order by number") == ["first", "rewritten"]
