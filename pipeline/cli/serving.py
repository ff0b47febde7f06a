"""`writethru up` and `writethru demo`: everything at once, under one supervisor."""

import asyncio
import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from pipeline.cli.console import err, out, tell_unknown_variables
from pipeline.cli.database import checked, demo_home
from pipeline.config import Settings, bundled, settings
from pipeline.feeds import read_opml
from pipeline.local import airflow, newsroom
from pipeline.local.parts import Errand, PartState, PartStatus
from pipeline.local.postgres import EmbeddedPostgres
from pipeline.local.up import Addresses, UpOptions
from pipeline.local.up import up as run_everything
from pipeline.steps import add_feeds
from pipeline.store import migrations, reading
from pipeline.store.connections import connection_to

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port of the Airflow UI; the next free one if it is taken.")]
_STYLES = {
    PartState.HEALTHY: "green",
    PartState.DONE: "green",
    PartState.FAILED: "bold red",
    PartState.RESTARTING: "yellow",
}


def up(port: Port = airflow.DEFAULT_PORT) -> None:
    """Run Postgres and Airflow here, following the feeds in the database, until Ctrl-C.

    The first start fills the database from feeds.opml.
    """
    own = settings().database_url
    options = UpOptions(
        home=settings().home,
        dags_folder=bundled("dags"),
        upgrade_schema=_prepare,
        news_url=None if own is None else checked(own),
        airflow_port=port,
    )
    _run(options)


def demo(
    port: Port = airflow.DEFAULT_PORT,
    speed: Annotated[
        float, typer.Option(min=0.1, max=60, help="Story-minutes that pass in one second.")
    ] = newsroom.DEMO_SPEED,
) -> None:
    """Run everything, fed by the bundled newsroom, whose stories develop on a fast clock. Needs no network."""
    home = demo_home()
    used = Settings(home=home)
    postgres = EmbeddedPostgres(home)
    options = UpOptions(
        home=home,
        dags_folder=bundled("dags"),
        upgrade_schema=migrations.upgrade,
        environment=newsroom.DEMO_SETTINGS,
        more_steps=[
            newsroom.newsroom_part(home, speed=speed),
            Errand(
                "subscribe",
                lambda: add_feeds(postgres.url(), used, newsroom.subscriptions(home / newsroom.STATE_FILE)),
                needs=["newsroom"],
            ),
        ],
        airflow_port=port,
    )
    _run(options)


def _prepare(url: str) -> None:
    """Bring the schema up to date, and give an empty database its first feeds."""
    migrations.upgrade(url)
    with connection_to(url) as opened:
        first_time = not reading.counts(opened).feeds
    if first_time:
        add_feeds(url, settings(), read_opml(bundled("feeds.opml").read_bytes()))


def _run(options: UpOptions) -> None:
    tell_unknown_variables()

    def ready(addresses: Addresses) -> None:
        _welcome(addresses, options.home)

    asyncio.run(run_everything(options, on_status=_show, on_ready=ready))


def _show(status: PartStatus) -> None:
    if status.state is PartState.WAITING and not status.detail:
        return
    line = Text.assemble(
        f"{status.name:16}", (f"{status.state.value:12}", _STYLES.get(status.state, "dim")), status.detail
    )
    err.print(line, soft_wrap=True)


def _welcome(addresses: Addresses, home: Path) -> None:
    # A password is for the eyes of whoever sits here, not for a log file that our output may go to.
    password = addresses.airflow_password if out.is_terminal else f"(in {home / 'airflow.password'})"
    us = _command()
    lines = {
        "Airflow": f"{addresses.airflow}   login {addresses.airflow_user} / {password}",
        "Postgres": f"{addresses.postgres}   {us} psql",
        "Stories": f"{addresses.airflow}/plugin/stories   {us} stories, {us} tail",
        "State": str(home),
    }
    out.print()
    out.print(Text("Writethru is running. The first stories come within a minute or two.", style="bold"))
    for name, value in lines.items():
        out.print(Text.assemble((f"  {name:10}", "bold"), value), soft_wrap=True)
    out.print("Ctrl-C stops everything.\n")


def _command() -> str:
    """Return how this program is called from another terminal: where it is not on the PATH, or has another home."""
    ours = Path(sys.argv[0])
    on_path = shutil.which(ours.name)
    name = ours.name if on_path and Path(on_path).samefile(ours) else str(ours)
    home = os.environ.get("WRITETHRU_HOME")
    return f"WRITETHRU_HOME={shlex.quote(home)} {name}" if home else name
