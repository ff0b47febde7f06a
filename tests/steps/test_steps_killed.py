"""A round killed at any point, fifty times over, leaves exactly the rows that undisturbed rounds leave."""

import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from pipeline import steps
from pipeline.config import Settings
from pipeline.local.newsroom import ManualClock, newsroom_running
from pipeline.store.connections import connect

HERE = Path(__file__).parent
KILLS = 50
#: Minutes at which the newsroom stands still while rounds are begun, killed, and begun again.
MINUTES = (0, 150, 300, 500, 700, 900, 1100, 1300, 1500, 1700, 2150, 2400, 2700, 3150, 4200, 4800)
PATIENCE_SECONDS = 60


class Stem:
    """The process that forks a child for each attempt."""

    def __init__(self, log: Path) -> None:
        self.log, self.stderr = log, log.open("wb")
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent.parent)}
        self.process = subprocess.Popen(
            [sys.executable, HERE / "killed_child.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.stderr,
            env=environment,
        )
        self.pending = b""
        assert self.line() == "ready"

    def line(self) -> str:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while b"\n" not in self.pending:
            assert time.monotonic() < deadline, "the child said nothing for too long"
            if select.select([self.process.stdout], [], [], 1)[0]:
                chunk = os.read(self.process.stdout.fileno(), 65536)
                assert chunk, "the child's parent has ended"
                self.pending += chunk
        line, _, self.pending = self.pending.partition(b"\n")
        return line.decode()

    def attempt(self, url: str, home: Path, *, kill_after: int | None, delay: float) -> tuple[str, bool]:
        """Begin a round; kill it after so many lines and a moment. Returns the last line before, and if it was done."""
        self.process.stdin.write(json.dumps([url, str(home)]).encode() + b"\n")
        self.process.stdin.flush()
        word, _, number = self.line().partition(" ")
        assert word == "child"
        last, lines, done = "start", 0, False
        while True:
            if kill_after is not None and lines >= kill_after and not done:
                time.sleep(delay)
                os.kill(int(number), signal.SIGKILL)
                kill_after = None
            line = self.line()
            if line == f"dead {number}":
                return last, done
            last, lines, done = line, lines + 1, done or line == "done"

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=PATIENCE_SECONDS)
        self.process.stdout.close()
        self.stderr.close()


@pytest.fixture(scope="module")
def stem(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stem]:
    made = Stem(tmp_path_factory.mktemp("stem") / "log")
    yield made
    made.close()


def make_due(url: str) -> None:
    with connect(url) as connection:
        connection.execute("update news.feeds set next_poll_at = now()")
        connection.execute("update news.articles set next_capture_at = now() where next_capture_at is not null")


def record_of(url: str, newsroom_address: Callable[[str], str]) -> dict[str, list[str]]:
    """Return all rows by what they say: numbers of rows, times, hashes of noisy bytes and ports are left out."""
    questions = {
        "feeds": "select url, title, last_outcome, failures, disabled_reason, etag is null as untagged from news.feeds",
        "polls": """select f.url, outcome, http_status, entries, new_entries, changed_entries,
                    row_number() over (partition by feed_id order by poll_id)
                    from news.polls join news.feeds f using (feed_id)""",
        "entries": """select f.url, e.identity, e.title, e.summary, e.link, e.changes, a.url as article
                      from news.entries e join news.feeds f using (feed_id)
                      left join news.articles a using (article_id)""",
        "articles": """select publisher, url, fetch_url, host,
                       status, follow, versions, failures, missing, last_outcome,
                       next_capture_at is null as rests, woken_at is null as answered from news.articles""",
        "aliases": "select a.url, l.kind, l.scope, l.value from news.aliases l join news.articles a using (article_id)",
        "captures": """select a.url, outcome, http_status, final_url, body is null as bodiless,
                       recorded_at is null as waits,
                       row_number() over (partition by article_id order by capture_id) as place
                       from news.captures join news.articles a using (article_id)""",
        "stories": "select headline, status, articles, publishers, versions, url from news.stories",
        "versions": """select a.url, s.headline as story, v.number, v.kind, v.headline, v.text, v.is_developing,
                       v.markers,
                       v.content_sha256 from news.versions v join news.articles a using (article_id)
                       join news.stories s on s.story_id = v.story_id""",
        "updates": """select a.url, v.number, u.kind, u.significance,
                      u.old_position, u.new_position, u.old_text, u.new_text
                      from news.updates u join news.versions v using (version_id)
                      join news.articles a on a.article_id = u.article_id""",
        "facts": """select a.url, v.number, f.key, f.kind, f.subject, f.low, f.high, f.unit, f.qualifier, f.attribution,
                    f.negated, f.hypothetical, f.background, f.increment, f.sentence, f.position, f.span, f.status,
                    s.low as next_low, s.key as next_key, p.key as whole,
                    v.observed_at = lower(f.valid) as from_the_start,
                    (select n.number from news.versions n where n.article_id = f.article_id
                     and n.observed_at = upper(f.valid)) as until
                    from news.facts f join news.versions v using (version_id)
                    join news.articles a on a.article_id = f.article_id
                    left join news.facts s on s.fact_id = f.superseded_by
                    left join news.facts p on p.fact_id = f.parent_fact_id""",
        "events": """select a.url, v.number, e.kind, e.summary, e.details,
                     row_number() over (partition by e.article_id order by e.event_id) as place
                     from news.events e join news.articles a using (article_id)
                     left join news.versions v on v.version_id = e.version_id""",
    }
    with connect(url) as connection:
        found: dict[str, list[str]] = {}
        for name, question in questions.items():
            rows = connection.execute(question).fetchall()
            found[name] = sorted(newsroom_address(repr(sorted(row.items()))) for row in rows)
    return found


def tell(tmp_path: Path, new_database: Callable[[], Any], rounds: Callable[[str, int], None]) -> dict[str, list[str]]:
    """Let the newsroom stand at each of the minutes while `rounds(url, minute)` works; return the record."""
    clock = ManualClock()
    with ExitStack() as stack:
        newsroom = stack.enter_context(newsroom_running(clock=clock))
        url = stack.enter_context(new_database())
        steps.add_feeds(url, Settings(home=tmp_path), newsroom.subscriptions)
        for minute in MINUTES:
            clock.advance(minute - clock.minutes())
            make_due(url)
            rounds(url, minute)

        def without_ports(text: str) -> str:
            for name, port in newsroom.ports.items():
                text = text.replace(f":{port}", f":{name}")
            return text

        return record_of(url, without_ports)


@pytest.mark.slow
def test_fifty_kills_at_random_points_leave_the_rows_of_one_clean_run(
    stem: Stem, new_database: Callable[[], Any], tmp_path: Path
) -> None:
    chance = random.Random(20161103)
    clean = tell(tmp_path, new_database, lambda url, _: stem.attempt(url, tmp_path, kill_after=None, delay=0))
    struck: Counter[str] = Counter()

    def hammer(url: str, minute: int) -> None:
        # Each blow falls a few lines after the one before, until a round is over before it falls. What a fast machine
        # has left over falls at the last minute, at once.
        done, is_last = False, minute == MINUTES[-1]
        while sum(struck.values()) < KILLS and (is_last or not done):
            lines, delay = chance.randrange(0, 5), chance.choice([0, 0.002, 0.005, 0.015])
            last, done = stem.attempt(
                url, tmp_path, kill_after=lines % 2 if is_last else lines, delay=0 if is_last else delay
            )
            if not done:
                assert "Traceback" not in stem.log.read_text(), stem.log.read_text()[-3000:]
                struck[last.removeprefix("start-")] += 1
        if not done:
            _, done = stem.attempt(url, tmp_path, kill_after=None, delay=0)
            assert done, stem.log.read_text()[-3000:]

    killed = tell(tmp_path, new_database, hammer)
    for name, rows in clean.items():
        assert rows, name
        assert killed[name] == rows, name
    assert sum(struck.values()) == KILLS
    assert {"poll", "capture", "record"} <= set(struck), struck
