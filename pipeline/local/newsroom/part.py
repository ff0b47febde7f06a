"""The newsroom as a part that a supervisor runs, and the settings under which Writethru follows it."""

import asyncio
import sys
from pathlib import Path

from pipeline.local import ports
from pipeline.local.newsroom.running import STATE_FILE
from pipeline.local.parts import Health, Part, Probe
from pipeline.local.ports import LOOPBACK
from pipeline.local.private_files import read_json

NAME = "newsroom"

#: Its stories live for minutes, on the loopback: what is polite and patient elsewhere would miss them.
DEMO_SETTINGS = {
    "WRITETHRU_ALLOW_NETWORKS": f"{LOOPBACK}/32",
    "WRITETHRU_POLL_MIN_SECONDS": "5",
    "WRITETHRU_CAPTURE_MIN_SECONDS": "10",
    "WRITETHRU_CAPTURE_MAX_SECONDS": "45",
    "WRITETHRU_SETTLE_AFTER_SECONDS": "75",
    "WRITETHRU_HOST_GAP_SECONDS": "0.1",
}


def newsroom_part(home: Path, *, speed: float) -> Part:
    """Return the newsroom as a process with its state file in `home`, running at `speed` story-minutes per second."""
    command = [sys.executable, "-m", "pipeline.local.newsroom", "--home", str(home), "--speed", str(speed)]
    return Part(NAME, command, probe=_probe(home / STATE_FILE), needs=["schema"])


def _probe(state_file: Path) -> Probe:
    def look(started: float) -> Health:
        # A file of an earlier run names ports that may be somebody else's by now.
        if not state_file.exists() or state_file.stat().st_mtime < started:
            return Health.BAD
        listening = dict(read_json(state_file).get("ports") or {}).values()
        return Health.GOOD if listening and all(ports.answers(int(port)) for port in listening) else Health.BAD

    async def probe(started: float) -> Health:
        return await asyncio.to_thread(look, started)

    return probe
