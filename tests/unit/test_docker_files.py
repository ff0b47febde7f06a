"""What holds between docker-compose.yml, .env.example and the Dockerfile; whether they work, only Docker can tell."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipeline.config import Settings

CHECKOUT = Path(__file__).parent.parent.parent
COMPOSE_TEXT = (CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES = yaml.safe_load(COMPOSE_TEXT)["services"]


def test_the_example_names_every_variable_that_compose_reads_and_no_other():
    read = set(re.findall(r"\$\{(\w+)", COMPOSE_TEXT))
    example = (CHECKOUT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\w+)=", example, re.MULTILINE)) == read


def test_every_setting_reaches_the_parts_that_read_it():
    handed_on = set(SERVICES["scheduler"]["environment"])
    assert {f"WRITETHRU_{name.upper()}" for name in Settings.model_fields} - handed_on == {"WRITETHRU_HOME"}


def test_no_variable_has_to_be_set():
    assert re.findall(r"\$\{\w+(?!\w|:-)", COMPOSE_TEXT) == []


def test_every_port_is_open_to_this_machine_alone():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_service_that_stays_has_a_health_check():
    stays = {name for name, service in SERVICES.items() if service.get("restart") != "no"}
    assert stays == {name for name, service in SERVICES.items() if "healthcheck" in service}


def test_no_password_stands_in_an_environment():
    for service in SERVICES.values():
        for name, value in (service.get("environment") or {}).items():
            if name.startswith("WRITETHRU_") and name.endswith(("PASSWORD", "KEY")):
                assert value.endswith(":-}")  # handed on from .env to the service that writes the secrets, or empty
            assert not re.search(r"://\w+:[^@/]+@", str(value))


def test_only_the_service_that_writes_the_secrets_sees_those_of_the_env_file():
    sees = {
        name
        for name, service in SERVICES.items()
        if {"WRITETHRU_ADMIN_PASSWORD", "WRITETHRU_POSTGRES_PASSWORD"} & set(service.get("environment") or {})
    }
    assert sees == {"secrets"}
    assert {name for name, service in SERVICES.items() if "env_file" in service} == {"secrets"}


def test_one_service_builds_the_image_and_the_others_use_it():
    ours = {name for name, service in SERVICES.items() if service["image"] == "writethru:local"}
    assert {name for name, service in SERVICES.items() if "build" in service} == {"secrets"}
    assert len(ours) == len(SERVICES) - 2  # all but Postgres and Redis


def test_the_image_runs_as_an_ordinary_user():
    dockerfile = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^USER (\w+)$", dockerfile, re.MULTILINE)[-1] == "writethru"
    assert "# syntax=" not in dockerfile


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation without secrets."""
    made = tmp_path_factory.mktemp("docker")
    (made / "secrets").mkdir()
    return made


@pytest.fixture(scope="module")
def made(home: Path) -> subprocess.CompletedProcess[str]:
    """What the service `secrets` says of an `.env` with a password and two slips of the pen."""
    env = {
        "WRITETHRU_HOME": str(home),
        "WRITETHRU_ADMIN_PASSWORD": "chosen",
        "WRITETHRU_FERNET_KEY": "",
        "WRITETHRU_HOST_GAP_SECOND": "9",
        "WRITETHRU_PARALELISM": "3",
    }
    return subprocess.run(
        [sys.executable, CHECKOUT / "docker" / "make_secrets.py"], env=env, capture_output=True, text=True, check=True
    )


def test_secrets_are_taken_from_the_env_file_or_generated(made: subprocess.CompletedProcess[str], home: Path) -> None:
    folder = home / "secrets"
    assert "admin_password" in made.stdout
    assert (folder / "admin_password").read_text() == "chosen"
    assert len((folder / "fernet_key").read_text()) == 44
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_what_is_misspelt_in_the_env_file_is_named(made: subprocess.CompletedProcess[str]) -> None:
    assert "WRITETHRU_HOST_GAP_SECOND is no setting" in made.stderr
    assert "did you mean WRITETHRU_HOST_GAP_SECONDS?" in made.stderr
    assert "did you mean WRITETHRU_PARALLELISM?" in made.stderr
    assert "ADMIN_PASSWORD" not in made.stderr
