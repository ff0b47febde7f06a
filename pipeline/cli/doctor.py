"""`writethru doctor`: what is wrong with this installation, and how to mend it."""

import shutil
import sys
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version

import psycopg
import typer
from rich.text import Text

from pipeline.cli.console import AsJson, as_record, out, print_json
from pipeline.cli.database import database, demo_home
from pipeline.config import bundled, settings, unknown_variables
from pipeline.errors import WritethruError
from pipeline.local import postgres
from pipeline.local.private_files import make_home
from pipeline.local.state_file import running_up
from pipeline.store import migrations, reading, tending
from pipeline.store.connections import connection_to, describe

FREE_DISK_MIN_BYTES = 2 * 2**30


class Verdict(StrEnum):
    """How one check went."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: what was looked at, how it is, and how to mend it where it is not well."""

    check: str
    verdict: Verdict
    detail: str
    mend: str | None = None


_STYLES = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.FAILED: "bold red"}


def doctor(as_json: AsJson = False) -> None:
    """Look at everything this installation needs; say what is wrong and how to mend it. Exits 1 if a check failed."""
    findings = [finding for check in (_python, _packages, _variables, _home, _up, _database) for finding in check()]
    if as_json:
        print_json([as_record(finding) for finding in findings])
    else:
        for finding in findings:
            line = Text.assemble(
                (f"{finding.verdict:8}", _STYLES[finding.verdict]), f"{finding.check}: {finding.detail}"
            )
            out.print(line, soft_wrap=True)
            if finding.mend:
                out.print(Text(f"        → {finding.mend}"), soft_wrap=True)
    if any(finding.verdict is Verdict.FAILED for finding in findings):
        raise typer.Exit(1)


def _python() -> list[Finding]:
    good = (3, 11) <= sys.version_info[:2] <= (3, 14)
    return [
        Finding(
            check="python",
            verdict=Verdict.OK if good else Verdict.FAILED,
            detail=sys.version.split()[0],
            mend=None if good else "use Python 3.11 to 3.14: make setup PYTHON=python3.12",
        )
    ]


def _packages() -> list[Finding]:
    findings = []
    for name in ("apache-airflow", "psycopg", "trafilatura", "feedparser"):
        try:
            findings.append(Finding(check=name, verdict=Verdict.OK, detail=version(name)))
        except PackageNotFoundError:
            findings.append(
                Finding(check=name, verdict=Verdict.FAILED, detail="is not installed", mend="run `make setup`")
            )
    return findings + [
        Finding(check=name, verdict=Verdict.FAILED, detail="is missing", mend="install the program again")
        for name in ("sql", "dags", "feeds.opml")
        if not bundled(name).exists()
    ]


def _variables() -> list[Finding]:
    return [
        Finding(
            check=name,
            verdict=Verdict.WARNING,
            detail="is no setting, so it changes nothing",
            mend=f"did you mean {meant}?" if meant else "docs/configuration.md names all settings",
        )
        for name, meant in unknown_variables().items()
    ]


def _home() -> list[Finding]:
    home = settings().home
    try:
        with tempfile.TemporaryFile(dir=make_home(home)):
            free = shutil.disk_usage(home).free
    except OSError as error:
        return [
            Finding(
                check="home",
                verdict=Verdict.FAILED,
                detail=f"{home} cannot be used: {error.strerror}",
                mend="set WRITETHRU_HOME to a folder you may write to",
            )
        ]
    enough = free >= FREE_DISK_MIN_BYTES
    return [
        Finding(
            check="home",
            verdict=Verdict.OK if enough else Verdict.WARNING,
            detail=f"{home}, {free / 2**30:.1f} GiB free",
            mend=None if enough else "make room: raw pages and logs need some gigabytes",
        )
    ]


def _up() -> list[Finding]:
    running = {"up": running_up(settings().home), "demo": running_up(demo_home())}
    findings = [
        Finding(
            check=name,
            verdict=Verdict.OK,
            detail="runs: " + ", ".join(f"{part} at {address}" for part, address in state.addresses.items()),
        )
        for name, state in running.items()
        if state is not None
    ]
    # Whether anybody else works on the record shows in the record: `_schema`.
    detail = "does not run here, and need not where containers, an Airflow of your own or `writethru run` do the work"
    return findings or [Finding(check="up", verdict=Verdict.OK, detail=detail)]


def _database() -> list[Finding]:
    own = settings().database_url is not None
    try:
        if not own:
            postgres.binaries()
        with database() as url:
            return [
                Finding(
                    check="database", verdict=Verdict.OK, detail=f"{'yours' if own else 'embedded'}, {describe(url)}"
                ),
                *_schema(url),
            ]
    except (WritethruError, psycopg.Error, OSError) as error:
        yours, embedded = (
            "check WRITETHRU_DATABASE_URL, and that its Postgres runs",
            "see the log it names, and `home` above",
        )
        mend = yours if own else embedded
        return [Finding(check="database", verdict=Verdict.FAILED, detail=str(error), mend=mend)]


def _schema(url: str) -> list[Finding]:
    missing = migrations.pending(url)
    if missing:
        detail = f"lacks {', '.join(missing)}"
        return [Finding(check="schema", verdict=Verdict.FAILED, detail=detail, mend="run `writethru db upgrade`")]
    newer = migrations.of_newer_release(url)
    if newer:
        detail = f"has {', '.join(newer)} of a newer release"
        return [Finding(check="schema", verdict=Verdict.FAILED, detail=detail, mend="upgrade this program")]
    with connection_to(url, application="writethru doctor") as opened:
        counts = reading.counts(opened)
        troubles = tending.feeds_in_trouble(opened)
    findings = [
        Finding(check="schema", verdict=Verdict.OK, detail="up to date"),
        Finding(
            check="feeds",
            verdict=Verdict.OK if counts.feeds else Verdict.WARNING,
            detail=f"{counts.feeds} polled, {counts.following} articles followed, {counts.waiting} captures waiting",
            mend=None if counts.feeds else "add some: `writethru feeds import feeds.opml`",
        ),
    ]
    if counts.overdue_since is not None:
        findings.append(
            Finding(
                check="work",
                verdict=Verdict.WARNING,
                detail=f"nobody polls: a feed has been due since {counts.overdue_since:%Y-%m-%d %H:%M} UTC",
                mend="start `writethru up` or `writethru run`; on Docker see `docker compose ps --all`; in an Airflow "
                "of your own, whether *Poll feeds* is switched on, and what its runs say",
            )
        )
    if not counts.has_partition:
        findings.append(
            Finding(
                check="captures",
                verdict=Verdict.FAILED,
                detail="there is no partition for this month",
                mend="run `writethru run --once`, or the DAG tend_store",
            )
        )
    findings += [
        Finding(
            check=f"feed {trouble.feed_id}",
            verdict=Verdict.WARNING,
            detail=f"{trouble.url} is {trouble.status}: {trouble.last_outcome} {trouble.last_detail or ''}".strip(),
            mend=f"look closer with `writethru feeds check {trouble.url}`, or remove it",
        )
        for trouble in troubles
    ]
    return findings
