"""The bundled newsroom: publishers that do not exist, whose stories develop on a clock that can run fast.

It speaks HTTP as real publishers do, with their feed dialects, their page furniture and their bad manners, so that the
demo works without a network and a test meets the oddities of the real web. `stories/` holds the journalism.
"""

from pipeline.local.newsroom.clock import DEMO_SPEED, FastClock, ManualClock, NewsroomClock
from pipeline.local.newsroom.desk import CYCLE_MINUTES
from pipeline.local.newsroom.part import DEMO_SETTINGS, newsroom_part
from pipeline.local.newsroom.publisher import PUBLISHERS
from pipeline.local.newsroom.running import (
    STATE_FILE,
    Newsroom,
    NewsroomFeed,
    Place,
    newsroom_running,
    serving,
    subscriptions,
)
from pipeline.local.newsroom.server import LoggedRequest
from pipeline.local.newsroom.story import Snapshot, Story, bundled_stories, read_story

__all__ = [
    "CYCLE_MINUTES",
    "DEMO_SETTINGS",
    "DEMO_SPEED",
    "PUBLISHERS",
    "STATE_FILE",
    "FastClock",
    "LoggedRequest",
    "ManualClock",
    "Newsroom",
    "NewsroomClock",
    "NewsroomFeed",
    "Place",
    "Snapshot",
    "Story",
    "bundled_stories",
    "newsroom_part",
    "newsroom_running",
    "read_story",
    "serving",
    "subscriptions",
]
