"""The body of pages that carry it only in the state of their script: Next.js, Nuxt and others of that kind.

A page that is drawn in the browser holds its article as one string of HTML inside a script. Looked for only where the
page itself shows hardly any text; what is taken is the string with the most text in paragraphs.
"""

import json
import re
from collections.abc import Iterable
from itertools import islice

from lxml import etree
from lxml import html as lxml_html

from pipeline.articles import plain

MAX_SCRIPT = 3_000_000  #: characters
_MIN_PARAGRAPHS = 2
_MIN_CHARACTERS = 400
_MAX_STRINGS = 400
# A string literal, also one that never ends: each character is looked at once, however a script is made.
_LITERAL = re.compile(r'"((?>[^"\\]+|\\.)*+)"?', re.DOTALL)
_PARAGRAPH = re.compile(r"<p[\s>]|<br\s*/?>", re.IGNORECASE)
_MARKED = re.compile(r"<p[\s>]|\\u003cp|&lt;p", re.IGNORECASE)
_MOST_LAYERS = 3
_MARGINS = ("script", "style", "figure", "figcaption", "table", "iframe", "blockquote", "aside")


def body_in_scripts(scripts: Iterable[str]) -> list[str]:
    """Return the paragraphs of the longest piece of HTML that the scripts hold as a string; empty where none does."""
    best: list[str] = []
    for script in scripts:
        if len(script) > MAX_SCRIPT or not _MARKED.search(script):
            continue
        for markup in _strings(script, 0):
            paragraphs = _paragraphs(markup)
            if sum(map(len, paragraphs)) > sum(map(len, best)):
                best = paragraphs
    return best if len(best) >= _MIN_PARAGRAPHS else []


def _strings(text: str, layer: int) -> Iterable[str]:
    """Yield the long strings in a script that hold paragraphs, unpacking strings that hold JSON themselves."""
    long = (match[1] for match in _LITERAL.finditer(text) if match.end() - match.start() > _MIN_CHARACTERS)
    for literal in islice(long, _MAX_STRINGS):
        if not _MARKED.search(literal):
            continue
        try:
            value = json.loads(f'"{literal}"', strict=False)
        except ValueError:
            continue
        if layer < _MOST_LAYERS and '"' in value and _holds_json(value):
            yield from _strings(value, layer + 1)
        elif _PARAGRAPH.search(value):
            yield value


def _holds_json(value: str) -> bool:
    return bool(re.search(r'[{\[,:]\s*"', value[:_MIN_CHARACTERS])) or "\\u003c" in value


def _paragraphs(markup: str) -> list[str]:
    try:
        tree = lxml_html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    etree.strip_elements(tree, *_MARGINS, with_tail=False)
    for element in list(tree.iter()):
        if (
            isinstance(element.tag, str)
            and "caption" in (element.get("class") or "")
            and element.getparent() is not None
        ):
            element.drop_tree()
    blocks = [plain.clean(element.text_content()) for element in tree.iter("p", "h2", "h3", "h4", "li")]
    return [text for text in blocks if text]
