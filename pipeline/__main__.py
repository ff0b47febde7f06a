"""Where the command `writethru` begins: before its modules are loaded, which takes seconds on a busy machine."""

import signal
import sys


def main() -> None:
    """Load the command line and run it. A Ctrl-C while it is still being loaded ends as quietly as one later does."""
    try:
        from pipeline.cli import main as run  # noqa: PLC0415 - loading it is what may be interrupted
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    run()


if __name__ == "__main__":
    main()
