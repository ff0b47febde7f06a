"""Which articles are followed beyond their first version."""

from pipeline.model import Article, ArticleStatus, Follow


def status_after(article: Article, *, is_developing: bool, versions: int) -> ArticleStatus:
    """Return an article's status after a good page of it was read.

    `versions` counts the new version, if the page brought one. An article is followed if it says there is more to
    come, if its feed is followed whole, or if it has changed after its first version (it keeps changing, whatever it
    says). One that is followed stays so until it has been quiet for long enough (`schedule.has_settled`).
    """
    if is_developing or article.follow is Follow.ALL or article.status is ArticleStatus.FOLLOWING:
        return ArticleStatus.FOLLOWING
    if versions > max(article.versions, 1):
        return ArticleStatus.FOLLOWING
    if article.status is ArticleStatus.WITHDRAWN:
        return ArticleStatus.FOLLOWING
    if article.status is ArticleStatus.CANDIDATE:
        return ArticleStatus.SKIPPED
    return article.status
