"""Which articles are followed beyond their first version."""

from datetime import UTC, datetime

import pytest

from pipeline.model import Article, ArticleStatus, Follow, Validators
from pipeline.stories import status_after

CANDIDATE, FOLLOWING, SETTLED, WITHDRAWN, SKIPPED = (
    ArticleStatus.CANDIDATE,
    ArticleStatus.FOLLOWING,
    ArticleStatus.SETTLED,
    ArticleStatus.WITHDRAWN,
    ArticleStatus.SKIPPED,
)


def article(status: ArticleStatus, follow: Follow) -> Article:
    return Article(
        article_id=1,
        story_id=None,
        publisher="p",
        url="http://localhost/a",
        fetch_url="http://localhost/a",
        status=status,
        follow=follow,
        first_seen_at=datetime(2016, 11, 3, tzinfo=UTC),
        last_changed_at=None,
        last_captured_at=None,
        versions=0 if status is CANDIDATE else 3,
        failures=0,
        missing=0,
        validators=Validators(),
        body_sha256=None,
    )


# status before, follow, says it develops, brings a version → status after
CASES = [
    (CANDIDATE, Follow.DEVELOPING, True, True, FOLLOWING),
    (CANDIDATE, Follow.DEVELOPING, False, True, SKIPPED),
    (CANDIDATE, Follow.ALL, False, True, FOLLOWING),
    (SKIPPED, Follow.DEVELOPING, False, False, SKIPPED),
    (SKIPPED, Follow.DEVELOPING, True, False, FOLLOWING),
    (SKIPPED, Follow.DEVELOPING, False, True, FOLLOWING),
    (SKIPPED, Follow.ALL, False, False, FOLLOWING),
    (SETTLED, Follow.DEVELOPING, True, False, SETTLED),
    (SETTLED, Follow.ALL, True, False, SETTLED),
    (SETTLED, Follow.DEVELOPING, False, True, FOLLOWING),
    (FOLLOWING, Follow.DEVELOPING, False, False, FOLLOWING),
    (FOLLOWING, Follow.DEVELOPING, False, True, FOLLOWING),
    (WITHDRAWN, Follow.DEVELOPING, False, False, FOLLOWING),
    (WITHDRAWN, Follow.DEVELOPING, True, True, FOLLOWING),
]


@pytest.mark.parametrize(("before", "follow", "says", "is_new", "after"), CASES)
def test_status_after_a_good_page(before, follow, says, is_new, after):
    one = article(before, follow)
    assert status_after(one, is_developing=says, versions=one.versions + is_new) is after


@pytest.mark.parametrize("before", list(ArticleStatus))
def test_a_good_page_never_leaves_a_candidate_nor_withdraws(before):
    one = article(before, Follow.DEVELOPING)
    for says in (True, False):
        for is_new in (True, False):
            after = status_after(one, is_developing=says, versions=one.versions + is_new)
            assert after not in {CANDIDATE, WITHDRAWN}
