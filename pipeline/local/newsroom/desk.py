"""A publisher's desk: which stories it shows at a minute, under which addresses, edition after edition.

When a cycle is over, the same stories come out again as a new edition, with new numbers, slugs, guids and, where
they are invented, names; the pages of the editions before stay up, as archives do. So a demo never runs dry.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from pipeline.local.newsroom.clock import NewsroomClock
from pipeline.local.newsroom.publisher import Publisher
from pipeline.local.newsroom.retelling import retold
from pipeline.local.newsroom.story import Snapshot, Story

CYCLE_MINUTES = 6000.0  #: length of an edition in story-minutes
_NUMBER_STEP = 100_000  #: by how much a story's number grows with each edition


def edition_at(minutes: float) -> int:
    """Return the number, from 1, of the edition that runs at a minute."""
    return max(0, int(minutes // CYCLE_MINUTES)) + 1


def first_minute_of(edition: int) -> float:
    """Return the minute at which an edition begins."""
    return (edition - 1) * CYCLE_MINUTES


@dataclass(frozen=True, slots=True)
class Airing:
    """One story in one edition: what has an address and a guid of its own."""

    story: Story
    edition: int

    @property
    def number(self) -> int:
        """The article's number in its publisher's archive."""
        return self.story.number + (self.edition - 1) * _NUMBER_STEP

    def slug(self, story_slug: str) -> str:
        """Return a slug of the story as this edition spells it."""
        return story_slug if self.edition == 1 else f"{story_slug}-{self.edition}"

    def minute(self, minutes: float) -> float:
        """Return the story's own minute at the newsroom's."""
        return minutes - first_minute_of(self.edition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A story as a feed or page shows it. `url` is its canonical address, `link` the one its feed gives."""

    airing: Airing
    snapshot: Snapshot
    url: str
    link: str
    guid: str
    published: datetime
    modified: datetime

    @property
    def story(self) -> Story:
        """The story shown."""
        return self.airing.story


class Absence(Enum):
    """Why an address shows no story."""

    UNKNOWN = 404
    WITHDRAWN = 410


@dataclass(frozen=True, slots=True)
class MovedTo:
    """Where the story that was at an address is found."""

    url: str


@dataclass(slots=True)
class Desk:
    """The desk of one publisher, whose server is found at `base_url` (no slash at its end).

    Its feed shows nothing of editions before `first_edition`.
    """

    publisher: Publisher
    stories: Sequence[Story]
    clock: NewsroomClock
    base_url: str
    first_edition: int = 1

    def url(self, airing: Airing, story_slug: str) -> str:
        """Return the address of an article under one of its story's slugs."""
        path = self.publisher.article_path.format(slug=airing.slug(story_slug), number=airing.number)
        return self.base_url + path

    def moment(self, airing: Airing, story_minute: float) -> datetime:
        """Return the world's time of a minute of a story."""
        return self.clock.when(first_minute_of(airing.edition) + story_minute)

    def item(self, airing: Airing) -> Item | None:
        """Return what an article shows at this moment, withdrawn or not; none before it is published."""
        snapshot = airing.story.at(airing.minute(self.clock.minutes()))
        if snapshot is None:
            return None
        url = self.url(airing, snapshot.slug)
        return Item(
            airing=airing,
            snapshot=snapshot,
            url=url,
            link=url + self.publisher.tracking,
            guid=f"{self.publisher.name}-{airing.number}",
            published=self.moment(airing, snapshot.published),
            modified=self.moment(airing, snapshot.modified),
        )

    def front(self) -> tuple[Item, ...]:
        """Return what the feed and the front page show, the newest first: this edition and the one before."""
        minutes = self.clock.minutes()
        shown = [
            item
            for airing in self._airings(self._editions_in_front())
            if not airing.story.is_withdrawn(airing.minute(minutes)) and (item := self.item(airing))
        ]
        return tuple(sorted(shown, key=lambda item: (self.dated(item), item.guid), reverse=True))

    def dated(self, item: Item) -> datetime:
        """Return the date the feed gives an item."""
        return item.modified if self.publisher.dates_edits else item.published

    def changed(self) -> datetime:
        """Return when the front last changed in any way, a story's move or end among them."""
        minutes = self.clock.minutes()
        moments = [
            first_minute_of(airing.edition) + max(0.0, moment)
            for airing in self._airings(self._editions_in_front())
            for moment in _moments(airing.story)
        ]
        return self.clock.when(max((moment for moment in moments if moment <= minutes), default=0.0))

    def find(self, path: str) -> Item | MovedTo | Absence:
        """Return what is at a path (with its query, where the publisher's addresses have one)."""
        minutes = self.clock.minutes()
        for airing in self._airings(range(edition_at(minutes), 0, -1)):
            for slug in airing.story.slugs:
                if self.url(airing, slug) != self.base_url + path:
                    continue
                item = self.item(airing)
                if item is None:
                    return Absence.UNKNOWN
                if airing.story.is_withdrawn(airing.minute(minutes)):
                    return Absence.WITHDRAWN
                if item.url == self.url(airing, slug):
                    return item
                is_old = slug == airing.story.slug
                return MovedTo(item.url) if is_old else Absence.UNKNOWN
        return Absence.UNKNOWN

    def _editions_in_front(self) -> range:
        running = edition_at(self.clock.minutes())
        return range(max(self.first_edition, running - 1), running + 1)

    def _airings(self, editions: range) -> Iterator[Airing]:
        for edition in editions:
            for story in self.stories:
                if story.publisher == self.publisher.name:
                    yield Airing(retold(story, edition), edition)


def _moments(story: Story) -> Iterator[float]:
    yield from story.changes_at
    if story.move:
        yield story.move.at
    if story.withdrawn_at is not None:
        yield story.withdrawn_at
