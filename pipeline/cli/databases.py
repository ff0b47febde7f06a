"""`writethru db` and `writethru psql`."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg
import typer
from psycopg.conninfo import conninfo_to_dict

from pipeline.cli.console import AsJson, note, print_json, say, working
from pipeline.cli.database import database
from pipeline.config import settings
from pipeline.errors import ConfigurationError, NotReachableError
from pipeline.local import postgres
from pipeline.store import migrations
from pipeline.store.connections import describe

OUTDATED = "this program is too old for it, so run the one that applied them, or upgrade this one"

app = typer.Typer(no_args_is_help=True, help="The schema: bring it up to date, see what is missing.")


@app.command()
def upgrade() -> None:
    """Apply the migrations that are missing. Safe to run at any time, also by several at once."""
    with database(upgrade=False) as url, working("schema"):
        applied = migrations.upgrade(url)
        newer = migrations.of_newer_release(url)
    for name in applied:
        say(f"applied {name}")
    if newer:
        raise ConfigurationError(f"the schema has {', '.join(newer)} of a newer release: {OUTDATED}")
    note("The schema is up to date.")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show which migrations are missing, or are of a newer release, and change nothing; exit status 1 if any is."""
    with database(upgrade=False) as url:
        missing = migrations.pending(url)
        newer = migrations.of_newer_release(url)
        where = describe(url)
    if as_json:
        print_json({"database": where, "missing": list(missing), "newer": list(newer)})
    else:
        faults = [f"lacks {', '.join(missing)}"] if missing else []
        faults += [f"has {', '.join(newer)} of a newer release"] if newer else []
        say(f"{where}: " + ("; ".join(faults) or "up to date"))
    if missing:
        note("`writethru db upgrade` applies them.")
    if newer:
        note(f"As to the newer ones: {OUTDATED}.")
    if missing or newer:
        raise typer.Exit(1)


def psql(context: typer.Context) -> None:
    """Open a SQL prompt on the record; what follows `--` goes to psql (`writethru psql -- -c 'select 1'`)."""
    with database() as url:
        program = _psql()
        environment = {**os.environ, **_login(url)}
        # Ctrl-C is psql's: it cancels the statement and goes on.
        ours = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            returned = subprocess.run([str(program), *context.args], env=environment, check=False).returncode
        finally:
            signal.signal(signal.SIGINT, ours)
    raise typer.Exit(returned if returned >= 0 else 128 - returned)


def _login(url: str) -> dict[str, str]:
    """Return the variables by which psql logs in; a command line is there for every user of the machine to read."""
    try:
        said = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise ConfigurationError(f"the database's address cannot be read: {error}") from error
    names = {
        option.keyword.decode(): option.envvar.decode()
        for option in psycopg.pq.Conninfo.get_defaults()
        if option.envvar is not None
    }
    unsaid = {"PGOPTIONS": "-c search_path=news,public"}
    return unsaid | {names[key]: str(value) for key, value in said.items() if key in names and value is not None}


def _psql() -> Path:
    """Return the embedded server's psql, which is newer than most; else one on the PATH."""
    if settings().database_url is None:
        return postgres.binaries() / "psql"
    found = shutil.which("psql")
    if found:
        return Path(found)
    bundled = postgres.binaries() / "psql"
    if not bundled.exists():
        raise NotReachableError("there is no psql on this machine: install Postgres's client programs")
    return bundled
