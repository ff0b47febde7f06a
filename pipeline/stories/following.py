"""Which articles are followed beyond their first version."""

from pipeline.model import Article, ArticleStatus, Follow


def status_after(article: Article, *, is_developing: bool, versions: int) -> ArticleStatus:
    """Return an article's status after a good page of it was read.

    `article` is as it was before; `versions` counts the new version, if the page brought one. An article is followed
    if it says there is more to come, if it is to be followed in any case, or if it has changed after its first version
    (it keeps changing, whatever it says). One that is followed stays so until it has been quiet for long enough
    (`schedule.has_settled`); one that has settled comes back only with a new version.
    """
    changed = versions > article.versions
    wanted = is_developing or article.follow is Follow.ALL
    match article.status:
        case ArticleStatus.FOLLOWING | ArticleStatus.WITHDRAWN:
            followed = True
        case ArticleStatus.CANDIDATE:
            followed = wanted
        case ArticleStatus.SKIPPED:
            followed = wanted or changed
        case ArticleStatus.SETTLED:
            followed = changed
    if followed:
        return ArticleStatus.FOLLOWING
    return ArticleStatus.SKIPPED if article.status is ArticleStatus.CANDIDATE else article.status
