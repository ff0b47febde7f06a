"""The command `writethru`: one module per group of commands, and the one place where errors become messages."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import psycopg
from pydantic import ValidationError

from pipeline.cli.app import app
from pipeline.cli.console import OutputClosedError, complain, write_in_any_encoding
from pipeline.config import settings
from pipeline.errors import DatabaseUnavailableError, SchemaMissingError, UsageError, WritethruError

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_SIGNAL = 128
_HOME_ADVICE = "Mend that, or set WRITETHRU_HOME to a folder that you may write to."

__all__ = ["app", "main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status.

    0: all well, 1: something failed, 2: asked wrongly, 128 and the signal's number: ended by it (130 is Ctrl-C).
    """
    _end_in_order()
    write_in_any_encoding()
    try:
        app(arguments, prog_name="writethru")
    except OutputClosedError:
        # Nothing more may be written, not even what the interpreter would flush at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(EXIT_SIGNAL + signal.SIGINT)
    except (WritethruError, ValidationError, psycopg.Error, OSError) as error:
        sys.exit(_explain(error))


def _explain(error: WritethruError | ValidationError | psycopg.Error | OSError) -> int:
    """Say what went wrong and what to do, and return the exit status."""
    status = EXIT_FAILED
    match error:
        case UsageError():
            complain(str(error))
            status = EXIT_USAGE
        case SchemaMissingError():
            complain(str(error), advice="Run `writethru db upgrade`.")
        case DatabaseUnavailableError():
            complain(str(error), advice="`writethru doctor` tells what is wrong with this installation.")
        case ValidationError():
            # A value that fits none of several kinds has a fault for each; the first says enough.
            faults = {str(fault["loc"][0]): fault for fault in reversed(error.errors())}
            for name, fault in faults.items():
                complain(f"the setting WRITETHRU_{name.upper()} cannot be {fault['input']!r}: {fault['msg']}")
            status = EXIT_USAGE
        case psycopg.errors.InsufficientPrivilege():
            complain(f"Postgres refuses: {str(error).strip()}. This login may read, but not change, the record.")
        case psycopg.Error():
            complain(f"Postgres refuses: {str(error).strip()}")
        case OSError():
            complain(
                f"{error.filename}: {error.strerror}" if error.filename else str(error),
                advice=_HOME_ADVICE if _about_home(error) else None,
            )
        case _:
            complain(str(error))
    return status


def _about_home(error: OSError) -> bool:
    """Return whether the folder of the state, one that it lies in, or something in it could not be used."""
    if not isinstance(error.filename, str):
        return False
    home, named = settings().home.expanduser().resolve(), Path(error.filename).resolve()
    return home.is_relative_to(named) or named.is_relative_to(home)


def _end_in_order() -> None:
    """Let a polite kill, and the end of the terminal, end a command as Ctrl-C does: what it started is stopped."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(EXIT_SIGNAL + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup has its way
            signal.signal(number, leave)
