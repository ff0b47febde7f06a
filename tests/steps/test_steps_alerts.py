"""Alerts: raised with the fact, sent afterwards, tried again, given up at last, and never in the record's way."""

import itertools
import json
import socket
from collections.abc import Iterator, Sequence
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg
import pytest

from pipeline.errors import ConfigurationError, UnknownStoryError
from pipeline.model import AlertChange, FactKind
from pipeline.steps.alerts import check_addresses, deliver_alerts, send_through_apprise
from pipeline.store import alerts
from pipeline.store.alerts import MOST_ATTEMPTS, AlertRule
from pipeline.store.connections import Connection
from tests.serving import serving
from tests.steps.conftest import HandClock

_minutes = itertools.count(1)


@pytest.fixture
def story(connection: Connection) -> int:
    """A story that two articles of two publishers tell."""
    row = connection.execute(
        "insert into news.stories (headline, status, started_at, last_changed_at, url)"
        " values ('Flood in Tollen', 'developing', now(), now(), 'https://one.invalid/') returning story_id"
    ).fetchone()
    assert row is not None
    for number, publisher in enumerate(("The Courier", "The Record"), start=1):
        connection.execute(
            "insert into news.articles (story_id, publisher, url, fetch_url, host, first_seen_at)"
            " values (%s, %s, %s, %s, 'one.invalid', now())",
            (row["story_id"], publisher, f"https://one.invalid/{number}", f"https://one.invalid/{number}"),
        )
        connection.execute(
            "insert into news.versions (article_id, story_id, number, kind, observed_at, headline, text, language,"
            " words, is_developing, extractor, content_sha256, capture_id, captured_at)"
            " select article_id, story_id, 1, 'first', now(), 'Flood', 'Flood.', 'en', 1, true, 'x', 'x', 1, now()"
            " from news.articles where publisher = %s",
            (publisher,),
        )
    return int(row["story_id"])


def tell(connection: Connection, toll: int, *, publisher: str = "The Courier", kind: str = "killed") -> None:
    """Store a new value of the toll as the record step does: the old row closed, the new one added."""
    values = {"toll": toll, "publisher": publisher, "kind": kind, "minute": next(_minutes)}
    at = "timestamptz '2030-01-01 00:00Z' + %(minute)s * interval '1 minute'"
    with connection.transaction():
        connection.execute(
            f"update news.facts set valid = tstzrange(lower(valid), {at}), status = 'dropped'"
            " where upper_inf(valid) and kind = %(kind)s"
            " and article_id = (select article_id from news.articles where publisher = %(publisher)s)",
            values,
        )
        connection.execute(
            "insert into news.facts (story_id, article_id, version_id, key, kind, subject, low, high, sentence,"
            " position, span, valid) select a.story_id, a.article_id, v.version_id, %(kind)s || '|people|', %(kind)s,"
            f" 'people', %(toll)s, %(toll)s, 'The flood killed people.', 0, int4range(0, 1), tstzrange({at}, null)"
            " from news.articles a join news.versions v using (article_id) where a.publisher = %(publisher)s",
            values,
        )


def raised(connection: Connection) -> list[int]:
    return [int(row["value"]) for row in connection.execute("select value from news.alerts order by alert_id")]


def test_a_rule_without_conditions_tells_every_value_once(connection: Connection, story: int) -> None:
    alerts.add_rule(connection, AlertRule(name="all"), [])
    tell(connection, 12)
    tell(connection, 14)
    tell(connection, 14, publisher="The Record")
    tell(connection, 9)
    assert raised(connection) == [12, 14, 9]
    (event,) = connection.execute("select summary from news.events where kind = 'alerted' order by event_id limit 1")
    assert event["summary"] == "all: killed, people 12. Flood"


def test_both_values_are_told_as_written_under_the_headline_that_brought_the_new_one(
    connection: Connection, story: int
) -> None:
    alerts.add_rule(connection, AlertRule(name="all", kind=FactKind.KILLED), [])
    tell(connection, 1200)
    connection.execute("update news.facts set qualifier = 'more than', high = null")
    connection.execute("update news.versions set headline = 'Toll of the flood is corrected'")
    tell(connection, 900)
    told = [row["summary"] for row in connection.execute("select summary from news.alerts order by alert_id")]
    assert told[1] == "all: killed, people more than 1,200 → 900. Toll of the flood is corrected"


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ({"low": 27, "high": 27, "sentence": "27"}, "27"),
        ({"low": 6, "high": 6, "qualifier": "about", "unit": "USD", "sentence": "6"}, "about 6 USD"),
        ({"low": 27, "qualifier": "more than", "sentence": "27"}, "more than 27"),
        ({"low": 27, "sentence": "27"}, "at least 27"),
        ({"high": 3000, "qualifier": "fewer than", "sentence": "3,000"}, "fewer than 3,000"),
        ({"high": 3000, "sentence": "3,000"}, "up to 3,000"),
        ({"low": 2.5, "high": 5, "unit": "km", "sentence": "2.5 to 5"}, "2.5 to 5 km"),
        ({"low": 200, "qualifier": "hundreds", "sentence": "Hundreds"}, "hundreds"),
        ({"low": 10**12, "high": 10**12, "unit": "EUR", "sentence": "a trillion"}, "1,000,000,000,000 EUR"),
        ({"low": 40, "qualifier": "or more", "sentence": "40 or more", "span": "[0,2)"}, "40 or more"),
        ({"low": 40, "high": 40, "qualifier": "or so", "sentence": "Forty  or so", "span": "[0,5)"}, "40 or so"),
        ({"sentence": "some"}, ""),
    ],
)
def test_a_value_is_written_as_its_sentence_gives_it(
    connection: Connection, fact: dict[str, object], text: str
) -> None:
    values = json.dumps({"span": f"[0,{len(str(fact['sentence']))})", **fact})
    row = connection.execute(
        "select news.value_text(jsonb_populate_record(null::news.facts, %s::jsonb)) as text", [values]
    ).fetchone()
    assert row
    assert row["text"] == text


def test_a_threshold_is_told_when_it_is_crossed(connection: Connection, story: int) -> None:
    alerts.add_rule(connection, AlertRule(name="ten", kind=FactKind.KILLED, threshold=Decimal(10)), [])
    for toll in (4, 12, 15):
        tell(connection, toll)
    tell(connection, 30, kind="injured")
    assert raised(connection) == [12]


@pytest.mark.parametrize(("change", "told"), [(AlertChange.RISES, [12]), (AlertChange.FALLS, [7])])
def test_only_rises_or_only_falls(connection: Connection, story: int, change: AlertChange, told: list[int]) -> None:
    alerts.add_rule(connection, AlertRule(name="moves", change=change), [])
    for toll in (9, 12, 7):
        tell(connection, toll)
    assert raised(connection) == told


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (AlertRule(name="r", words="flood Tollen"), True),
        (AlertRule(name="r", words="earthquake"), False),
        (AlertRule(name="r", publisher="the courier"), True),
        (AlertRule(name="r", publisher="The Record"), False),
        (AlertRule(name="r", kind=FactKind.INJURED), False),
    ],
)
def test_conditions(connection: Connection, story: int, rule: AlertRule, fits: bool) -> None:
    alerts.add_rule(connection, rule, [])
    tell(connection, 12)
    assert bool(raised(connection)) is fits


def test_what_waits_is_sent_once(connection: Connection, database_url: str, story: int) -> None:
    alerts.add_rule(connection, AlertRule(name="all"), ["json://localhost/hook"])
    tell(connection, 12)
    sent: list[tuple[Sequence[str], str]] = []

    def send(addresses: Sequence[str], title: str, body: str) -> str | None:
        sent.append((addresses, body))
        return None

    assert deliver_alerts(database_url, send=send).sent == 1
    assert deliver_alerts(database_url, send=send).sent == 0
    assert sent == [(["json://localhost/hook"], "all: killed, people 12. Flood\nhttps://one.invalid/1")]


def test_what_fails_is_tried_again_shown_and_given_up_at_last(
    connection: Connection, database_url: str, story: int
) -> None:
    alerts.add_rule(connection, AlertRule(name="all"), ["json://localhost/hook"])
    tell(connection, 12)

    def broken(addresses: Sequence[str], title: str, body: str) -> str | None:
        raise TimeoutError

    for _ in range(MOST_ATTEMPTS):
        deliver_alerts(database_url, send=broken)
        assert deliver_alerts(database_url, send=broken).failed == 0, "not at once again"
        connection.execute("update news.alerts set next_attempt_at = now() - interval '1 second'")
    (rule,) = alerts.list_rules(connection)
    assert (rule.sent, rule.waiting, rule.failed, rule.problem) == (0, 0, 1, "TimeoutError")


def test_an_address_that_is_dead_brings_the_others_no_alert_twice(
    connection: Connection, database_url: str, story: int
) -> None:
    alerts.add_rule(connection, AlertRule(name="all"), ["json://dead/hook", "json://one/hook", "json://two/hook"])
    tell(connection, 12)
    asked: list[str] = []

    def half_dead(addresses: Sequence[str], title: str, body: str) -> str | None:
        asked.extend(addresses)
        return "not delivered to json" if "json://dead/hook" in addresses else None

    for _ in range(2):
        assert deliver_alerts(database_url, send=half_dead).failed == 1
        connection.execute("update news.alerts set next_attempt_at = now() - interval '1 second'")
    assert asked.count("json://dead/hook") == 2
    assert (asked.count("json://one/hook"), asked.count("json://two/hook")) == (1, 1)
    assert deliver_alerts(database_url, send=lambda *_: None).sent == 1
    assert connection.execute("select * from writethru.alert_reached").fetchall() == []


@pytest.fixture
def black_hole() -> Iterator[str]:
    """The address of a service that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        # For so many seconds apprise waits for this one's answer.
        yield f"json://127.0.0.1:{server.getsockname()[1]}/hook?rto=0.5"


def test_a_service_that_does_not_answer_holds_up_neither_the_run_nor_another_rule(
    connection: Connection, database_url: str, story: int, black_hole: str
) -> None:
    alerts.add_rule(connection, AlertRule(name="unheard"), [black_hole])
    for toll in range(1, 6):
        tell(connection, toll)
    alerts.add_rule(connection, AlertRule(name="told"), [])
    tell(connection, 6)
    summary = deliver_alerts(database_url)
    assert (summary.sent, summary.failed) == (1, 1)
    rows = connection.execute("select attempts from news.alerts where status = 'waiting' order by alert_id").fetchall()
    assert [row["attempts"] for row in rows] == [1, 0, 0, 0, 0, 0]


def test_a_run_of_sending_ends_when_its_time_is_over(
    connection: Connection, database_url: str, story: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = HandClock()
    monkeypatch.setattr("pipeline.steps.alerts.time", clock)
    monkeypatch.setattr("pipeline.steps.alerts.BUDGET_SECONDS", 0.5)
    alerts.add_rule(connection, AlertRule(name="all"), ["json://localhost/hook"])
    for toll in range(1, 6):
        tell(connection, toll)

    def slow(addresses: Sequence[str], title: str, body: str) -> str | None:
        clock.seconds += 0.3
        return None

    assert deliver_alerts(database_url, send=slow).sent == 2
    assert deliver_alerts(database_url, send=slow).sent == 2
    assert deliver_alerts(database_url, send=slow).sent == 1


def test_a_rule_that_breaks_never_holds_up_the_record(connection: Connection, story: int) -> None:
    alerts.add_rule(connection, AlertRule(name="all"), [])
    connection.execute("alter table news.alerts add constraint broken check (summary is null)")
    tell(connection, 12)
    row = connection.execute("select count(*) as facts from news.facts").fetchone()
    assert row == {"facts": 1}


def test_a_removed_rule_tells_nothing(connection: Connection, story: int) -> None:
    rule_id = alerts.add_rule(connection, AlertRule(name="all"), ["json://localhost/hook"])
    alerts.remove_rule(connection, rule_id)
    tell(connection, 12)
    assert raised(connection) == []
    with pytest.raises(UnknownStoryError):
        alerts.remove_rule(connection, rule_id)


def test_a_reader_sees_alerts_and_no_address(connection: Connection) -> None:
    connection.execute("set role news_reader")
    connection.execute("select * from news.alert_rules, news.alerts")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select * from writethru.alert_targets")


def test_an_address_that_no_service_knows_is_refused_without_its_password() -> None:
    check_addresses(["json://localhost/hook"])
    with pytest.raises(ConfigurationError) as refused:
        check_addresses(["nosuch://user:secret@somewhere"])
    assert "secret" not in str(refused.value)


def test_a_webhook_gets_the_text() -> None:
    bodies: list[bytes] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(500 if self.path == "/broken" else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Hook)) as address:
        hook = address.replace("http", "json")
        assert send_through_apprise([f"{hook}/hook"], "Writethru", "12 → 14") is None
        assert "→" in bodies[0].decode() or b"\\u2192" in bodies[0]
        assert send_through_apprise([f"{hook}/broken"], "Writethru", "x") == "not delivered to json"
