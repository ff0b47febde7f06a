"""`writethru run`: poll, capture and record without Airflow."""

import time
from typing import Annotated

import typer

from pipeline.cli.console import note, plain, print_json, progress, say, tell_unknown_variables
from pipeline.cli.database import database, revive, settings_in_use
from pipeline.errors import DatabaseUnavailableError
from pipeline.steps import RoundSummary, run_round, tend_store

PAUSE_SECONDS = 5.0
UPKEEP_SECONDS = 24 * 3600.0
OUTAGE_PAUSE_SECONDS = 15.0
NO_BUDGET_SECONDS = 24 * 3600.0


def run(
    once: Annotated[bool, typer.Option("--once", help="One round of what is due now, then stop.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, one per round.")] = False,
) -> None:
    """Poll, capture and record without Airflow, for ever or once.

    For ever, it looks after the store too: after the first round, and then once a day.

    What feeds and pages do wrong is in the record: the exit status is non-zero only where the run itself failed.
    """
    tell_unknown_variables()
    used = settings_in_use()
    with database() as url:
        upkeep_at = time.monotonic()
        while True:
            try:
                with progress() as start:
                    summary = run_round(
                        url,
                        used,
                        budget_seconds=NO_BUDGET_SECONDS if once else None,
                        on_start=start,
                    )
                _show(summary, as_json=as_json, quiet=not once)
                if once:
                    return
                if time.monotonic() >= upkeep_at:
                    note(tend_store(url, used).line())
                    upkeep_at = time.monotonic() + UPKEEP_SECONDS
            except DatabaseUnavailableError as error:
                if once:
                    raise
                note(f"{error} Trying again in {OUTAGE_PAUSE_SECONDS:.0f} s.")
                time.sleep(OUTAGE_PAUSE_SECONDS)
                revive()
                continue
            time.sleep(PAUSE_SECONDS)


def _show(summary: RoundSummary, *, as_json: bool, quiet: bool) -> None:
    polled, captured, recorded = summary.poll, summary.capture, summary.record
    if as_json:
        print_json(
            {
                "polled": polled.polled,
                "new_entries": polled.new_entries,
                "changed_entries": polled.changed_entries,
                "poll_outcomes": plain(polled.outcomes),
                "captured": captured.captured,
                "capture_outcomes": plain(captured.outcomes),
                "recorded": recorded.captures,
                "record_outcomes": plain(recorded.outcomes),
                "versions": recorded.versions,
                "updates": recorded.updates,
                "facts": recorded.facts,
                "events": recorded.events,
            },
            one_line=True,
        )
    elif not quiet or polled.polled or captured.captured or recorded.captures or recorded.events:
        for one in (polled, captured, recorded):
            say(one.line())
