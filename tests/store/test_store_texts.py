"""Text on its way into Postgres: any `str` can be stored, and any name can be indexed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from pipeline.store.connections import Connection
from pipeline.store.texts import INDEXED_MAX_BYTES, indexed, json_text, storable

ANY = st.text(alphabet=st.characters(codec=None, exclude_categories=()))
NASTY = [
    "",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff\ud800",
    "\\u0000",
    "\\\\u0000\0",
    '"\\\0"',
    "😀",
    "é\u0301",
    "\\",
    "\x01\x1f",
]


@given(text=ANY)
def test_storable_text_can_be_encoded_holds_no_nul_and_stays_as_it_is(text):
    stored = storable(text)
    assert "\0" not in stored.encode().decode()
    assert storable(stored) == stored
    if text.isprintable():
        assert stored == text


@given(value=st.recursive(ANY | st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(ANY, inner)))
def test_json_stays_json_whatever_the_text_in_it(value):
    found = json.loads(json_text(value))
    if isinstance(value, str):
        assert found == storable(value)


@given(name=ANY)
def test_short_names_are_themselves_and_long_ones_fit(name):
    assert indexed(name) == storable(name)
    assert len(indexed(name * 3000).encode()) <= INDEXED_MAX_BYTES


def test_long_names_that_differ_anywhere_stay_different():
    assert len({indexed("a" * 3000 + end) for end in ("", "b", "c")}) == 3
    assert indexed("ä" * 3000) == indexed("ä" * 3000)


@pytest.mark.parametrize("text", NASTY)
def test_any_text_can_be_a_value_an_element_or_a_part_of_json(connection: Connection, text: str):
    row = connection.execute(
        "select %(text)s as plain, %(text)s::text as typed, %(many)s::text[] as many, %(json)s as json",
        {"text": text, "many": [text, text], "json": Jsonb({text: [text]}, dumps=json_text)},
    ).fetchone()
    stored = storable(text)
    assert row == {"plain": stored, "typed": stored, "many": [stored, stored], "json": {stored: [stored]}}
