"""Signals that end a command in the foreground: Ctrl-C, a polite kill, a closed terminal."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stopped_by_signals(stop: asyncio.Event) -> Iterator[None]:
    """Set `stop` when one of `STOP_SIGNALS` arrives inside the block; for the main thread's event loop.

    A SIGHUP that is ignored at the start stays so: that is what `nohup` asks for.
    """
    loop = asyncio.get_running_loop()
    heeded = [number for number in STOP_SIGNALS if not _is_nohup(number)]
    for number in heeded:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in heeded:
            loop.remove_signal_handler(number)


def _is_nohup(number: signal.Signals) -> bool:
    # An ignored SIGINT means nothing: shells without job control ignore it for whatever they start with `&`.
    return number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN
