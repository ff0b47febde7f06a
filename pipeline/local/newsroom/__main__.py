"""Run the newsroom as a process: `python -m pipeline.local.newsroom --home DIR`. SIGTERM or Ctrl-C ends it at once."""

import argparse
import asyncio
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import LocalError
from pipeline.local.newsroom import faults
from pipeline.local.newsroom.clock import DEMO_SPEED, FastClock
from pipeline.local.newsroom.desk import edition_at, first_minute_of
from pipeline.local.newsroom.publisher import PUBLISHERS
from pipeline.local.newsroom.running import STATE_FILE, Place, serving, write_state
from pipeline.local.ports import LOOPBACK, next_free
from pipeline.local.private_files import read_json

FIRST_PORT = 8791


def main() -> int:
    """Serve until told to stop; return the exit code."""
    arguments = _arguments()
    try:
        asyncio.run(_serve(arguments))
    except LocalError as error:
        print(f"newsroom: {error}", file=sys.stderr)  # noqa: T201 - the process's own voice
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m pipeline.local.newsroom", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help=f"folder for {STATE_FILE}")
    parser.add_argument(
        "--speed", type=float, default=DEMO_SPEED, help="story-minutes per second (default %(default)s)"
    )
    parser.add_argument(
        "--ports", type=int, nargs="+", metavar="PORT", help="one for each publisher in turn, 0 for any"
    )
    parser.add_argument("--host", default=LOOPBACK, help="address to listen on (default %(default)s)")
    parser.add_argument("--public-host", help="name under which others reach it, where it is not --host")
    parser.add_argument("--with-faults", action="store_true", help="add the publisher whose server misbehaves")
    arguments = parser.parse_args()
    if not 0 < arguments.speed <= 60:
        parser.error("--speed must be above 0 and at most 60: HTTP dates have whole seconds")
    return arguments


async def _serve(arguments: argparse.Namespace) -> None:
    before = read_json(arguments.home / STATE_FILE)
    clock = FastClock(speed=arguments.speed, first_minute=_next_edition(before))
    place = Place(host=arguments.host, public_host=arguments.public_host, ports=_ports(arguments, before))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serving(clock=clock, place=place, with_faults=arguments.with_faults) as newsroom:
        write_state(newsroom, arguments.home, made_at=clock.made_at.isoformat(), speed=clock.speed)
        for feed in newsroom.feeds:
            print(f"{feed.title}: {feed.url}", flush=True)  # noqa: T201 - the process's own voice
        await stop.wait()


def _next_edition(before: dict[str, object]) -> float:
    """Return the first minute of an edition that no earlier run on this home can have reached.

    A restarted newsroom must not take its stories back to their first versions under addresses that are known.
    """
    try:
        made_at = datetime.fromisoformat(str(before["made_at"]))
        ran = (datetime.now(UTC) - made_at).total_seconds() * float(str(before["speed"]))
        reached = float(str(before["first_minute"])) + max(0.0, ran)
    except (KeyError, ValueError):
        return 0.0
    return first_minute_of(edition_at(reached) + 1)


def _ports(arguments: argparse.Namespace, before: dict[str, object]) -> dict[str, int]:
    """Choose the ports: those asked for, else those of the run before, else the next free ones."""
    names = [publisher.name for publisher in PUBLISHERS] + ([faults.NAME] if arguments.with_faults else [])
    if arguments.ports:
        return dict(zip(names, arguments.ports, strict=False))
    held = before.get("ports")
    earlier = held if isinstance(held, dict) else {}
    ports: dict[str, int] = {}
    for offset, name in enumerate(names):
        ports[name] = next_free(int(earlier.get(name, FIRST_PORT + offset)), taken=ports.values())
    return ports


if __name__ == "__main__":
    sys.exit(main())
