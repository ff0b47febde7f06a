"""`writethru alerts`: who wants to be told of what, and how it went."""

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from pipeline.articles import normalise_url
from pipeline.cli.console import AsCsv, AsJson, columns_help, complain, format_of, number, print_rows, prose, say
from pipeline.cli.database import connection
from pipeline.errors import UnknownStoryError, UsageError
from pipeline.model import AlertChange, FactKind
from pipeline.steps.alerts import check_addresses, send_through_apprise
from pipeline.store import alerts, reading
from pipeline.store.alerts import AlertRule, AlertRuleRow

app = typer.Typer(no_args_is_help=True, help="Rules on facts, and who is told when one is met.")

RuleNumber = Annotated[int, typer.Argument(metavar="RULE", help="Number of the rule.")]


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What you call the rule.")],
    *,
    story: Annotated[
        str | None, typer.Option("--story", metavar="STORY", help="Only this story (number or address).")
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="Only articles of this publisher.")] = None,
    words: Annotated[str | None, typer.Option(help="Only where headline or sentence have these words.")] = None,
    kind: Annotated[FactKind | None, typer.Option(help="Only this kind of fact.")] = None,
    change: Annotated[AlertChange, typer.Option(help="Which new values to tell of.")] = AlertChange.ANY,
    threshold: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Only when the value comes to this number.")
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to", metavar="ADDRESS", help="Where to send it, as apprise writes it: mailto://, slack://, json://…"
        ),
    ] = None,
) -> None:
    """Add a rule. Without --to its alerts are events and notifications only."""
    if not name.strip():
        raise UsageError("a rule needs a name: its alerts begin with it")
    check_addresses(to or [])
    wanted = _number(threshold)
    with connection() as opened:
        story_id = reading.find_story(opened, story, address=normalise_url(story)).story_id if story else None
        rule = AlertRule(
            name=name,
            story_id=story_id,
            publisher=publisher,
            words=words,
            kind=kind,
            change=change,
            threshold=wanted,
        )
        rule_id = alerts.add_rule(opened, rule, to or [])
    say(f"Added rule {rule_id}.")


@app.command("list", epilog=columns_help(AlertRuleRow))
def list_rules(
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show all rules, and how their alerts fared."""
    with connection() as opened:
        rows = alerts.list_rules(opened)
    print_rows(
        AlertRuleRow,
        rows,
        format_of(as_json=as_json, as_csv=as_csv),
        [
            number("rule", lambda row: str(row.rule_id)),
            prose("name", lambda row: row.name),
            prose("tells of", _conditions),
            number("to", lambda row: str(row.targets)),
            number("sent", lambda row: str(row.sent)),
            number("waiting", lambda row: str(row.waiting)),
            number("failed", lambda row: str(row.failed)),
            prose("problem", lambda row: row.problem or "-"),
        ],
        empty="No rules yet: `writethru alerts add NAME` makes one.",
    )


@app.command("remove")
def remove(rule: RuleNumber) -> None:
    """Delete a rule with its alerts. Their events stay in the record."""
    with connection() as opened:
        alerts.remove_rule(opened, rule)
    say(f"Removed rule {rule}.")


@app.command("test")
def test(rule: RuleNumber) -> None:
    """Send a test to a rule's addresses. Exit status 1 if one cannot be reached."""
    with connection() as opened:
        known = {row.rule_id: row.name for row in alerts.list_rules(opened)}
        addresses = alerts.addresses_of(opened, rule)
    if rule not in known:
        raise UnknownStoryError(f"no alert rule has the number {rule}: `writethru alerts list` shows them")
    if not addresses:
        raise UsageError(f"rule {rule} has no address: its alerts are events only (`writethru tail` shows them)")
    problem = send_through_apprise(addresses, "Writethru", f"{known[rule]}: this is a test.")
    if problem:
        complain(
            f"rule {rule}: {problem}",
            advice="Is that service up, and its address right? To change it, add the rule anew and remove this one.",
        )
        raise typer.Exit(1)
    say(f"Sent a test to {len(addresses)} address{'es' if len(addresses) > 1 else ''}.")


def _number(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text) if text is not None else None
    except InvalidOperation:
        number = Decimal("NaN")
    if number is not None and not number.is_finite():
        raise UsageError(f"{text!r} is not a number")
    return number


def _conditions(row: AlertRuleRow) -> str:
    parts = [
        row.kind or "any fact",
        {"any": "", "rises": "that rises", "falls": "that falls"}[row.change],
        f"{'to' if row.change in {'rises', 'falls'} else 'that comes to'} {row.threshold:,f}"
        if row.threshold is not None
        else "",
        f"in story {row.story_id}" if row.story_id is not None else "",
        f"at {row.publisher}" if row.publisher else "",
        f"about “{row.words}”" if row.words else "",
    ]
    return " ".join(filter(None, parts))
