"""Pages of no particular make, and what is read from them, for tests that say only what matters to them."""

import html

from pipeline.articles import read_article
from pipeline.model import Content, NotAnArticle

URL = "https://www.harbour-times.example/2026/03/10/fire"
PROSE = [
    "Firefighters from six towns were called to the terminal on Tuesday after smoke was seen above the pier.",
    "The harbour master said 140 people had been led out within twenty minutes and that nobody was missing.",
    "Two ferries were sent to Marlow, from where buses brought some 300 passengers back along the coast road.",
]


def page(*paragraphs: str, head: str = "", headline: str = "Fire empties the ferry terminal") -> str:
    body = "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{headline}</title>{head}</head><body>'
        f'<nav><a href="/live">Live TV</a> <a href="/breaking">Developing story</a></nav>'
        f"<article><h1>{headline}</h1>{body}</article></body></html>"
    )


def read(text: str | bytes, content_type: str | None = "text/html", url: str = URL) -> Content | NotAnArticle:
    return read_article(text if isinstance(text, bytes) else text.encode(), url=url, content_type=content_type)


def text_of(body: str | bytes, content_type: str | None = "text/html") -> str:
    result = read(body, content_type)
    assert isinstance(result, Content), result
    return result.text
