"""Dates as feeds and pages write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import date_words, parse_date, zone_named, zone_of_country

JULY_28 = datetime(2022, 7, 28, 4, 35, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hours_behind_utc"),
    [
        ("Thu, 28 Jul 2022 04:35:05 GMT", 0),
        ("Thu,28 Jul 2022 4:35:5 GMT+9", -9),
        ("Thu, 28 Jul 2022 04:35:05 GMT+09:00", -9),
        ("Thu, 28 Jul 2022 04:35:05 UTC-3", 3),
        ("Thu, 28 Jul 2022 04:35:05 BST", -1),
        ("Thu, 28 Jul 2022 04:35:05 CEST", -2),
        ("Thu, 28 Jul 2022 04:35:05 IST", -5.5),
        ("Thu, 28 Jul 2022 04:35:05 est", 5),
        ("28 Jul 22 04:35:05 ET", 4),
        ("Thursday, 28-Jul-22 04:35:05 GMT", 0),
        ("28 July 2022 04:35:05 -0800 (PST)", 8),
        ("Thu Jul 28 04:35:05 PDT 2022", 7),
        ("Thu Jul 28 2022 04:35:05 GMT+0900 (Korea Standard Time)", -9),
        ("Jul 28, 2022 4:35:05 a.m. EDT", 4),
        ("04:35:05 EDT, 28 July 2022", 4),
        ("2022-07-28T04:35:05Z", 0),
        ("2022-07-28t04:35:05.999+05:30", -5.5),
        ("2022-07-28 04:35:05 +0200", -2),
        ("28 July 2022 04:35:05 (GMT+7)", -7),
        ("28 July 2022 04:35:05 (CEST)", -2),
        ("28 July 2022 04:35:05 EDT (09:35 BST)", 4),
        ("20220728T043505Z", 0),
        ("20220728043505", 0),
        ("2022-209T04:35:05Z", 0),
        ("2022-W30-4T04:35:05Z", 0),
        ("1658982905", 0),
        ("1658982905000", 0),
        ("1658982905.25", 0),
        ("mar. 28 juil. 2022 04:35:05 CEST", -2),
        ("28 de julio de 2022 04:35:05 -0300", 3),
        ("Do, 28. Juli 2022 04:35:05 MESZ", -2),
        ("28 июля 2022 г. 04:35:05 MSK", -3),
        ("Πέμ, 28 Ιούλ 2022 04:35:05 EEST", -3),
        ("2022-július-28T4:35:05-05:00", 5),
        ("2022年7月28日 04時35分05秒 JST", -9),
        ("2022년 07월 28일 오전 4:35:05 KST", -9),
        ("２０２２-０７-２８ 04:35:05", 0),
        ("٢٠٢٢-٠٧-٢٨ ٠٤:٣٥:٠٥", 0),
    ],
)
def test_every_spelling_of_one_local_time(text, hours_behind_utc):
    assert parse_date(text) == JULY_28 + timedelta(hours=hours_behind_utc)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Monday, November 23, 2026", (2026, 11, 23)),
        ("Thứ Hai, 23/11/2026", (2026, 11, 23)),
        ("11/23/2026", (2026, 11, 23)),
        ("23.11.2026", (2026, 11, 23)),
        ("3.4.2026", (2026, 4, 3)),
        ("2026/11/23", (2026, 11, 23)),
        ("2026-11", (2026, 11, 1)),
        ("2026", (2026, 1, 1)),
        ("20261123", (2026, 11, 23)),
        ("1er décembre 2026", (2026, 12, 1)),
        ("Thu, 28 Jul 2022 24:00:00 +0000", (2022, 7, 29)),
        ("2022-12-31T24:00:00Z", (2023, 1, 1)),
        ("Sat, 31 Dec 2016 23:59:60 GMT", (2017, 1, 1)),
        ("28 Jul 2022 GMT", (2022, 7, 28)),
    ],
)
def test_dates_alone_and_ends_of_days_are_midnights(text, expected):
    assert parse_date(text) == datetime(*expected, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "03/04/2022",  # April or March
        "Thu, 31 Jun 2022 00:00:00 GMT",
        "Thu, 28 Jul 2022 25:00:00 GMT",
        "Thu, 28 Jul 2022 04:61:00 GMT",
        "Thu, 28 Jul 2022 04:35:05 XYZ",  # a zone nobody knows: hours wrong would be worse than none
        "Thu, 28 Jul 2022 04:35:05 +2500",
        "28 Foo 2022",
        "July 2022",
        "12345678901",
        "999999999999999999999999",
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59-05:00",
        "2022-07-28T04:35:05Z 2022-07-29T04:35:05Z",
        "Thu, 28 Jul 2022 04:35:05 GMT" + " " * 200,
    ],
)
def test_what_is_not_understood_whole_is_none(text):
    assert parse_date(text) is None


def test_default_zone_holds_only_where_none_is_named():
    seoul = timezone(timedelta(hours=9))
    assert parse_date("2022-07-28 04:35:05", default_zone=seoul) == JULY_28 - timedelta(hours=9)
    assert parse_date("2022-07-28 04:35:05 GMT", default_zone=seoul) == JULY_28
    assert parse_date("1658982905", default_zone=seoul) == JULY_28


def test_eastern_time_knows_summer_and_winter():
    assert parse_date("Nov 23, 2026 4:05 PM ET") == datetime(2026, 11, 23, 21, 5, tzinfo=UTC)
    assert parse_date("Jul 23, 2026 4:05 PM ET") == datetime(2026, 7, 23, 20, 5, tzinfo=UTC)


def test_a_dotted_time_of_day_is_one_where_its_zone_says_so():
    assert parse_date("28 Jul 2022 04.35 GMT") == JULY_28.replace(second=0)
    assert parse_date("28 Jul 2022 04.35") is None


def test_a_country_with_several_zones_has_none():
    assert parse_date("2022-07-28 13:35:05", default_zone=zone_of_country("JP")) == JULY_28
    assert zone_of_country("us") is None
    assert zone_of_country("com") is None


def test_noon_and_midnight_of_twelve_hours():
    assert parse_date("Nov 23, 2026 12:05 AM") == datetime(2026, 11, 23, 0, 5, tzinfo=UTC)
    assert parse_date("Nov 23, 2026 12:05 PM") == datetime(2026, 11, 23, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "word", ["august", "agosto", "aout", "sierpnia", "августа", "أغسطس", "elokuuta", "ağustos", "ağu"]
)
def test_august_in_many_languages(word):
    assert parse_date(f"23 {word.upper()} 2026") == datetime(2026, 8, 23, tzinfo=UTC)


def test_no_word_is_a_month_and_something_else():
    words = date_words()
    assert set(words.months.values()) == set(range(1, 13))
    assert not words.months.keys() & words.ignored
    assert not words.months.keys() & words.halves.keys()
    assert not [word for word in (*words.months, *words.halves) if zone_named(word)]


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2049, 12, 30)), st.integers(-12 * 4, 14 * 4))  # noqa: DTZ001
def test_rfc_5322_and_iso_8601_read_back(moment, quarters):
    local = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=15 * quarters)))
    assert parse_date(local.strftime("%a, %d %b %Y %H:%M:%S %z")) == local
    assert parse_date(local.isoformat()) == local
    assert parse_date(local.strftime("%d %B %y %I:%M:%S %p %z")) == local


@given(st.text(max_size=140) | st.text(alphabet="0123456789:-/+., TZJulyApmGMT年", max_size=40))
def test_any_text_gives_utc_or_none(text):
    found = parse_date(text)
    assert found is None or found.tzinfo is UTC
