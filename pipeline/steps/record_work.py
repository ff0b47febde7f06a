"""One capture being recorded: what its transaction has at hand, and how every such transaction ends."""

from dataclasses import dataclass
from datetime import datetime

from pipeline import schedule, stories
from pipeline.config import Settings
from pipeline.fetching import host_of
from pipeline.model import Article, Boilerplate, Capture, Outcome
from pipeline.steps.paces import capture_bounds
from pipeline.store import recording
from pipeline.store.connections import Connection
from pipeline.store.recording import ArticleRecord, Place


@dataclass(slots=True, kw_only=True)
class Tally:
    """How many rows one capture brought."""

    versions: int = 0
    updates: int = 0
    facts: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an article's publisher and host before its capture is read, and of the stories it may join."""

    pace: schedule.Pace | None
    boilerplate: Boilerplate
    leads: dict[int, str]  #: first words of versions by their numbers, as far as this run has asked for them


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One capture being recorded: everything that its transaction needs at hand. `tally` is filled on the way."""

    connection: Connection
    settings: Settings
    article: Article
    capture: Capture
    tally: Tally
    now: datetime
    known: Known

    def next_capture(self, article: Article, outcome: Outcome) -> datetime | None:
        """Return when the article, as it stands after this capture, is due next."""
        bounds = capture_bounds(self.settings)
        return schedule.next_capture(
            article, outcome, now=self.capture.captured_at, bounds=bounds, pace=self.known.pace
        )

    def finish(self, article: Article, *, outcome: Outcome) -> None:
        """Store how the article stands, and that its capture has been read."""
        recording.save_article_record(
            self.connection,
            ArticleRecord(
                article_id=article.article_id,
                story_id=article.story_id,
                status=article.status,
                url=article.url,
                fetch_url=article.fetch_url,
                host=host_of(article.fetch_url),
                versions=article.versions,
                failures=0 if outcome.is_success else article.failures,
                missing=article.missing,
                captured_at=self.capture.captured_at,
                last_changed_at=article.last_changed_at,
                next_capture_at=self.next_capture(article, outcome),
                outcome=outcome,
            ),
        )
        recording.finish_capture(
            self.connection,
            self.capture,
            outcome=outcome,
            detail=None,
            keep_body=outcome is Outcome.NEW_VERSION,
            now=self.now,
        )

    def tell(self, story_id: int, happening: stories.Happening, *, version_id: int | None = None) -> None:
        """Store the events of what happened."""
        events = stories.events_of(happening)
        place = Place(story_id=story_id, article_id=self.article.article_id, version_id=version_id)
        recording.save_events(self.connection, place, events)
        self.tally.events += len(events)

    def conclude(self, article: Article, *, outcome: Outcome) -> None:
        """Finish a capture that brought nothing to read, and tell what became of the article by it."""
        self.finish(article, outcome=outcome)
        if article.story_id is None:
            return
        happening = stories.Happening(
            at=self.capture.captured_at,
            status_before=self.article.status,
            status_after=article.status,
            moved_to=self.moved_to(article),
        )
        self.tell(article.story_id, happening)
        recording.refresh_story(self.connection, article.story_id, url=article.url, moved_from=self.article.url)

    def moved_to(self, article: Article) -> str | None:
        """Return the article's address where a version of it has been read at another one."""
        return article.url if article.url != self.article.url and self.article.versions else None
