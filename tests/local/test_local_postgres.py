"""The embedded Postgres, with real clusters in temporary homes."""

import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from pipeline.errors import EmbeddedPostgresError
from pipeline.local import ports
from pipeline.local.postgres import Durability, EmbeddedPostgres, binaries, running
from pipeline.local.shelter import binaries_folder
from pipeline.local.unprivileged import account_for_postgres
from tests.local.supervising import alive, eventually


def stop_whatever_runs_in(home: Path) -> None:
    if (home / "postgres" / "data" / "postmaster.pid").exists():
        EmbeddedPostgres(home).stop()


@pytest.fixture
def home() -> Iterator[Path]:
    # pytest's own tmp_path stands in a folder of mode 0700, which Postgres, not being root, may not pass.
    parent = Path(tempfile.mkdtemp(prefix="writethru-home-"))
    parent.chmod(0o711)
    try:
        yield parent / "home"
        stop_whatever_runs_in(parent / "home")
    finally:
        shutil.rmtree(parent)


@pytest.fixture
def cluster(home: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(home, durability=Durability.THROWAWAY, port=25432)


def one(url: str, statement: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


def in_child(home: Path, body: str) -> "subprocess.Popen[str]":
    program = (
        "import time\nfrom pathlib import Path\nfrom pipeline.local.postgres import *\n"
        f"home = Path({str(home)!r})\n{body}\nprint('ready', flush=True)\ntime.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def end(child: "subprocess.Popen[str]", how: signal.Signals) -> None:
    child.send_signal(how)
    child.wait(10)
    assert child.stdout is not None
    child.stdout.close()


def test_first_start_makes_both_databases_and_restart_keeps_rows(cluster: EmbeddedPostgres) -> None:
    url = cluster.start()
    assert cluster.is_running()
    with psycopg.connect(url) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (7)")
    assert one(cluster.url("airflow"), "select current_database()") == "airflow"
    cluster.stop()
    assert not cluster.is_running()
    assert one(cluster.start(), "select n from kept") == 7
    assert cluster.start() == url


def test_letters_beyond_ascii_are_folded(cluster: EmbeddedPostgres) -> None:
    assert one(cluster.start(), "select lower('ÉÖ')") == "éö"


def test_commits_survive_a_power_cut_unless_told_otherwise(home: Path) -> None:
    safe = EmbeddedPostgres(home, port=25432)
    assert one(safe.start(), "show fsync") == "on"
    assert one(safe.url(), "show synchronous_commit") == "on"
    safe.stop()
    assert one(EmbeddedPostgres(home, durability=Durability.THROWAWAY).start(), "show fsync") == "off"


def test_listens_on_the_loopback_alone_and_makes_no_socket(cluster: EmbeddedPostgres) -> None:
    url = cluster.start()
    pid = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    listeners = [c.laddr for c in psutil.Process(pid).net_connections("all") if c.status == psutil.CONN_LISTEN]
    assert listeners == [("127.0.0.1", cluster.port)]
    assert one(url, "show unix_socket_directories") == ""


def test_asks_for_a_password_that_only_the_owner_may_read(cluster: EmbeddedPostgres) -> None:
    url = cluster.start()
    assert stat.S_IMODE((cluster.home / "postgres.password").stat().st_mode) == 0o600
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace(cluster.password, "guess"))
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace(f":{cluster.password}", ""))
    arguments = [" ".join(p.info["cmdline"] or ()) for p in psutil.process_iter(["cmdline"])]
    assert not any(cluster.password in line for line in arguments)
    assert not list(cluster.folder.glob("password*"))


def test_a_password_that_somebody_sets_is_hashed_as_one_that_may_be_guessed(cluster: EmbeddedPostgres) -> None:
    cluster.start()
    rounds = "select split_part(split_part(rolpassword, '$', 2), ':', 1) from pg_authid where rolname = "
    with psycopg.connect(cluster.url("writethru")) as connection:
        connection.execute("create role analyst login password 'harbour'")
    assert one(cluster.url("writethru"), f"{rounds}'analyst'") == "4096"
    assert one(cluster.url("writethru"), f"{rounds}'writethru'") == "1", "of a random password, for quick logins"


def test_outlives_a_killed_parent_and_is_found_again(home: Path) -> None:
    child = in_child(home, "EmbeddedPostgres(home, durability=Durability.THROWAWAY, port=25432).start()")
    end(child, signal.SIGKILL)
    found = EmbeddedPostgres(home, durability=Durability.THROWAWAY)
    assert found.is_running()
    before = one(found.url(), "select pg_postmaster_start_time()")
    assert one(found.start(), "select pg_postmaster_start_time()") == before


def test_recovers_from_a_killed_server(home: Path) -> None:
    cluster = EmbeddedPostgres(home, port=25432)
    with psycopg.connect(cluster.start()) as connection:
        connection.execute("create table kept as select 7 as n")
    server = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    os.kill(server, signal.SIGKILL)
    eventually(lambda: not alive(server))
    assert not cluster.is_running()
    assert one(cluster.start(), "select n from kept") == 7


def test_takes_the_next_port_and_keeps_it(cluster: EmbeddedPostgres) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        mine = EmbeddedPostgres(cluster.home, durability=Durability.THROWAWAY, port=taken)
        mine.start()
        assert mine.port > taken
        chosen = mine.port
        mine.stop()
    assert EmbeddedPostgres(cluster.home).port == chosen


def test_takes_the_next_port_where_another_program_is_faster(
    cluster: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_free = ports.next_free
    with socket.create_server(("127.0.0.1", next_free(25432))) as other:
        lost = other.getsockname()[1]
        choices = iter([lost])
        monkeypatch.setattr(ports, "next_free", lambda preferred: next(choices, None) or next_free(preferred))
        assert one(cluster.start(), "select 1") == 1
        assert cluster.port != lost
    cluster.stop()


def test_never_uses_a_stranger_on_its_port(cluster: EmbeddedPostgres, home: Path) -> None:
    cluster.start()
    stranger = EmbeddedPostgres(home.with_name("stranger"), durability=Durability.THROWAWAY, port=cluster.port)
    try:
        # The stranger even claims our password and port, and our pid file points at it.
        (stranger.home / "postgres.password").write_text(cluster.password)
        assert not stranger.is_running()
        stranger.start()
        assert stranger.port != cluster.port
        shutil.copy(cluster.data / "postmaster.pid", stranger.home / "theirs")
        stranger.stop()
        shutil.copy(stranger.home / "theirs", stranger.data / "postmaster.pid")
        assert not stranger.is_running()
    finally:
        (stranger.data / "postmaster.pid").unlink(missing_ok=True)


def test_an_interrupted_first_start_is_made_good(cluster: EmbeddedPostgres) -> None:
    half = cluster.folder / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    cluster.start()
    assert cluster.is_running()
    assert not half.exists()


def test_a_failed_start_names_the_log_and_its_last_lines(cluster: EmbeddedPostgres) -> None:
    cluster.start()
    cluster.stop()
    (cluster.data / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedPostgresError) as caught:
        cluster.start()
    assert str(cluster.log) in str(caught.value)
    assert "pg_control" in str(caught.value)


def test_running_stops_only_what_it_started(home: Path, cluster: EmbeddedPostgres) -> None:
    with running(home, durability=Durability.THROWAWAY, port=25432) as lent:
        assert one(lent.url(), "select 1") == 1
    assert not cluster.is_running()
    cluster.start()
    with running(home, durability=Durability.THROWAWAY):
        pass
    assert cluster.is_running()


def test_the_last_command_to_leave_stops_it(home: Path, cluster: EmbeddedPostgres) -> None:
    child = in_child(home, "block = running(home, durability=Durability.THROWAWAY, port=25432)\nblock.__enter__()")
    with running(home, durability=Durability.THROWAWAY) as lent:
        end(child, signal.SIGKILL)
        assert lent.is_running()
    assert not cluster.is_running()


def test_a_first_command_leaves_it_to_the_second(home: Path, cluster: EmbeddedPostgres) -> None:
    with running(home, durability=Durability.THROWAWAY, port=25432):
        child = in_child(home, "block = running(home)\nblock.__enter__()")
    try:
        assert cluster.is_running()
    finally:
        end(child, signal.SIGKILL)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to switch to another account")
def test_as_root_it_runs_as_an_ordinary_account(cluster: EmbeddedPostgres) -> None:
    cluster.start()
    pid = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    assert cluster.account is not None
    assert set(psutil.Process(pid).uids()) == {cluster.account.uid}
    assert psutil.Process(pid).gids().effective == cluster.account.gid
    assert cluster.data.stat().st_uid == cluster.account.uid


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_as_an_ordinary_user_it_runs_as_that_user(home: Path) -> None:
    home.mkdir(mode=0o700)
    user = pwd.getpwnam("nobody")
    os.chown(home, user.pw_uid, user.pw_gid)
    program = (
        # The interpreter may stand where only root can read it, so all modules are loaded before the switch.
        "import encodings.idna, os, psutil\nfrom pathlib import Path\nfrom pipeline.local.postgres import *\n"
        f"os.setgroups([])\nos.setgid({user.pw_gid})\nos.setuid({user.pw_uid})\n"
        f"p = EmbeddedPostgres(Path({str(home)!r}), durability=Durability.THROWAWAY, port=25432)\np.start()\n"
        "pid = int((p.data / 'postmaster.pid').read_text().splitlines()[0])\n"
        "print(psutil.Process(pid).uids().effective == os.getuid(), p.is_running())\np.stop()\n"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (result.stdout, result.returncode) == ("True True\n", 0), result.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to switch to another account")
def test_as_root_it_finds_shelter_from_closed_folders(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelter = home.parent.with_name(f"{home.parent.name}-shelter")
    monkeypatch.setattr("pipeline.local.shelter.data_folder.__kwdefaults__", {"shelter": shelter})
    monkeypatch.setattr("pipeline.local.shelter.binaries_folder.__kwdefaults__", {"shelter": shelter})
    package = binaries().parent.parent
    closed = home.parent / package.name
    shutil.copytree(binaries().parent, closed / binaries().parent.name, symlinks=True)
    if (libraries := package.with_name(f"{package.name}.libs")).exists():
        shutil.copytree(libraries, home.parent / libraries.name)
    monkeypatch.setattr("pipeline.local.postgres.binaries", lambda: closed / "pginstall18" / "bin")
    home.parent.chmod(0o700)
    try:
        postgres = EmbeddedPostgres(home, durability=Durability.THROWAWAY, port=25432)
        assert one(postgres.start(), "select 1") == 1
        assert postgres.data.is_relative_to(shelter)
        assert postgres.bin.is_relative_to(shelter)
        assert (home / "postgres").samefile(postgres.folder)
        again = EmbeddedPostgres(home)
        assert again.is_running()
        assert again.bin == postgres.bin
        again.stop()
    finally:
        shutil.rmtree(shelter)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to switch to another account")
def test_as_root_several_first_starts_at_once_share_one_copy_of_the_programs(home: Path) -> None:
    programs = home.parent / "package" / "pginstall18" / "bin"
    programs.mkdir(parents=True)
    for number in range(200):
        (programs / f"tool{number}").write_text("text")
    (programs / "postgres").write_text("text")
    home.parent.chmod(0o700)
    shelter = home.parent.with_name(f"{home.parent.name}-shelter")
    account = account_for_postgres()
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: binaries_folder(programs, account, shelter=shelter), range(4)))
        assert len(set(found)) == 1
        assert len(list(found[0].iterdir())) == 201
    finally:
        shutil.rmtree(shelter)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to switch to another account")
def test_as_root_without_a_shelter_the_closed_folder_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.parent.chmod(0o700)
    monkeypatch.setattr("pipeline.local.shelter.data_folder.__kwdefaults__", {"shelter": home.parent / "shelter"})
    with pytest.raises(EmbeddedPostgresError, match=rf"may not pass {home.parent} "):
        EmbeddedPostgres(home)


def test_a_port_is_free_until_somebody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert not ports.is_free(port)
        assert ports.next_free(port) > port
        assert f"pid {os.getpid()}" in ports.holder(port)
    assert ports.is_free(port)
    assert ports.next_free(port, taken=[port]) > port


def test_a_port_is_taken_by_a_listener_on_all_addresses() -> None:
    with socket.create_server(("", 0)) as other:
        assert not ports.is_free(other.getsockname()[1])
