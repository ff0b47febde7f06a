"""Sending alerts: after the record, and never in its way.

A rule raises its alert in the transaction that records the fact (a trigger of `news.facts`). This step sends what waits
through apprise, whose addresses reach webhooks, mail and chats. What cannot be sent is tried again later, ever more
rarely, and shown by `writethru alerts list` until then.
"""

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from pipeline.errors import ConfigurationError
from pipeline.store import alerts
from pipeline.store.connections import Connection, connection_to

if TYPE_CHECKING:
    from apprise import Apprise

log = structlog.get_logger(__name__)
#: So long a run sends; the rest waits for the next. A service that does not answer costs seconds for each alert.
BUDGET_SECONDS = 30.0
_PROBLEM_CHARACTERS = 300

#: Sends a text to addresses; returns what went wrong, or none.
Send = Callable[[Sequence[str], str, str], str | None]


@dataclass(slots=True, kw_only=True)
class AlertSummary:
    """What a run of sending came to."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0

    def line(self) -> str:
        """Return the summary as one line for a log."""
        return f"sent {self.sent} alerts, {self.failed} to be tried again, {self.given_up} given up"


def check_addresses(addresses: Sequence[str]) -> None:
    """Raise `ConfigurationError` where apprise cannot make sense of an address. The message names no password."""
    for number, address in enumerate(addresses, start=1):
        if _service(address) is None:
            kind = address.partition("://")[0][:20]
            raise ConfigurationError(
                f"address {number} ({kind}://…) is none that apprise knows: see https://github.com/caronc/apprise/wiki"
            )


def send_through_apprise(addresses: Sequence[str], title: str, body: str) -> str | None:
    """Send a text to all addresses; return which kinds of address failed, or none."""
    failed: list[str] = []
    for address in addresses:
        service = _service(address)
        if service is None or not service.notify(title=title, body=body):
            failed.append(address.partition("://")[0][:20])
    return f"not delivered to {', '.join(failed)}"[:_PROBLEM_CHARACTERS] if failed else None


def deliver_alerts(database_url: str, *, send: Send = send_through_apprise) -> AlertSummary:
    """Send the alerts that wait, for `BUDGET_SECONDS` at the most. Raises `StoreError` if Postgres fails.

    Of a rule whose alert could not be sent no other is tried in this run. An alert whose rule has no address counts as
    sent: its event and NOTIFY have told it. One that reached some of its addresses goes to the others again.
    """
    summary = AlertSummary()
    deadline = time.monotonic() + BUDGET_SECONDS
    troubled: set[int] = set()
    with connection_to(database_url, application="writethru alerts") as connection:
        while time.monotonic() < deadline:
            alert = alerts.claim(connection, now=datetime.now(UTC), other_than=troubled)
            if alert is None:
                break
            problem = _delivered(connection, alert, send)
            if problem is None:
                alerts.mark_sent(connection, alert.alert_id, now=datetime.now(UTC))
                summary.sent += 1
                continue
            troubled.add(alert.rule_id)
            if alerts.mark_not_sent(connection, alert.alert_id, problem=problem):
                log.error("an alert was given up", alert_id=alert.alert_id, problem=problem)
                summary.given_up += 1
            else:
                log.warning("an alert could not be sent", alert_id=alert.alert_id, problem=problem)
                summary.failed += 1
    return summary


def _service(address: str) -> "Apprise | None":
    """Return what sends to an address, or none where apprise does not know it."""
    # Loaded at need: it brings a hundred services, and most runs have nothing to send.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # apprise 2.2 looks for imghdr, gone in Python 3.13
        from apprise import Apprise  # noqa: PLC0415

        service = Apprise()
        return service if service.add(address) else None


def _delivered(connection: Connection, alert: alerts.WaitingAlert, send: Send) -> str | None:
    """Send an alert to the addresses that it has not reached yet; return what went wrong, or none."""
    reached: list[str] = []
    problems: list[str] = []
    for address in alerts.addresses_left(connection, alert):
        problem = _sent(address, alert, send)
        if problem is None:
            reached.append(address)
        else:
            problems.append(problem)
    if problems and reached:
        alerts.mark_reached(connection, alert.alert_id, reached)
    return "; ".join(problems)[:_PROBLEM_CHARACTERS] or None


def _sent(address: str, alert: alerts.WaitingAlert, send: Send) -> str | None:
    body = f"{alert.summary}\n{alert.url}" if alert.url else alert.summary
    try:
        return send([address], "Writethru", body)
    except Exception as error:  # noqa: BLE001 - whatever a service's plugin does, the next alert is sent
        return type(error).__name__
