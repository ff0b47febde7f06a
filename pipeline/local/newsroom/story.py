"""A story as its author writes it (a TOML file in `stories/`), and what it shows at a given minute.

Times are story-minutes since the story's edition began; a negative one lies before it. Everything is a pure
function of the file and the minute: the same minute always shows the same text.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipeline.errors import ConfigurationError


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryVersion:
    """One text of a story. `correction` is a paragraph too, set apart by the page at the end."""

    at: float
    headline: str
    summary: str
    body: tuple[str, ...]
    correction: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPost:
    """One entry of a live blog, or, under an identity that was there before, its edited text."""

    at: float
    identity: str
    headline: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The moment at which a story gets another address; the old one then redirects with 301."""

    at: float
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPost:
    """A live blog entry as the page shows it."""

    identity: str
    headline: str
    text: str
    published: float
    modified: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a story shows at one minute. `number` counts its texts from 1; `posts` stand newest first.

    `live_until` is when a live blog ended, once it has.
    """

    number: int
    headline: str
    summary: str
    body: tuple[str, ...]
    correction: str | None
    posts: tuple[ShownPost, ...]
    slug: str
    published: float
    modified: float
    live_until: float | None = None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The journalism on the page in its order: body, posts (without their headlines), correction."""
        posts = tuple(post.text for post in self.posts)
        return (*self.body, *posts, *([self.correction] if self.correction else []))


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article of one publisher through its whole life. Raises nothing once it is read."""

    name: str
    publisher: str
    number: int
    slug: str
    section: str
    byline: str
    caption: str
    versions: tuple[StoryVersion, ...]
    posts: tuple[StoryPost, ...] = ()
    move: Move | None = None
    withdrawn_at: float | None = None
    live_until: float | None = None

    @property
    def is_live_blog(self) -> bool:
        """Whether the story is told in posts."""
        return bool(self.posts)

    @property
    def published(self) -> float:
        """The minute of the first version."""
        return self.versions[0].at

    @property
    def changes_at(self) -> tuple[float, ...]:
        """The minutes at which the text changes, the first version's among them, in order."""
        return tuple(sorted({version.at for version in self.versions} | {post.at for post in self.posts}))

    @property
    def slugs(self) -> tuple[str, ...]:
        """Every slug the story ever has, in order."""
        return (self.slug, self.move.slug) if self.move else (self.slug,)

    def is_withdrawn(self, minute: float) -> bool:
        """Whether the publisher has taken the story down by `minute`."""
        return self.withdrawn_at is not None and minute >= self.withdrawn_at

    def at(self, minute: float) -> Snapshot | None:
        """Return the story's text at `minute`, withdrawn or not; none before its first version."""
        changes = [change for change in self.changes_at if change <= minute]
        shown = [version for version in self.versions if version.at <= minute]
        if not shown:
            return None
        version = shown[-1]
        moved = self.move is not None and minute >= self.move.at
        return Snapshot(
            number=len(changes),
            headline=version.headline,
            summary=version.summary,
            body=version.body,
            correction=version.correction,
            posts=_posts_at(self.posts, minute),
            slug=self.slugs[-1] if moved else self.slug,
            published=self.published,
            modified=changes[-1],
            live_until=self.live_until if self.live_until is not None and self.live_until <= minute else None,
        )


def _posts_at(posts: Sequence[StoryPost], minute: float) -> tuple[ShownPost, ...]:
    shown: dict[str, ShownPost] = {}
    for post in posts:
        if post.at <= minute:
            before = shown.get(post.identity)
            shown[post.identity] = ShownPost(
                identity=post.identity,
                headline=post.headline,
                text=post.text,
                published=before.published if before else post.at,
                modified=post.at,
            )
    return tuple(sorted(shown.values(), key=lambda post: post.published, reverse=True))


def read_story(text: str, *, source: str) -> Story:
    """Read a story file. Raises ConfigurationError, naming `source`, where it is malformed."""
    try:
        return _story(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        message = f"{source} is not a story: {error}. See stories/mosul.toml for the form."
        raise ConfigurationError(message) from error


def _story(data: Mapping[str, Any]) -> Story:
    paragraphs: Mapping[str, str] = data["paragraphs"]
    versions = tuple(
        StoryVersion(
            at=version["at"],
            headline=version["headline"],
            summary=version["summary"],
            body=tuple(paragraphs[name] for name in version["body"]),
            correction=paragraphs[version["correction"]] if "correction" in version else None,
        )
        for version in data["versions"]
    )
    posts = tuple(
        StoryPost(at=post["at"], identity=post["id"], headline=post["headline"], text=post["text"])
        for post in data.get("posts", ())
    )
    story = Story(
        name=data["name"],
        publisher=data["publisher"],
        number=data["number"],
        slug=data["slug"],
        section=data["section"],
        byline=data["byline"],
        caption=data["caption"],
        versions=versions,
        posts=posts,
        move=Move(**data["move"]) if "move" in data else None,
        withdrawn_at=data.get("withdrawn_at"),
        live_until=data.get("live_until"),
    )
    for timed in (versions, posts):
        minutes = [item.at for item in timed]
        if minutes != sorted(minutes):
            message = f"the times of {story.name} are not in order"
            raise ValueError(message)
    return story


@lru_cache(maxsize=1)
def bundled_stories() -> tuple[Story, ...]:
    """Return the stories that travel with the program, by name."""
    folder = files("pipeline.local.newsroom") / "stories"
    sources = [source for source in folder.iterdir() if source.name.endswith(".toml")]
    found = [read_story(source.read_text(encoding="utf-8"), source=source.name) for source in sources]
    return tuple(sorted(found, key=lambda story: story.name))
