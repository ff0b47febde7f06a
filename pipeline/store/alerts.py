"""Alert rules, and the alerts they raised: kept in Postgres, claimed one at a time for sending."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pipeline.errors import UnknownStoryError
from pipeline.model import AlertChange, FactKind
from pipeline.store.connections import Connection
from pipeline.store.rows import columns_of, rows_as, the_row
from pipeline.store.statements import statement

MOST_ATTEMPTS = 10  # over some seventeen hours


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """What somebody wants to be told of; every condition left out fits all."""

    name: str
    story_id: int | None = None
    publisher: str | None = None
    words: str | None = None
    kind: FactKind | None = None
    change: AlertChange = AlertChange.ANY
    threshold: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRuleRow:
    """A rule as a list shows it, with how its alerts fared. Addresses are counted, not shown: they hold passwords."""

    rule_id: int
    name: str
    story_id: int | None
    publisher: str | None
    words: str | None
    kind: str | None
    change: str
    threshold: Decimal | None
    targets: int
    sent: int
    waiting: int
    failed: int
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingAlert:
    """An alert that this process has taken on to send."""

    alert_id: int
    rule_id: int
    summary: str
    url: str | None


def add_rule(connection: Connection, rule: AlertRule, addresses: Sequence[str]) -> int:
    """Store a rule and where it sends to; return its number."""
    with connection.transaction():
        rule_id = int(the_row(connection, "insert_alert_rule", columns_of(rule))["rule_id"])
        for address in addresses:
            connection.execute(statement("insert_alert_target"), {"rule_id": rule_id, "address": address})
    return rule_id


def list_rules(connection: Connection) -> tuple[AlertRuleRow, ...]:
    """Return all rules, the oldest first."""
    return rows_as(AlertRuleRow, connection, "list_alert_rules")


def remove_rule(connection: Connection, rule_id: int) -> None:
    """Delete a rule with its alerts. Raises `UnknownStoryError` if there is none of that number."""
    if connection.execute(statement("delete_alert_rule"), {"rule_id": rule_id}).rowcount == 0:
        raise UnknownStoryError(f"no alert rule has the number {rule_id}: `writethru alerts list` shows them")


def addresses_of(connection: Connection, rule_id: int) -> tuple[str, ...]:
    """Return where a rule sends its alerts."""
    return tuple(row["address"] for row in connection.execute(statement("alert_targets"), {"rule_id": rule_id}))


def addresses_left(connection: Connection, alert: WaitingAlert) -> tuple[str, ...]:
    """Return the addresses of its rule that an alert has not reached yet."""
    values = {"rule_id": alert.rule_id, "alert_id": alert.alert_id}
    return tuple(row["address"] for row in connection.execute(statement("alert_targets_left"), values))


def mark_reached(connection: Connection, alert_id: int, addresses: Sequence[str]) -> None:
    """Note which addresses an alert has reached that is to be tried again for others."""
    connection.execute(statement("alert_reached"), {"alert_id": alert_id, "addresses": list(addresses)})


def claim(connection: Connection, *, now: datetime, other_than: Collection[int]) -> WaitingAlert | None:
    """Take on the alert that has been due for longest, of any rule but some; `None` where none is due.

    A claim lapses by itself: one minute, then twice as long each time.
    """
    values = {"now": now, "other_than": list(other_than)}
    row = connection.execute(statement("claim_alert"), values).fetchone()
    return WaitingAlert(**row) if row else None


def mark_sent(connection: Connection, alert_id: int, *, now: datetime) -> None:
    """Note that an alert has reached all its addresses."""
    connection.execute(statement("alert_sent"), {"alert_id": alert_id, "now": now})


def mark_not_sent(connection: Connection, alert_id: int, *, problem: str) -> bool:
    """Note what went wrong; return whether the alert is given up."""
    values = {"alert_id": alert_id, "problem": problem, "most_attempts": MOST_ATTEMPTS}
    row = connection.execute(statement("alert_not_sent"), values).fetchone()
    return bool(row and row["status"] == "failed")
