"""When a publisher is left in peace: because it says so, because its feed is gone, or because our network is down."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.fetching import host_of
from pipeline.model import Outcome
from pipeline.steps.batches import LOST_HOSTS, OwnNetwork

NOW = datetime.now(UTC)


def hold_of(desk, site):
    return desk.column("select not_before from news.hosts where host = %s", host_of(site.base))


# ── the publisher asks for it ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_of_one_feed_pauses_all_feeds_and_pages_of_its_host(desk, site, status):
    first = desk.add_feed(site.put("/one", b"", status=status, Retry_After="7200"))
    desk.round()
    second = desk.add_feed(site.feed("/two", ("/a", "Dam holds")))
    desk.round()
    assert site.asked == ["/one"]
    assert desk.feed(first)["last_outcome"] == "rate_limited"
    assert desk.feed(second)["last_polled_at"] is None
    assert hold_of(desk, site)[0] > NOW + timedelta(seconds=7000)


def test_a_429_that_names_no_time_pauses_the_host_too(desk, site):
    desk.add_feed(site.put("/one", b"", status=429))
    desk.round()
    desk.round()
    assert site.asked == ["/one"]
    assert timedelta(minutes=4) < hold_of(desk, site)[0] - datetime.now(UTC) < timedelta(minutes=11)


def test_a_rate_limited_feed_is_not_disabled_and_comes_back(desk, site):
    feed_id = desk.add_feed(site.put("/one", b"", status=429, Retry_After="60"))
    desk.round()
    desk.connection.execute("update news.hosts set not_before = now()")
    site.feed("/one", ("/a", "Dam holds"))
    desk.round()
    row = desk.feed(feed_id)
    assert (row["last_outcome"], row["failures"], row["disabled_reason"]) == ("new_entries", 0, None)


def test_410_once_is_an_error_and_twice_disables(desk, site):
    feed_id = desk.add_feed(site.put("/one", b"", status=410))
    desk.round()
    assert desk.feed(feed_id)["disabled_reason"] is None
    desk.round()
    assert "410" in desk.feed(feed_id)["disabled_reason"]
    assert desk.feed(feed_id)["disabled_at"] is not None
    desk.round()
    assert site.asked == ["/one", "/one"]
    desk.add_feed(site.url("/one"))
    assert desk.feed(feed_id)["disabled_reason"] is None


def test_404_a_hundred_times_disables_nothing(desk, site):
    feed_id = desk.add_feed(site.url("/missing"))
    desk.connection.execute("update news.feeds set failures = 100")
    desk.round()
    row = desk.feed(feed_id)
    assert (row["failures"], row["disabled_reason"]) == (101, None)
    assert row["next_poll_at"] <= datetime.now(UTC) + timedelta(days=1)


# ── our own network ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_when_no_name_can_be_looked_up_the_network_here_is_down():
    network = OwnNetwork()
    for n in range(LOST_HOSTS):
        assert not network.is_down
        network.heard(f"host{n}:443", Outcome.DNS_ERROR)
    assert network.is_down


def test_one_answer_is_enough_to_know_that_the_network_is_up():
    network = OwnNetwork()
    network.heard("alive:443", Outcome.SERVER_ERROR)
    for n in range(20):
        network.heard(f"host{n}:443", Outcome.DNS_ERROR)
    assert not network.is_down


def test_a_run_whose_own_network_is_down_stops_and_leaves_the_other_feeds_as_they_were(desk):
    for n in range(LOST_HOSTS + 7):
        desk.add_feed(f"http://host{n}.invalid/feed")
    assert desk.round().poll.polled == 0
    rows = desk.table("feeds")
    assert len(rows) == LOST_HOSTS + 7
    assert all(row["failures"] == 0 and row["next_poll_at"] <= datetime.now(UTC) for row in rows)


def test_many_names_that_do_not_resolve_are_their_feeds_outcome_where_another_feed_answers(desk, site):
    for n in range(3):
        desk.add_feed(site.feed(f"/{n}", (f"/a{n}", "Dam holds")))
    for n in range(LOST_HOSTS + 7):
        desk.add_feed(f"http://host{n}.invalid/feed")
    assert desk.round().poll.outcomes == {Outcome.NEW_ENTRIES: 3, Outcome.DNS_ERROR: LOST_HOSTS + 7}
