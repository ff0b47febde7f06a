"""Settings: every limit and address, with its unit and default, read from `WRITETHRU_*` variables."""

import os
from difflib import get_close_matches
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

# Longer than anybody means, and short enough to be taken from any date.
_CENTURY_DAYS = 36_525
_CENTURY_MONTHS = 1200
_CENTURY_SECONDS = _CENTURY_DAYS * 24 * 3600

_PREFIX = "WRITETHRU_"
#: Variables that others read: docker-compose.yml, Writethru's own Airflow, tests and benchmarks.
_OTHERS_READ = frozenset(
    f"{_PREFIX}{name}"
    for name in (
        *("POSTGRES_PASSWORD", "ADMIN_PASSWORD", "FERNET_KEY", "PORT", "POSTGRES_PORT"),
        *("PARALLELISM", "WORKER_CONCURRENCY", "EXECUTOR", "NEWSROOM_SPEED"),
        *("AIRFLOW_DB", "CHROMIUM", "DATA_DIR"),
    )
)

PACKAGE_DIR = Path(__file__).parent
CHECKOUT_DIR = PACKAGE_DIR.parent


def bundled(name: str) -> Path:
    """Return the path of a file or folder that travels with the program (`sql`, `dags`, `feeds.opml`).

    In a checkout it stands beside the package, in an installed wheel inside it.
    """
    inside = PACKAGE_DIR / "_bundled" / name
    return inside if inside.exists() else CHECKOUT_DIR / name


def default_home() -> Path:
    """Return `var/` in a checkout, else the platform's folder for a user's data."""
    if (CHECKOUT_DIR / "pyproject.toml").exists():
        return CHECKOUT_DIR / "var"
    return Path(platformdirs.user_data_dir("writethru", appauthor=False))


class Settings(BaseSettings):
    """All settings. A variable is the field's name in capitals behind `WRITETHRU_`."""

    model_config = SettingsConfigDict(
        env_prefix="WRITETHRU_", frozen=True, extra="ignore", env_ignore_empty=True, allow_inf_nan=False
    )

    home: Path = Field(default_factory=default_home, description="Where the state lives: database, logs, passwords.")
    database_url: str | None = Field(
        default=None, description="A Postgres of your own; without it the embedded one in `home` is used."
    )

    contact: str = Field(
        default="https://github.com/writethru/writethru",
        description="Address in the User-Agent by which a publisher can reach you. Set it to your own.",
    )
    allow_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(), description="Comma-separated CIDR list of private networks the fetcher may reach."
    )

    fetch_total_seconds: float = Field(default=20.0, gt=0, description="Deadline of one fetch, all hops included.")
    fetch_connect_seconds: float = Field(default=5.0, gt=0, description="Deadline of one connection attempt.")
    feed_max_bytes: int = Field(default=10 * 2**20, gt=0, description="Cap on a feed's decoded body.")
    article_max_bytes: int = Field(default=5 * 2**20, gt=0, description="Cap on a page's decoded body.")
    max_redirects: int = Field(default=5, ge=0, description="Hops before a fetch is given up.")
    max_entries_per_feed: int = Field(default=2000, gt=0, description="Entries read of one feed document.")
    fetch_concurrency: int = Field(default=32, gt=0, description="Fetches under way at once in one task.")
    host_concurrency: int = Field(default=2, gt=0, description="Fetches under way at once to one host.")
    host_gap_seconds: float = Field(default=2.0, ge=0, description="Pause between two fetches of one host.")

    host_fetches_per_hour: int = Field(
        default=600,
        gt=0,
        description="Pages of one host fetched in an hour; its articles are looked at less often then.",
    )
    fetches_per_hour: int = Field(default=20_000, gt=0, description="Pages of all hosts together fetched in an hour.")

    poll_default_seconds: int = Field(
        default=300, gt=0, le=_CENTURY_SECONDS, description="How often a feed is polled when none is said."
    )
    poll_min_seconds: int = Field(
        default=60, gt=0, le=_CENTURY_SECONDS, description="Never poll a feed more often than this."
    )
    poll_max_seconds: int = Field(
        default=24 * 3600, gt=0, le=_CENTURY_SECONDS, description="Never poll a living feed less often than this."
    )
    poll_budget_seconds: float = Field(default=40.0, gt=0, description="Time one poll task may take for its shard.")
    capture_min_seconds: int = Field(
        default=300, gt=0, le=_CENTURY_SECONDS, description="Never look at an article more often than this."
    )
    capture_max_seconds: int = Field(
        default=24 * 3600, gt=0, le=_CENTURY_SECONDS, description="Look at a followed article at least so often."
    )
    capture_budget_seconds: float = Field(
        default=40.0, gt=0, description="Time one capture task may take for its shard."
    )
    record_budget_seconds: float = Field(
        default=120.0, gt=0, description="Time one record task may take for its shard; a page that is begun is ended."
    )
    settle_after_seconds: int = Field(
        default=3 * 24 * 3600,
        gt=0,
        le=_CENTURY_SECONDS,
        description="A story without a change for so long counts as settled.",
    )
    spacy_model: str | None = Field(
        default=None,
        description="A spaCy pipeline, installed or as a folder, that finds names; without one the rules do alone.",
    )

    shards: int = Field(default=4, gt=0, description="Mapped tasks per DAG run; no host is in two of them.")
    shard_size: int = Field(default=500, gt=0, description="Feeds or articles in one shard at the most.")

    keep_captures_months: int = Field(default=12, gt=0, le=_CENTURY_MONTHS, description="Months of raw captures kept.")
    keep_polls_days: int = Field(default=14, gt=0, le=_CENTURY_DAYS, description="Days of the poll log kept.")
    keep_airflow_hours: int = Field(
        default=72, gt=0, le=24 * _CENTURY_DAYS, description="Hours of Airflow's own run history and logs kept."
    )

    @field_validator("allow_networks", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("contact")
    @classmethod
    def _fits_a_header(cls, value: str) -> str:
        # Sent with every request: a line break in it would make each of them fail.
        if not (value.isprintable() and value.isascii()):
            raise ValueError("it is sent in a header, so only printable ASCII characters may stand in it")
        return value

    @field_validator("poll_max_seconds", "capture_max_seconds")
    @classmethod
    def _not_below_the_least(cls, value: int, info: ValidationInfo) -> int:
        least = str(info.field_name).replace("max", "min")
        if value < info.data.get(least, value):
            raise ValueError(f"it is less than WRITETHRU_{least.upper()}, {info.data[least]}")
        return value

    @property
    def user_agent(self) -> str:
        """The honest User-Agent: who we are and whom to ask."""
        from pipeline import __version__  # noqa: PLC0415 - the package's own __init__, kept out of the import cycle

        return f"writethru/{__version__} (+{self.contact})"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


def unknown_variables() -> dict[str, str | None]:
    """Return the variables of the environment that look like settings and are none, each with the one it resembles."""
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields} | _OTHERS_READ
    unknown = sorted(name for name in os.environ if name.upper().startswith(_PREFIX) and name.upper() not in known)
    return {name: next(iter(get_close_matches(name.upper(), known, n=1, cutoff=0.8)), None) for name in unknown}
