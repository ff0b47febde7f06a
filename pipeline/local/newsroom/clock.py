"""The newsroom's clock: how many story-minutes have passed, and when, in the world's time, a minute is.

Minute 0 is the start. Later minutes run at the clock's speed once it has begun. Minutes before 0 lie as far back
as the speed says, so that nothing a page dates is ever in the future.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

DEMO_SPEED = 10.0  #: story-minutes per second: four days of news in ten minutes


class NewsroomClock(Protocol):
    """What the newsroom asks of a clock."""

    def begin(self) -> None:
        """Let the time run, unless it does already."""

    def minutes(self) -> float:
        """Return the story-minutes that have passed."""

    def when(self, minutes: float) -> datetime:
        """Return the world's time at which a story-minute is or was."""

    def now(self) -> datetime:
        """Return the world's time of this moment."""


@dataclass(slots=True, kw_only=True)
class FastClock:
    """Runs at `speed` story-minutes per second of real time, beginning when it is told to.

    It waits for `begin`, so that a pipeline that takes a while to come up still meets the first versions.
    `first_minute` is where it stands until then. Not to be run faster than 60: HTTP dates have whole seconds.
    """

    speed: float = DEMO_SPEED
    first_minute: float = 0.0
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    begun_at: datetime | None = None

    def begin(self) -> None:
        """Let the time run, unless it does already."""
        if self.begun_at is None:
            self.begun_at = datetime.now(UTC)

    def minutes(self) -> float:
        """Return the story-minutes that have passed, `first_minute` until `begin`."""
        if self.begun_at is None:
            return self.first_minute
        return self.first_minute + (datetime.now(UTC) - self.begun_at).total_seconds() * self.speed

    def when(self, minutes: float) -> datetime:
        """Return the world's time of a story-minute; what was there at the start keeps its dates."""
        since = minutes - self.first_minute
        origin = self.made_at if since <= 0 or self.begun_at is None else self.begun_at
        return origin + timedelta(seconds=since / self.speed)

    def now(self) -> datetime:
        """Return the world's time."""
        return datetime.now(UTC)


@dataclass(slots=True)
class ManualClock:
    """Stands still until a test advances it. A story-minute is a minute of the world after `epoch`."""

    epoch: datetime = datetime(2016, 11, 3, 9, 0, tzinfo=UTC)
    elapsed: float = 0.0

    def begin(self) -> None:
        """Do nothing: only `advance` moves this clock."""

    def advance(self, minutes: float) -> None:
        """Let story-minutes pass. Raises ValueError where they are negative."""
        if minutes < 0:
            raise ValueError("a newsroom's clock never runs backwards")
        self.elapsed += minutes

    def minutes(self) -> float:
        """Return the story-minutes that have passed."""
        return self.elapsed

    def when(self, minutes: float) -> datetime:
        """Return the world's time of a story-minute."""
        return self.epoch + timedelta(minutes=minutes)

    def now(self) -> datetime:
        """Return one second past the present minute: what changes on the minute has just changed."""
        return self.when(self.elapsed) + timedelta(seconds=1)
