"""The process that the kill test kills: loads the pipeline once, then forks a child for each attempt at a round.

On each line of standard input (a JSON array of database URL and home) a child does one round and writes, on standard
output, its number and then one line for each thing done: `poll`, `capture`, `record`, at last `done`. The parent of
the test kills the child, by its number, wherever it likes; `dead N` says that it has ended. Its number stays its own
until the next line comes: a blow may fall when the child has just ended by itself.
"""

import json
import os
import sys
import traceback
from pathlib import Path

import structlog

from pipeline import articles, changes, facts, steps
from pipeline.config import Settings
from pipeline.model import Content, NewVersion


def warm_up() -> None:
    """Load what is loaded at first use, so that a child spends its time on the work that is to be interrupted."""
    story = "At least 12 people died, police said. The road to the coast is closed. This is a developing story."
    page = f"<html><body><article><h1>Fire at the harbour</h1><p>{story}</p></article></body></html>"
    article = articles.read_article(page.encode(), url="http://localhost/a", content_type="text/html")
    assert isinstance(article, Content)
    decision = changes.decide_version(None, article, ())
    assert isinstance(decision, NewVersion)
    facts.extract_facts(decision.sentences, "en")


def one_round(url: str, home: str) -> None:
    settings = Settings(
        home=Path(home),
        allow_networks="127.0.0.0/8",
        host_gap_seconds=0,
        poll_min_seconds=3600,
        capture_min_seconds=3600,
    )

    def started(step: str, total: int | None):
        say(f"start-{step}")
        return lambda _: say(step)

    steps.run_round(url, settings, on_start=started)
    say("done")


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def main() -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=sys.stderr))
    warm_up()
    say("ready")
    dead: list[int] = []
    for line in sys.stdin:
        while dead:
            os.waitpid(dead.pop(), 0)
        url, home = json.loads(line)
        lifeline, held = os.pipe()  # the child holds the other end for as long as it lives
        child = os.fork()
        if child == 0:
            try:
                say(f"child {os.getpid()}")
                one_round(url, home)
            except BaseException:  # noqa: BLE001 - a child has no other way to say what went wrong
                traceback.print_exc()
                sys.stderr.flush()
            finally:
                os._exit(0)
        os.close(held)
        os.read(lifeline, 1)
        os.close(lifeline)
        say(f"dead {child}")
        dead.append(child)


if __name__ == "__main__":
    main()
