"""A small process beside the supervisor that ends the parts should the supervisor be killed without a chance to.

It waits for the end of a pipe that the supervisor holds open. When that comes and the state file still names the
supervisor's process, the parts have been left behind, and are ended.

Run as ``python -m pipeline.local.guard HOME PID``.
"""

import signal
import subprocess
import sys
from pathlib import Path

from pipeline.local.state_file import UpState


def start_guard(home: Path, supervisor_pid: int) -> "subprocess.Popen[bytes]":
    """Start the guard of the supervisor `supervisor_pid`; closing the returned process's `stdin` lets it go."""
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.local.guard", str(home), str(supervisor_pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def guard(home: Path, supervisor_pid: int) -> None:
    """Wait until the supervisor is gone and end what it left."""
    for harmless in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(harmless, signal.SIG_IGN)
    sys.stdin.buffer.read()
    state = UpState.read(home)
    if state.supervisor is not None and state.supervisor.pid == supervisor_pid:
        state.end_parts()


if __name__ == "__main__":
    guard(Path(sys.argv[1]), int(sys.argv[2]))
