"""What a page's server changes from one request to the next without a journalist's doing, on any golden page."""

import random
import re

_NUMBER_OF = re.compile(r"\b\d[\d,.]*(?= (?:comments|shares|views|people are reading|reads|likes))")
_AGO = re.compile(r"\b\d+(?= (?:minutes|hours|mins) ago)")


def noisy(page: str, seed: int) -> str:
    """Return a golden page as another request would get it: the same journalism in other bytes."""
    chance = random.Random(seed)
    token = f"{chance.getrandbits(64):016x}"
    page = _NUMBER_OF.sub(lambda _: f"{chance.randrange(2, 9000):,}", page)
    page = _AGO.sub(lambda _: str(chance.randrange(2, 59)), page)
    teasers = "".join(
        f'<li class="teaser"><a href="/news/{chance.randrange(10**6)}">{_headline(chance)}</a></li>' for _ in range(4)
    )
    head = f'<meta name="request-id" content="{token}"><script nonce="{token}">var session="{token}";</script>'
    foot = (
        f'<aside class="related"><h3>Most read</h3><ul>{teasers}</ul></aside>'
        f'<div class="ad-slot" id="ad-{token}"><span>Advertisement</span></div>'
        f"<footer><p>{chance.randrange(90, 9000)} people are reading this site right now.</p></footer>"
    )
    page = re.sub(r"(?i)</head>", lambda end: head + end[0], page, count=1)
    page = re.sub(r"(?i)</body>", lambda end: foot + end[0], page, count=1)
    parts = re.split(r"(<script.*?</script>)", page, flags=re.DOTALL | re.IGNORECASE)
    entities = chance.random() < 0.5
    return "".join(part if part.startswith("<script") else _retyped(part, chance, entities) for part in parts)


def _retyped(page: str, chance: random.Random, entities: bool) -> str:
    """Return markup as another release of the template writes it."""
    page = re.sub(r"<p>", lambda _: chance.choice(["<p>", "<p >", '<p data-track="body">', "<p>\n  "]), page)
    if entities:
        page = page.replace("’", "&rsquo;").replace("“", "&ldquo;").replace("”", "&rdquo;")
        page = re.sub(r"(?<=[a-z] )(?=[a-z]{5,}[^<>]*</p>)", "\u200b", page, count=3)
    return page


def _headline(chance: random.Random) -> str:
    who = chance.choice(["Council", "Mayor", "Union", "Court", "Harbour board", "Minister"])
    what = chance.choice(["rejects plan for", "opens inquiry into", "votes on", "delays decision about"])
    return f"{who} {what} {chance.choice(['the ring road', 'school fees', 'the old mill', 'ferry prices'])}"
