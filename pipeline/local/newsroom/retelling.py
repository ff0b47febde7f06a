"""A story as a later edition tells it: the same events in other places, so that they are not taken for the old ones.

Names that belong to the world (Mosul) stay as they are; `names.toml` holds the invented ones and what follows them.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files

from pipeline.local.newsroom.story import Story


@lru_cache(maxsize=512)
def retold(story: Story, edition: int) -> Story:
    """Return the story as an edition, counted from 1, tells it; the first edition's is the story itself."""
    names = _names(edition)
    if not names:
        return story
    slugs = {_slug(old): _slug(new) for old, new in names.items()}
    return replace(
        story,
        slug=_renamed(story.slug, slugs),
        caption=_renamed(story.caption, names),
        versions=tuple(
            replace(
                version,
                headline=_renamed(version.headline, names),
                summary=_renamed(version.summary, names),
                body=tuple(_renamed(paragraph, names) for paragraph in version.body),
                correction=_renamed(version.correction, names) if version.correction else None,
            )
            for version in story.versions
        ),
        posts=tuple(
            replace(post, headline=_renamed(post.headline, names), text=_renamed(post.text, names))
            for post in story.posts
        ),
        move=replace(story.move, slug=_renamed(story.move.slug, slugs)) if story.move else None,
    )


@lru_cache(maxsize=16)
def _names(edition: int) -> Mapping[str, str]:
    """Return what each name is replaced by in an edition; after the last names the first come again."""
    text = (files("pipeline.local.newsroom") / "names.toml").read_text(encoding="utf-8")
    lists: dict[str, list[str]] = tomllib.loads(text)
    turn = (edition - 1) % (1 + min(map(len, lists.values())))
    return {name: later[turn - 1] for name, later in lists.items()} if turn else {}


def _renamed(text: str, names: Mapping[str, str]) -> str:
    # All at once, so that no new name is taken for an old one. No boundary behind: "Karvanian" is "Karvania" and "n".
    pattern = rf"\b(?:{'|'.join(map(re.escape, names))})"
    return re.sub(pattern, lambda match: names[match[0]], text)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
