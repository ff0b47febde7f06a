# mypy: disable-error-code="untyped-decorator"
# ruff: noqa: PLC0415 - see writethru_common
"""### Add feeds

By hand, with a form: feeds to poll from now on, or single articles to follow whatever feed they are in, or none.
An address that is known already is not added twice; what the form says of it is taken over.

The first poll comes within a minute (*Poll feeds*), an article's first capture too (*Follow stories*).

**If a task is red**, its log says why under *Task failed with exception*.

1. An address that is not `http` or `https`, or is malformed: nothing of that run was stored; trigger it again.
2. *database*: is Postgres up, is the connection `writethru` right? *schema*: run `writethru db upgrade`.

`writethru feeds check URL` tells beforehand whether an address is a feed and what Writethru reads in it.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import Metadata, Param, dag, task
from airflow.sdk.exceptions import AirflowSkipException
from writethru_common import DEFAULTS, ENTRIES, record_access, say, seen_since

ADDRESSES = {"type": ["array", "null"], "items": {"type": "string"}}


@dag(
    dag_display_name="Add feeds",
    schedule=None,
    dagrun_timeout=timedelta(minutes=10),
    tags=["writethru", "feeds"],
    params={
        "feeds": Param([], **ADDRESSES, title="Feeds", description="Addresses of feeds to poll, one a line."),
        "publisher": Param(None, type=["string", "null"], title="Publisher", description="Of these feeds, if known."),
        "follow": Param(
            "developing", enum=["developing", "all"], title="Follow", description="Which articles of these feeds."
        ),
        "articles": Param(
            [], **ADDRESSES, title="Articles", description="Addresses of articles to follow, one a line."
        ),
    },
    doc_md=__doc__,
    **DEFAULTS,
)
def add_feeds() -> None:
    @task(execution_timeout=timedelta(minutes=5), doc_md="Adds the feeds; the next poll fetches them.")
    def subscribe(params: Any = None) -> None:
        from pipeline import steps
        from pipeline.model import FeedSubscription, Follow

        wanted = [
            FeedSubscription(url=url.strip(), publisher=params["publisher"], follow=Follow(params["follow"]))
            for url in params["feeds"] or ()
            if url.strip()
        ]
        if not wanted:
            raise AirflowSkipException("no feeds given")
        with record_access() as (database, settings):
            added = steps.add_feeds(database, settings, wanted)
        say(f"{added} feeds added, {len(wanted) - added} known already")

    @task(outlets=[ENTRIES], execution_timeout=timedelta(minutes=5), doc_md="Makes the articles due at once.")
    def follow_articles(params: Any = None) -> Any:
        from pipeline.steps import follow_urls

        wanted = [url.strip() for url in params["articles"] or () if url.strip()]
        if not wanted:
            raise AirflowSkipException("no articles given")
        with record_access() as (database, _):
            followed = follow_urls(database, wanted)
        say(f"{followed} articles are followed")
        yield Metadata(ENTRIES, extra={"due": followed, "seen": seen_since()})

    subscribe()
    follow_articles()


add_feeds()
