from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from pipeline.fetching.caching import (
    FAR_FUTURE,
    conditional_headers,
    fresh_for_seconds,
    http_date,
    received_validators,
    refreshed_validators,
    retry_after,
    same_validators,
)
from pipeline.model import Validators

NOW = datetime(2026, 8, 20, 12, 0, 0, 250_000, tzinfo=UTC)
SOME_TIME = st.integers(1, 7000 * 365 * 86400).map(lambda seconds: datetime.fromtimestamp(seconds, tz=UTC))


def headers(**named: str) -> CIMultiDict[str]:
    return CIMultiDict({name.replace("_", "-"): text for name, text in named.items()})


def test_both_validators_are_sent_byte_for_byte():
    held = Validators(etag='W/"a b--gzip"', last_modified="Thu, 20 Aug 2026 11:00:00 +0000")
    assert conditional_headers(held) == {
        "If-None-Match": 'W/"a b--gzip"',
        "If-Modified-Since": "Thu, 20 Aug 2026 11:00:00 +0000",
    }


def test_no_validator_is_made_up():
    assert conditional_headers(Validators()) == {}


def test_a_validator_with_control_characters_is_not_sent():
    assert conditional_headers(Validators(etag='"x"\r\nCookie: a')) == {}


def test_a_validator_that_is_no_text_is_not_kept():
    assert received_validators(headers(ETag='"\udcff"', Last_Modified="yesterday")) == Validators(
        last_modified="yesterday"
    )


def test_a_304_without_validators_keeps_the_old_ones():
    held = Validators(etag='"1"', last_modified="Mon")
    assert refreshed_validators(held, headers()) == held


def test_a_304_with_a_new_validator_replaces_that_one_alone():
    held = Validators(etag='"1"', last_modified="Mon")
    assert refreshed_validators(held, headers(ETag='"2"')) == Validators(etag='"2"', last_modified="Mon")


def test_the_etag_decides_where_there_is_one():
    assert same_validators(Validators(etag='"1"', last_modified="a"), Validators(etag='"1"', last_modified="b"))
    assert not same_validators(Validators(etag='"1"', last_modified="a"), Validators(etag='"2"', last_modified="a"))
    assert not same_validators(Validators(last_modified="a"), Validators(etag='"2"', last_modified="a"))
    assert same_validators(Validators(last_modified="a"), Validators(last_modified="a"))
    assert not same_validators(Validators(), Validators())


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), (" 120 ", 120), ("0", 0), ("000120", 120), ("119.5", 120), ("120.", 120)],
)
def test_retry_after_in_seconds(value, seconds):
    assert retry_after(headers(Retry_After=value), NOW) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value",
    ["Thu, 20 Aug 2026 12:10:00 GMT", "Thursday, 20-Aug-26 12:10:00 GMT", "Thu Aug 20 12:10:00 2026"],
)
def test_retry_after_as_a_date_in_each_form_of_the_standard(value):
    assert retry_after(headers(Retry_After=value), NOW) == datetime(2026, 8, 20, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize("value", ["", "soon", "-5", "1e9", "120s", "5 minutes", "Thu, 99 Aug 2026 12:10:00 GMT"])
def test_retry_after_that_says_nothing_readable(value):
    assert retry_after(headers(Retry_After=value), NOW) is None


def test_retry_after_of_a_server_whose_clock_is_slow_means_the_pause_it_meant():
    told = headers(Retry_After="Thu, 20 Aug 2026 11:10:00 GMT", Date="Thu, 20 Aug 2026 11:00:00 GMT")
    assert retry_after(told, NOW) == NOW + timedelta(minutes=10)


@given(seconds=st.integers(0, 10**30), now=SOME_TIME)
def test_retry_after_in_seconds_is_never_cut_short(seconds, now):
    moment = retry_after(headers(Retry_After=str(seconds)), now)
    assert moment is not None
    if moment < FAR_FUTURE:
        assert moment - now == timedelta(seconds=seconds)
    else:
        assert seconds >= (FAR_FUTURE - now).total_seconds()


@given(until=SOME_TIME, server_now=st.none() | SOME_TIME, now=SOME_TIME)
def test_retry_after_as_a_date_is_never_earlier_than_the_header_says(until, server_now, now):
    told = headers(Retry_After=format_datetime(until, usegmt=True))
    if server_now is not None:
        told["Date"] = format_datetime(server_now, usegmt=True)
    moment = retry_after(told, now)
    assert moment is not None
    assert moment >= min(until.replace(microsecond=0), FAR_FUTURE)


@given(value=st.text(max_size=60), date=st.text(max_size=40), control=st.text(max_size=60))
def test_no_header_whatever_it_holds_raises(value, date, control):
    told = headers(Retry_After=value, Date=date, Expires=value, Cache_Control=control, Age=date, ETag=value)
    retry_after(told, NOW)
    fresh = fresh_for_seconds(told, NOW)
    assert fresh is None or fresh >= 0
    conditional_headers(received_validators(told))


@pytest.mark.parametrize(
    ("control", "seconds"),
    [
        ("max-age=300", 300),
        ("public, MAX-AGE = 300, s-maxage=5", 300),
        ('max-age="300"', 300),
        ("private, max-age=0", 0),
        ("max-age=99999999999999999999", 2**31),
        ("no-cache, max-age=300", None),
        ("max-age=300, no-store", None),
        ("public", None),
        ("max-age=soon", None),
    ],
)
def test_freshness_from_cache_control(control, seconds):
    assert fresh_for_seconds(headers(Cache_Control=control), NOW) == seconds


def test_freshness_joins_repeated_headers():
    told = headers(Cache_Control="max-age=300")
    told.add("Cache-Control", "no-cache")
    assert fresh_for_seconds(told, NOW) is None


def test_freshness_takes_off_the_age():
    assert fresh_for_seconds(headers(Cache_Control="max-age=300", Age="100"), NOW) == 200
    assert fresh_for_seconds(headers(Cache_Control="max-age=300", Age="400"), NOW) == 0


def test_expires_counts_from_the_servers_own_date():
    told = headers(Expires="Thu, 20 Aug 2026 09:05:00 GMT", Date="Thu, 20 Aug 2026 09:00:00 GMT")
    assert fresh_for_seconds(told, NOW) == 300


def test_expires_yields_to_max_age():
    told = headers(Expires="Thu, 20 Aug 2026 19:05:00 GMT", Cache_Control="max-age=60")
    assert fresh_for_seconds(told, NOW) == 60


def test_expires_that_is_no_date_means_stale_already():
    assert fresh_for_seconds(headers(Expires="0"), NOW) == 0


def test_no_hint_of_freshness_is_none():
    assert fresh_for_seconds(headers(), NOW) is None


def test_an_http_date_without_a_zone_is_utc():
    assert http_date("Thu, 20 Aug 2026 12:00:00 -0000") == datetime(2026, 8, 20, 12, tzinfo=UTC)
