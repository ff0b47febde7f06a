"""`writethru up` and `writethru demo`: everything at once, under one supervisor."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.panel import Panel
from rich.text import Text

from pipeline.cli.console import err, out
from pipeline.cli.database import demo_home
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
    options = UpOptions(
        home=settings().home,
        dags_folder=bundled("dags"),
        upgrade_schema=_prepare,
        news_url=settings().database_url,
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
    def ready(addresses: Addresses) -> None:
        _welcome(addresses, options.home)

    asyncio.run(run_everything(options, on_status=_show, on_ready=ready))


def _show(status: PartStatus) -> None:
    line = Text.assemble(
        f"{status.name:16}", (f"{status.state.value:12}", _STYLES.get(status.state, "dim")), status.detail
    )
    err.print(line, soft_wrap=True)


def _welcome(addresses: Addresses, home: Path) -> None:
    text = Text.assemble(
        ("Airflow   ", "bold"),
        f"{addresses.airflow}   login {addresses.airflow_user} / {addresses.airflow_password}\n",
        ("Postgres  ", "bold"),
        f"{addresses.postgres}   a SQL prompt: writethru psql\n",
        ("Stories   ", "bold"),
        "writethru stories\n",
        ("State     ", "bold"),
        f"{home}\n\nCtrl-C stops everything.",
    )
    out.print(Panel(text, title="Writethru is running", title_align="left", expand=False))
