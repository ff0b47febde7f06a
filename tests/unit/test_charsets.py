"""A label is read alike in a feed and in a page."""

import pytest

from pipeline.articles.decoding import in_utf8
from pipeline.charsets import WIDER
from pipeline.feeds.charset import decode

#: What the narrower charset of each label lacks.
ONLY_IN_THE_WIDER = {
    "cp1252": "“quoted” – €",
    "cp1254": "“quoted” ş €",
    "cp874": "ไทย “quoted” €",
    "gb18030": "镕 𠮷",
    "big5hkscs": "㗎 冇",
    "cp932": "① 髙",
    "cp949": "똠 펲",
}


@pytest.mark.parametrize(("label", "wider"), WIDER.items())
def test_a_feed_and_a_page_under_a_label_are_read_in_the_wider_charset_behind_it(label: str, wider: str) -> None:
    text = ONLY_IN_THE_WIDER[wider]
    body = f"<p>{text}</p>".encode(wider)
    content_type = f"text/html; charset={label}"
    assert decode(body, content_type).text == f"<p>{text}</p>"
    assert in_utf8(body, content_type).decode() == f"<p>{text}</p>"
