"""Every page of the newsroom, asked for twenty times while its noise changes: one reading, and never a false update."""

from collections.abc import Callable
from typing import Any

from pipeline.articles import read_article
from pipeline.changes import content_sha256
from pipeline.local.newsroom import ManualClock, Newsroom
from pipeline.model import Content

CAPTURES = 20


def test_a_page_that_no_editor_touched_always_reads_the_same(
    newsroom: Newsroom, clock: ManualClock, get: Callable[..., Any]
):
    clock.advance(200)
    read = 0
    for story in newsroom.stories:
        url = newsroom.url(story.name)
        answers = [get(url) for _ in range(CAPTURES)]
        if {answer.status for answer in answers} != {200}:
            continue
        contents = [read_article(a.body, url=url, content_type=a.headers["content-type"]) for a in answers]
        if not isinstance(contents[0], Content):
            continue
        read += 1
        assert len({answer.body for answer in answers}) > 1, story.name
        hashes = {content_sha256(c.headline, c.text) if isinstance(c, Content) else c.detail for c in contents}
        assert len(hashes) == 1, story.name
    assert read >= 5
