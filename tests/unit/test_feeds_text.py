"""Plain text out of titles and summaries."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.text import TextKind, clean, to_text


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("AT&amp;T", TextKind.PLAIN, "AT&T"),
        ("AT&amp;amp;T", TextKind.HTML, "AT&T"),
        ("Fire &amp;#8211; 40% contained", TextKind.GUESS, "Fire – 40% contained"),
        ("Using <b> in HTML", TextKind.PLAIN, "Using <b> in HTML"),
        ("<b>Live:</b> toll <redacted> rises", TextKind.GUESS, "Live: toll <redacted> rises"),
        ("a < b and c > d, I <3 it", TextKind.GUESS, "a < b and c > d, I <3 it"),
        ("<p>One</p><p>two<br/>three</p>", TextKind.HTML, "One two three"),
        ("un<b>believ</b>able", TextKind.HTML, "unbelievable"),
        ("&lt;p&gt;Escaped &lt;i&gt;twice&lt;/i&gt;&lt;/p&gt;", TextKind.HTML, "Escaped twice"),
        ("<p>The &lt;blink&gt; tag</p>", TextKind.HTML, "The <blink> tag"),
        ("<style>p{}</style>Text<script>x('</p>')</SCRIPT> here", TextKind.HTML, "Text here"),
        ('<img alt="a > b" src=x>Picture', TextKind.HTML, "Picture"),
        ("before <!-- a <b> comment --> after", TextKind.HTML, "before after"),
        ("<iframe src=x />kept", TextKind.HTML, "kept"),
        ("?a=1&copy=2", TextKind.HTML, "?a=1&copy=2"),
        ("e\u0301\u00a0 \x00x\u00ady\ufeff\ud800\n", TextKind.PLAIN, "é xy"),
        ("<script>never closed", TextKind.HTML, "never closed"),
    ],
)
def test_text_of_markup(value, kind, expected):
    assert to_text(value, kind) == expected


@given(st.text(), st.sampled_from(TextKind))
def test_text_is_clean_whatever_comes(value, kind):
    text = to_text(value, kind)
    assert text == clean(text)
    assert unicodedata.is_normalized("NFC", text)
    assert "\0" not in text
    text.encode("utf-8")


@pytest.mark.parametrize("unit", ["<!--", "<script>", "<a '", '<a "', "<", "&", "<![CDATA[", "</script", "<style><p>"])
def test_hostile_markup_takes_linear_time(unit):
    started = time.process_time()
    to_text(unit * 200_000, TextKind.HTML)
    assert time.process_time() - started < 5
