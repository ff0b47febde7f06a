"""The command `writethru`: one module per group of commands, and the one place where errors become messages."""

import os
import sys

from pipeline.cli.app import app
from pipeline.cli.console import complain
from pipeline.errors import DatabaseUnavailableError, SchemaMissingError, UsageError, WritethruError

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line; exit 0: all well, 1: something failed, 2: asked wrongly, 130: Ctrl-C."""
    try:
        app()
    except UsageError as error:
        complain(str(error))
        sys.exit(EXIT_USAGE)
    except SchemaMissingError as error:
        complain(str(error), advice="Run `writethru db upgrade`.")
        sys.exit(EXIT_FAILED)
    except DatabaseUnavailableError as error:
        complain(str(error), advice="Run `writethru doctor` to see what is wrong with this installation.")
        sys.exit(EXIT_FAILED)
    except WritethruError as error:
        complain(str(error))
        sys.exit(EXIT_FAILED)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        # The reader (`head`, say) has seen enough; nothing more may be written, not even at interpreter exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
