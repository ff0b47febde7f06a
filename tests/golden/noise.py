"""What a page's server changes from one request to the next without a journalist's doing, on any golden page."""

import random
import re

_NUMBER_OF = re.compile(r"\b\d[\d,.]*(?= (?:comments|shares|views|people are reading|reads|likes))")
_SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL | re.IGNORECASE)
_SECONDS_MODIFIED = re.compile(r'("dateModified": ?"[^"]*:)\d\d(?=Z)')
_CROP = re.compile(r'(<img [^>]*?src="[^"?]+)(")')
_TWO_ATTRIBUTES = re.compile(r'<(\w+) ([\w-]+="[^"]*") ([\w-]+="[^"]*")>')
_AGO = re.compile(r"\b\d+(?= (?:minutes|hours|mins) ago)")


def noisy(page: str, seed: int) -> str:
    """Return a golden page as another request would get it: the same journalism in other bytes."""
    chance = random.Random(seed)
    token = f"{chance.getrandbits(64):016x}"
    page = _NUMBER_OF.sub(lambda _: f"{chance.randrange(2, 9000):,}", page)
    page = _AGO.sub(lambda _: str(chance.randrange(2, 59)), page)
    page = _SECONDS_MODIFIED.sub(lambda found: f"{found[1]}{chance.randrange(60):02}", page)
    teasers = "".join(
        f'<li class="teaser"><a href="/news/{chance.randrange(10**6)}">{_headline(chance)}</a></li>' for _ in range(4)
    )
    head = f'<meta name="request-id" content="{token}"><script nonce="{token}">var session="{token}";</script>'
    foot = (
        f'<aside class="related"><h3>Most read</h3><ul>{teasers}</ul></aside>'
        f'<div class="ad-slot" id="ad-{token}"><span>Advertisement</span></div>'
        f'<form action="/login" method="post"><input type="hidden" name="csrf_token" value="{token}"></form>'
        f"<footer><p>{chance.randrange(90, 9000)} people are reading this site right now.</p></footer>"
    )
    page = re.sub(r"(?i)</head>", lambda end: head + end[0], page, count=1)
    page = re.sub(r"(?i)</body>", lambda end: foot + end[0], page, count=1)
    page = _between_paragraphs(page, chance, token)
    parts = re.split(r"(<script.*?</script>)", page, flags=re.DOTALL | re.IGNORECASE)
    entities = chance.random() < 0.5
    return "".join(part if part.startswith("<script") else _retyped(part, chance, entities) for part in parts)


def _between_paragraphs(page: str, chance: random.Random, token: str) -> str:
    """Return the page with what sites slip into the running text, another each time, at another place or not at all."""
    boxes = [
        f'<div class="ad-slot" data-slot="{token[:6]}"><p>Advertisement</p></div>',
        f'<aside class="related-stories"><h4>Related</h4><a href="/news/{token[:5]}">{_headline(chance)}</a></aside>',
        '<div class="newsletter-signup"><p>Sign up for our morning newsletter.</p><input type="email"></div>',
        "",
    ]
    scripts = [match.span() for match in _SCRIPT.finditer(page)]
    ends = [match.end() for match in re.finditer(r"</p>(?=\s*<p[ >])", page)]
    ends = [end for end in ends if not any(first < end < last for first, last in scripts)]
    if not ends:
        return page
    at = chance.choice(ends)
    return page[:at] + chance.choice(boxes) + page[at:]


def _retyped(page: str, chance: random.Random, entities: bool) -> str:
    """Return markup as another release of the template writes it."""
    page = re.sub(r"<p>", lambda _: chance.choice(["<p>", "<p >", '<p data-track="body">', "<p>\n  "]), page)
    page = _CROP.sub(lambda image: f"{image[1]}?crop={chance.randrange(300, 1800)}{image[2]}", page)
    page = _TWO_ATTRIBUTES.sub(lambda tag: f"<{tag[1]} {tag[3]} {tag[2]}>" if chance.random() < 0.5 else tag[0], page)
    page = re.sub(r"<body(?=[ >])", lambda _: f'<body data-ab-test="{chance.choice("AB")}"', page)
    if entities:
        page = page.replace("’", "&rsquo;").replace("“", "&ldquo;").replace("”", "&rdquo;")
        page = re.sub(r"(?<=[a-z] )(?=[a-z]{5,}[^<>]*</p>)", "\u200b", page, count=3)
    return page


def _headline(chance: random.Random) -> str:
    who = chance.choice(["Council", "Mayor", "Union", "Court", "Harbour board", "Minister"])
    what = chance.choice(["rejects plan for", "opens inquiry into", "votes on", "delays decision about"])
    return f"{who} {what} {chance.choice(['the ring road', 'school fees', 'the old mill', 'ferry prices'])}"
