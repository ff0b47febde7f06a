"""Settings from the environment."""

from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import ValidationError

from pipeline.config import Settings, default_home


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WRITETHRU_HOME", "")
    monkeypatch.setenv("WRITETHRU_DATABASE_URL", "")
    settings = Settings()
    assert settings.home == default_home()
    assert settings.database_url is None


def test_networks_are_a_comma_separated_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRITETHRU_ALLOW_NETWORKS", "127.0.0.0/8, fd00::/8,")
    assert Settings().allow_networks == (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))


def test_an_impossible_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRITETHRU_SHARDS", "0")
    with pytest.raises(ValidationError, match="shards"):
        Settings()
