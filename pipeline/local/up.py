"""Everything that `writethru up` runs, put together: Postgres, the schema, Airflow, and what a caller adds."""

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pipeline.local import airflow, ports
from pipeline.local.airflow import AirflowSite, airflow_environment, airflow_parts
from pipeline.local.parts import Errand, Health, OnStatus, Part, PartState, PartStatus, Step
from pipeline.local.postgres import AIRFLOW_DATABASE, Durability, EmbeddedPostgres
from pipeline.local.private_files import make_home, read_json, write_private
from pipeline.local.state_file import only_one
from pipeline.local.stop_signals import stopped_by_signals
from pipeline.local.supervisor import PortTakenError, Supervisor

PORT_TRIES = 3
"""How often everything starts again because another program was faster to take a port."""


@dataclass(frozen=True)
class Addresses:
    """Where the parts of a running `up` are reached, passwords included: for the person at the keyboard."""

    airflow: str
    airflow_user: str
    airflow_password: str = field(repr=False)
    news_url: str = field(repr=False)
    """The address of the record, as `WRITETHRU_DATABASE_URL` names it."""
    postgres: str
    """Host and port of the embedded Postgres, without a password."""


@dataclass(frozen=True)
class UpOptions:
    """What `up` is to run."""

    home: Path
    dags_folder: Path
    upgrade_schema: Callable[[str], object]
    """Called with the address of the record as soon as Postgres answers; it may fill in feeds, too."""
    news_url: str | None = None
    """A Postgres of the user's own for the record. Airflow keeps its state in the embedded one all the same."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to the environment of Airflow's processes."""
    more_steps: Sequence[Step] = ()
    """Started beside the others; they may need the step "postgres" or "schema"."""
    airflow_port: int = airflow.DEFAULT_PORT
    durability: Durability = Durability.SAFE
    parallelism: int = 6


async def up(
    options: UpOptions,
    *,
    on_status: OnStatus,
    on_ready: Callable[[Addresses], object],
    stop: asyncio.Event | None = None,
) -> None:
    """Run everything until `stop` is set or SIGINT, SIGTERM or SIGHUP arrives; return when all of it has stopped.

    `on_ready` is called once, when every part is healthy. Raises `UsageError` where another `up` has this home,
    `EmbeddedPostgresError` or `SupervisorError` where a part cannot be brought up, and whatever `upgrade_schema`
    raises.
    """
    stop = stop or asyncio.Event()
    home = make_home(options.home)
    with only_one(home) as state, stopped_by_signals(stop):
        postgres = EmbeddedPostgres(home, durability=options.durability)
        with postgres.in_use():  # so that no command stops it as the last to leave
            tries_left = PORT_TRIES
            while True:
                port = await asyncio.to_thread(_take_over, postgres, on_status)
                site = _site(options, home, postgres, on_status)
                addresses = Addresses(site.url, airflow.ADMIN, site.password, site.news_url, f"{ports.LOOPBACK}:{port}")
                state.addresses = {"airflow": addresses.airflow, "postgres": addresses.postgres}
                supervisor = Supervisor(state, _steps(options, postgres, port, site), on_status)
                try:
                    return await _run(supervisor, stop, partial(on_ready, addresses))
                except PortTakenError as error:
                    tries_left -= 1
                    if not tries_left:
                        raise
                    on_status(PartStatus(error.part, PartState.RESTARTING, "everything starts again on another port"))


def _site(options: UpOptions, home: Path, postgres: EmbeddedPostgres, on_status: OnStatus) -> AirflowSite:
    return AirflowSite(
        home=home,
        port=_airflow_port(home, options.airflow_port, on_status),
        metadata_url=postgres.url(AIRFLOW_DATABASE),
        news_url=options.news_url or postgres.url(),
        dags_folder=options.dags_folder,
        parallelism=options.parallelism,
    )


def _steps(options: UpOptions, postgres: EmbeddedPostgres, port: int, site: AirflowSite) -> list[Step]:
    environment = airflow_environment(site, extra=options.environment)
    return [
        postgres_part(postgres, port),
        Errand("databases", postgres.ensure_databases, needs=["postgres"]),
        Errand("schema", lambda: options.upgrade_schema(site.news_url), needs=["databases"]),
        *options.more_steps,
        *airflow_parts(site, environment, needs=["databases"], before_tasks=["schema"]),
    ]


async def _run(supervisor: Supervisor, stop: asyncio.Event, on_ready: Callable[[], object]) -> None:
    running = asyncio.create_task(supervisor.run(stop))
    ready = asyncio.create_task(supervisor.all_ready.wait())
    try:
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if ready.done() and not running.done():
            with suppress(OSError):  # the terminal may be gone
                on_ready()
        await asyncio.shield(running)
    finally:
        ready.cancel()
        if not running.done():  # cancelled
            stop.set()
            await running


def postgres_part(postgres: EmbeddedPostgres, port: int) -> Part:
    """Return the embedded Postgres as a part named "postgres" that is a child of the supervisor."""

    async def probe(_started: float) -> Health:
        return Health.GOOD if await asyncio.to_thread(postgres.is_running) else Health.BAD

    return Part(
        "postgres",
        postgres.command(port),
        postgres.environment,
        probe=probe,
        port=port,
        before_start=postgres.clear_remains,
        account=postgres.account,
        stop_signal=signal.SIGINT,  # what Postgres calls a fast shutdown: it does not wait for sessions to leave
        grace_seconds=3,
    )


def _take_over(postgres: EmbeddedPostgres, on_status: OnStatus) -> int:
    """Stop a server that a command has started, make the cluster if need be, and return the port to use.

    A command that works at this moment loses its connection and finds the new server at the same address.
    """
    postgres.stop()
    wished = postgres.port
    port = postgres.prepare()
    postgres.remember(port, stop_with_last_user=False)
    _say_if_moved("postgres", wished, port, on_status)
    return port


def _airflow_port(home: Path, wished: int, on_status: OnStatus) -> int:
    # The port of the last time is tried first, so that bookmarks keep working.
    remembered = home / "airflow.json"
    last = int(read_json(remembered).get(str(wished), wished))
    port = last if ports.is_free(last) else ports.next_free(wished)
    _say_if_moved("api-server", last, port, on_status)
    write_private(remembered, f'{{"{wished}": {port}}}')
    return port


def _say_if_moved(name: str, wished: int, port: int, on_status: OnStatus) -> None:
    if port != wished:
        detail = f"port {wished} is taken by {ports.holder(wished)}: using {port}"
        on_status(PartStatus(name, PartState.WAITING, detail))
