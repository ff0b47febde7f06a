"""`writethru db` and `writethru psql`."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.console import note, out, print_json
from pipeline.cli.database import database
from pipeline.config import settings
from pipeline.errors import NotReachableError
from pipeline.local import postgres
from pipeline.store import migrations
from pipeline.store.connections import describe

app = typer.Typer(no_args_is_help=True, help="The schema: bring it up to date, see what is missing.")


@app.command()
def upgrade() -> None:
    """Apply the migrations that are missing. Safe to run at any time, also by several at once."""
    with database() as url:
        applied = migrations.upgrade(url)
    for name in applied:
        out.print(f"applied {name}")
    note("The schema is up to date.")


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Show which migrations are missing; exit 1 if any is."""
    with database() as url:
        missing = migrations.pending(url)
        where = describe(url)
    if as_json:
        print_json({"database": where, "missing": list(missing)})
    else:
        out.print(f"{where}: " + (f"missing {', '.join(missing)}" if missing else "up to date"), markup=False)
    if missing:
        raise typer.Exit(1)


def psql(context: typer.Context) -> None:
    """Open a SQL prompt on the record; what follows `--` goes to psql (`writethru psql -- -c 'select 1'`)."""
    with database() as url:
        # The address travels in the environment: a command line is there for every user of the machine to read.
        environment = {**os.environ, "PGDATABASE": url, "PGOPTIONS": "-c search_path=news,public"}
        completed = subprocess.run([str(_psql()), *context.args], env=environment, check=False)
    raise typer.Exit(completed.returncode)


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
