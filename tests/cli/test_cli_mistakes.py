"""A user's mistake gets a sentence that says what to do and exit status 2; what failed gets 1; nobody a traceback."""

import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import CHECKOUT_DIR, unknown_variables
from pipeline.local.state_file import only_one
from pipeline.store.connections import Connection

Call = Callable[..., Any]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["show", "99999"], "no story goes by '99999': `writethru stories` lists them"),
        (["show", "https://news.example/none"], "no story goes by 'https://news.example/none'"),
        (["show", "http://["], "no story goes by"),
        (["facts", ""], "no story goes by ''"),
        (["tail", "--story", "x"], "no story goes by 'x'"),
        (["diff", "99999"], "no article goes by '99999'"),
        (["diff", "99999999999999999999999999999"], "no article goes by"),
        (["forget", "https://news.example/none", "--yes"], "no article goes by"),
        (["follow", "http://["], "'http://[' is not an address that can be fetched"),
        (["follow", "file:///etc/passwd"], "it must begin with http:// or https://"),
        (["feeds", "add", "news.example/rss"], "it must begin with http:// or https://"),
        (["feeds", "add", "http://[::1/"], "is not an address"),
        (["feeds", "check", "ftp://news.example/"], "is not an address"),
        (["feeds", "check", "https://ann:secret@news.example/rss"], "the address holds a login"),
        (["feeds", "remove", "99999"], "no feed goes by '99999'"),
        (["feeds", "import", "/nonexistent.opml"], "there is no file /nonexistent.opml"),
        (["feeds", "import", "/"], "there is no file /"),
        (["feeds", "add", "https://news.example/", "--every", "0"], "than or equal to 1"),
        (["stories", "--most", "0"], "than or equal to 1"),
        (["stories", "--status", "sleeping"], "'developing'"),
        (["nonsense"], "No such command"),
    ],
)
def test_a_mistake_is_explained(ask: Call, command: list[str], words: str) -> None:
    said = ask(*command)
    assert said.status == 2
    assert said.out == ""
    assert words in said.err
    assert "Traceback" not in said.err


def test_a_version_that_is_not_there_is_explained(ask: Call, told: Connection) -> None:
    row = told.execute("select article_id, versions from news.articles where versions > 1 limit 1").fetchone()
    assert row
    article, newest = row["article_id"], row["versions"]
    assert f"has no version {newest + 1}: it has 1 to {newest}" in ask("diff", article, newest + 1).err
    assert f"has no version {newest + 1}: it has 1 to {newest}" in ask("diff", article, 1, newest + 1).err
    assert "compared with itself" in ask("diff", article, newest).err
    assert ask("diff", article, newest + 1).status == ask("diff", article, newest).status == 2


def test_one_version_is_nothing_to_compare(ask: Call, told: Connection) -> None:
    row = told.execute("select article_id from news.articles where versions = 1 limit 1").fetchone()
    assert row
    said = ask("diff", row["article_id"])
    assert said.status == 2
    assert "one version so far: there is nothing to compare" in said.err


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not OPML"),
        (b"<opml><body><outline", "OPML"),
        (b"<html><body>hello</body></html>", "not OPML"),
        (b'<opml version="2.0"><body><outline text="a folder"/></body></opml>', "lists no feeds"),
        (
            b'<opml><body><outline xmlUrl="https://a.example/"/><outline xmlUrl="ftp://b.example/"/></body></opml>',
            "ftp",
        ),
        (b"\xff\xfe\x00rubbish", "OPML"),
        pytest.param(b"<opml>" + b"<outline/>" * 2**20 + b"</opml>", "larger than 10 MiB", id="too large"),
    ],
)
def test_opml_that_cannot_be_taken_is_refused_whole(own: Call, tmp_path: Path, body: bytes, words: str) -> None:
    path = tmp_path / "mine.opml"
    path.write_bytes(body)
    said = own("feeds", "import", path)
    assert said.status == 2
    assert words in said.err
    assert own("feeds", "list", "--json").json == []


@pytest.mark.parametrize(
    "address",
    ["nonsense", "mysql://u:hidden@h/d", "postgresql://u:hidden@h:port/d", "postgresql://u:hidden@[::1/d"],
)
@pytest.mark.parametrize("command", [["stories"], ["db", "status"], ["up"]])
def test_an_address_that_is_no_postgres_is_explained_without_its_password(
    call: Call, address: str, command: list[str]
) -> None:
    said = call(*command, database_url=address)
    assert said.status == 2
    assert "postgresql://user:password@host:port/database" in said.err
    assert "hidden" not in said.err


def test_a_postgres_that_does_not_answer_is_named_and_the_doctor_recommended(call: Call) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: refused for certain
        port = nobody.getsockname()[1]
        said = call("stories", database_url=f"postgresql://u:hidden@127.0.0.1:{port}/d")
        assert said.status == 1
        assert f"127.0.0.1:{port}/d" in said.err
        assert "writethru doctor" in said.err
        assert "hidden" not in said.err
        doctor = call("doctor", "--json")
        assert doctor.status == 1
        [database] = [finding for finding in doctor.json if finding["check"] == "database"]
        assert database["verdict"] == "failed"
        assert "WRITETHRU_DATABASE_URL" in database["mend"]


def test_a_database_without_the_schema_is_explained(call: Call, database_url: str) -> None:
    bare = database_url.rpartition("/")[0] + "/postgres"
    said = call("stories", database_url=bare)
    assert said.status == 1
    assert "writethru db upgrade" in said.err
    status = call("db", "status", "--json")
    assert status.status == 1
    assert "0001" in status.json["missing"][0]
    assert "hidden" not in status.out


def test_a_schema_of_a_newer_release_is_told_instead_of_an_upgrade_recommended(
    own: Call, connection: Connection
) -> None:
    connection.execute(
        "insert into writethru._yoyo_migration (migration_hash, migration_id, applied_at_utc)"
        " values ('later', '9999-later', now())"
    )
    said = own("db", "status")
    assert said.status == 1
    assert "has 9999-later of a newer release" in said.out
    assert "db upgrade" not in said.err
    assert own("db", "status", "--json").json["newer"] == ["9999-later"]
    upgraded = own("db", "upgrade")
    assert upgraded.status == 2
    assert "too old" in upgraded.err
    assert "up to date" not in upgraded.err
    doctor = own("doctor", "--json")
    [schema] = [finding for finding in doctor.json if finding["check"] == "schema"]
    assert (schema["verdict"], schema["mend"]) == ("failed", "upgrade this program")


def test_a_login_that_may_only_read_is_told_so(call: Call, connection: Connection) -> None:
    connection.execute("create role cli_reader login password 'reading' in role news_reader")
    info = connection.info
    try:
        url = f"postgresql://cli_reader:reading@{info.host}:{info.port}/{info.dbname}"
        assert call("stories", database_url=url).status == 0
        refused = call("feeds", "add", "https://news.example/rss", database_url=url)
        assert refused.status == 1
        assert "may read, but not change" in refused.err
    finally:
        connection.execute("drop role cli_reader")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("shards", "abc"),
        ("poll_min_seconds", "-1"),
        ("allow_networks", "10.0.0.0/99"),
        ("contact", "me\nand you"),
        ("contact", "Zoë"),
        ("host_gap_seconds", "inf"),
        ("fetch_total_seconds", "nan"),
        ("keep_captures_months", "100000"),
        ("settle_after_seconds", "1000000000000"),
        ("poll_max_seconds", "59"),
        ("capture_max_seconds", "299"),
    ],
)
def test_a_setting_that_cannot_be_is_named(own: Call, name: str, value: str) -> None:
    said = own("stories", **{name: value})
    assert said.status == 2
    assert f"WRITETHRU_{name.upper()} cannot be" in said.err
    assert repr(value).strip("'-") in said.err


def test_the_doctor_says_of_work_that_nobody_does_since_when_it_waits_wherever_it_is_done(
    own: Call, connection: Connection
) -> None:
    assert own("feeds", "add", "https://news.example/feed").status == 0
    findings = {finding["check"]: finding for finding in own("doctor", "--json").json}
    assert "work" not in findings
    assert "containers" in findings["up"]["detail"]
    connection.execute("update news.feeds set next_poll_at = '2026-01-02 03:04Z'")
    [work] = [finding for finding in own("doctor", "--json").json if finding["check"] == "work"]
    assert work["verdict"] == "warning"
    assert "since 2026-01-02 03:04 UTC" in work["detail"]
    assert "docker compose ps" in work["mend"]
    connection.execute("update news.feeds set disabled_reason = 'gone'")
    assert "work" not in {finding["check"] for finding in own("doctor", "--json").json}


def test_a_misspelt_setting_is_named_with_the_one_that_was_meant(own: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRITETHRU_POLL_MIN_SECOND", "5")
    monkeypatch.setenv("WRITETHRU_NONSENSE", "5")
    findings = {finding["check"]: finding for finding in own("doctor", "--json").json}
    assert findings["WRITETHRU_POLL_MIN_SECOND"]["mend"] == "did you mean WRITETHRU_POLL_MIN_SECONDS?"
    assert findings["WRITETHRU_NONSENSE"]["verdict"] == "warning"
    said = own("run", "--once")
    assert said.status == 0
    assert "did you mean WRITETHRU_POLL_MIN_SECONDS?" in said.err


def test_what_others_read_of_the_environment_is_not_taken_for_misspelt(
    own: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [
        ".env.example",
        "docker-compose.yml",
        "docker/scheduler",
        "tests/web/conftest.py",
        "dags/writethru_upkeep.py",
    ]
    names = {name for file in files for name in re.findall(r"WRITETHRU_[A-Z_]+", (CHECKOUT_DIR / file).read_text())}
    for name in names - {"WRITETHRU_DATABASE_URL", "WRITETHRU_HOME"}:
        monkeypatch.setenv(name, "1")
    assert unknown_variables() == {}


def test_a_home_that_cannot_be_used_is_named(call: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    for command in (["stories"], ["up"], ["demo"]):
        said = call(*command, home=tmp_path / "file" / "home")
        assert said.status == 1
        assert str(tmp_path / "file") in said.err
        assert "set WRITETHRU_HOME to a folder that you may write to" in said.err
        assert "Traceback" not in said.err
    doctor = call("doctor", "--json", home=tmp_path / "file" / "home")
    assert doctor.status == 1
    [home] = [finding for finding in doctor.json if finding["check"] == "home"]
    assert "WRITETHRU_HOME" in home["mend"]


def test_a_second_up_says_who_runs(call: Call, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with only_one(home) as state:
        state.addresses = {"airflow": "http://127.0.0.1:1"}
        state.write()
        said = call("up", home=home)
    assert said.status == 2
    assert "already runs" in said.err
    assert "http://127.0.0.1:1" in said.err


def test_an_export_that_cannot_be_written_is_explained(own: Call, tmp_path: Path) -> None:
    said = own("feeds", "export", tmp_path / "none" / "out.opml")
    assert said.status == 1
    assert "WRITETHRU_HOME" not in said.err
    assert "No such file or directory" in said.err
