"""Which encoding a feed really has."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.charset import decode

TEXT = "Пожар: 3 раненых"


def xml(encoding: str | None, text: str = TEXT) -> str:
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>' if encoding else ""
    return f"{declaration}<rss><title>{text}</title></rss>"


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        (xml("utf-8").encode(), None, "utf-8"),
        (codecs.BOM_UTF8 + xml("koi8-r").encode(), "text/xml; charset=koi8-r", "utf-8"),
        (codecs.BOM_UTF16_BE + xml(None).encode("utf-16-be"), None, "utf-16-be"),
        (xml("utf-16").encode("utf-16-le"), None, "utf-16-le"),
        (codecs.BOM_UTF32_LE + xml(None).encode("utf-32-le"), None, "utf-32-le"),
        (xml("iso-8859-1").encode(), "text/xml; charset=iso-8859-1", "utf-8"),
        (xml("utf-8").encode("cp1251"), 'text/xml; charset="windows-1251"', "cp1251"),
        (xml("koi8-r").encode("koi8-r"), "text/xml", "koi8-r"),
        (xml("koi8-r").encode("koi8-r"), "text/xml; charset=no-such-thing", "koi8-r"),
    ],
)
def test_encoding_is_found(body, content_type, encoding):
    decoded = decode(body, content_type)
    assert decoded.encoding == encoding
    assert TEXT in decoded.text


def test_wrong_label_is_a_problem_and_a_right_one_is_none():
    assert "is UTF-8" in (decode(xml("iso-8859-1").encode(), None).problem or "")
    assert decode(xml("iso-8859-1", "plain").encode(), None).problem is None
    assert decode(xml("utf-8").encode(), None).problem is None


def test_latin_1_means_windows_1252_as_in_browsers():
    assert "“it’s”" in decode(xml("iso-8859-1", "“it’s” é").encode("cp1252"), None).text


def test_japanese_in_seven_bits_is_not_taken_for_utf_8():
    assert "地震" in decode(xml("iso-2022-jp", "地震").encode("iso2022_jp"), None).text


def test_gb2312_is_read_as_its_superset():
    assert "朱镕基" in decode(xml("gb2312", "朱镕基").encode("gb18030"), None).text


def test_single_foreign_bytes_do_not_spoil_utf_8():
    body = xml("utf-8", "Größe, Käse, é ß ü").encode().replace("ß ü".encode(), "it’s".encode("cp1252"))
    assert "Größe, Käse, é it’s" in decode(body, None).text


def test_character_cut_in_half_at_the_end_goes():
    decoded = decode(xml(None, "Größe – Käse –").encode().partition(b"</title>")[0][:-1], None)
    assert decoded.text.endswith("Käse ")


@given(
    st.binary(max_size=300), st.none() | st.sampled_from(["hex", "punycode", "utf-7", "unicode_escape", "big5", "hz"])
)
def test_any_bytes_decode_to_text_that_can_be_stored(body, charset):
    decoded = decode(body, f"text/xml; charset={charset}" if charset else None)
    decoded.text.encode("utf-8")
