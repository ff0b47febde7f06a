"""What pages and feeds say never steers the terminal, and is shown as it is where it is only text."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli.console import harmless
from pipeline.store.connections import Connection

Call = Callable[..., Any]
# clear the screen, set the title, C1's CSI, a bell, the right-to-left override, a carriage return
EVIL = "\x1b[2J\x1b]0;owned\x07\x9b31mred\x07\u202eevil\rover"
ODD_BUT_FINE = "می\u200cخواهم 10\u00a0km co\u00adop 👩\u200d🚒"
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


@pytest.fixture
def hostile(own: Call, connection: Connection) -> int:
    """The number of a story whose every text comes from somebody hostile."""
    own("follow", "https://evil.example/1")
    connection.execute("update news.articles set publisher = %s", [EVIL])
    row = connection.execute(
        "insert into news.stories (headline, status, started_at, last_changed_at, url) "
        "values (%s, 'developing', now(), now(), %s) returning story_id",
        [f"[bold red]markup[/] {ODD_BUT_FINE} {EVIL}", f"https://evil.example/{EVIL}"],
    ).fetchone()
    assert row
    story = int(row["story_id"])
    connection.execute("update news.articles set story_id = %s", [story])
    connection.execute(
        "insert into news.events (story_id, article_id, kind, occurred_at, summary) "
        "select story_id, article_id, 'updated', now(), %s from news.articles",
        [EVIL],
    )
    return story


@pytest.mark.parametrize("flags", [[], ["--json"], ["--csv"]])
def test_no_control_character_of_a_page_comes_out(own: Call, hostile: int, flags: list[str]) -> None:
    said = own("stories", *flags)
    assert said.status == 0
    assert "evil" in said.out
    assert not STEERING.search(said.out)


def test_json_keeps_what_a_page_said(own: Call, hostile: int) -> None:
    assert own("stories", "--json").json[0]["headline"].endswith(EVIL)


@pytest.mark.parametrize("headline", ["=HYPERLINK(1)", "+1", "-2+3", "@SUM(1)", "\t=1", "\r=1"])
def test_csv_holds_no_formula_that_a_spreadsheet_would_run(own: Call, connection: Connection, headline: str) -> None:
    connection.execute(
        "insert into news.stories (headline, started_at, last_changed_at, url) values (%s, now(), now(), '')",
        [headline],
    )
    (row,) = own("stories", "--csv").rows
    assert row["headline"][0] in "'\ufffd"
    assert row["versions"] == "0"
    assert own("stories", "--json").json[0]["headline"] == headline


def test_joiners_hard_spaces_and_markup_are_text(own: Call, hostile: int) -> None:
    headline = own("stories", "--csv").rows[0]["headline"]
    assert headline.startswith(f"[bold red]markup[/] {ODD_BUT_FINE}")
    assert harmless(ODD_BUT_FINE) == ODD_BUT_FINE
    assert "[bold red]markup[/]" in own("stories").out


def test_a_story_and_a_question_show_no_control_character(own: Call, hostile: int) -> None:
    for said in (own("show", hostile), own("forget", "https://evil.example/1"), own("show", EVIL)):
        assert not STEERING.search(said.out)
        assert not STEERING.search(said.err)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_utf_8_loses_characters_and_a_program_none(
    run: Call, told_url: str, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    monkeypatch.setenv("PYTHONUTF8", "0")
    table, rows, cells = (run("stories", *flags, database_url=told_url) for flags in ([], ["--json"], ["--csv"]))
    assert (table.status, rows.status, cells.status) == (0, 0, 0)
    assert "Bellport?s" in table.out
    assert any("Bellport\u2019s" in row["headline"] for row in rows.json)
    assert "Bellport\\u2019s" in cells.out


def test_no_column_vanishes_on_a_narrow_terminal(ask: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.cli.console.out._width", 40)
    rows = ask("stories", "--json").json
    shown = ask("stories").out
    assert max(map(len, shown.splitlines())) <= 40
    assert "last changed" in shown
    assert all(row["headline"] in " ".join(shown.split()) for row in rows)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_real_terminal_only_colours_come_out(hostile: int, database_url: str) -> None:
    written = on_terminal(["show", str(hostile)], database_url)
    assert "evil" in written
    assert "\x1b[1m" in written  # bold of our own
    without_colours = re.sub(r"\x1b\[[0-9;]*m", "", written).replace("\r\n", "\n")
    assert not STEERING.search(without_colours)


def on_terminal(command: list[str], database_url: str) -> str:
    """Return what a command writes to standard output where that is a terminal."""
    program = Path(sys.executable).with_name("writethru")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [str(program), *command],
        env={**os.environ, "WRITETHRU_DATABASE_URL": database_url, "TERM": "xterm-256color"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    written = b""
    try:
        while piece := os.read(ours, 4096):
            written += piece
    except OSError:
        pass  # Linux says so at the end
    finally:
        os.close(ours)
    assert process.wait(30) == 0
    return written.decode()
