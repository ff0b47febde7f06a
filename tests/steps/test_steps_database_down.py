"""Postgres going away, before a step or in its midst: said plainly, nothing lost, and everything goes on afterwards."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from pipeline import steps
from pipeline.config import Settings
from pipeline.errors import DatabaseUnavailableError, SchemaMissingError
from pipeline.local.newsroom import Newsroom
from pipeline.local.ports import next_free
from pipeline.local.postgres import Durability, EmbeddedPostgres
from pipeline.store.connections import connect
from pipeline.store.migrations import upgrade


@pytest.fixture(scope="module")
def mortal() -> Iterator[EmbeddedPostgres]:
    """A Postgres that the tests may stop and start."""
    with tempfile.TemporaryDirectory(prefix="writethru-mortal-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        postgres = EmbeddedPostgres(home, durability=Durability.SAFE, port=next_free(26432))
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.stop()


@pytest.fixture
def url(mortal: EmbeddedPostgres, request: pytest.FixtureRequest) -> str:
    name = f"mortal_{abs(hash(request.node.name))}"
    mortal.ensure_database(name)
    upgrade(mortal.url(name))
    return mortal.url(name)


STEPS: dict[str, Callable[[str, Settings], object]] = {
    "plan polls": steps.plan_polls,
    "poll": lambda url, settings: steps.poll_feeds(url, settings, [1]),
    "plan captures": steps.plan_captures,
    "capture": lambda url, settings: steps.capture_articles(url, settings, [1]),
    "record": steps.record_captures,
    "round": steps.run_round,
    "tend": steps.tend_store,
    "alarms": lambda url, _: steps.feed_alarms(url),
    "follow": lambda url, _: steps.follow_urls(url, ["http://localhost/a"]),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_without_a_database_says_so(step: str, settings: Settings) -> None:
    with pytest.raises(DatabaseUnavailableError, match=r"127\.0\.0\.1:9/none"):
        STEPS[step]("postgresql://someone:secret@127.0.0.1:9/none", settings)


def test_the_message_never_holds_the_password(settings: Settings) -> None:
    with pytest.raises(DatabaseUnavailableError) as caught:
        steps.plan_polls("postgresql://someone:open-sesame@127.0.0.1:9/none", settings)
    assert "open-sesame" not in str(caught.value)


def test_a_database_without_the_schema_is_told_from_one_that_is_away(mortal, settings) -> None:
    mortal.ensure_database("bare")
    with pytest.raises(SchemaMissingError, match="db upgrade"):
        steps.plan_polls(mortal.url("bare"), settings)


def test_a_database_with_an_older_schema_is_told_too(mortal, settings, url) -> None:
    with connect(url) as connection:
        connection.execute("alter table news.articles drop column fetch_url")
    with pytest.raises(SchemaMissingError, match="db upgrade"):
        steps.follow_urls(url, ["http://localhost/a"])


@pytest.mark.slow
@pytest.mark.parametrize("step", ["poll", "capture", "record"])
def test_postgres_stops_in_the_midst_of_a_step_and_the_next_run_finishes_the_work(
    step: str, mortal: EmbeddedPostgres, url: str, newsroom: Newsroom, settings: Settings
) -> None:
    steps.add_feeds(url, settings, newsroom.subscriptions)

    def strike(name: str, _: int | None) -> Callable[[int], None]:
        def progress(_: int) -> None:
            if name == step:
                mortal.stop()

        return progress

    with ExitStack() as stack:
        stack.callback(lambda: mortal.is_running() or mortal.start())
        with pytest.raises(DatabaseUnavailableError):
            steps.run_round(url, settings, on_start=strike)
        with pytest.raises(DatabaseUnavailableError):
            steps.run_round(url, settings)
        mortal.start()
    steps.run_round(url, settings)
    with connect(url) as connection:
        counts = connection.execute(
            "select (select count(*) from news.polls) as polls, (select count(*) from news.captures) as captures,"
            " (select count(*) from news.versions) as versions, (select count(*) from news.articles) as articles,"
            " (select count(*) from news.captures where recorded_at is null) as waiting"
        ).fetchone()
    published = sum(story.published <= 0 for story in newsroom.stories)
    assert counts == {
        "polls": len(newsroom.publishers),
        "captures": published,
        "versions": published,
        "articles": published,
        "waiting": 0,
    }


def test_a_connection_that_is_cut_off_is_a_database_that_went_away(url: str, settings: Settings, site) -> None:
    site.page("/a")
    steps.follow_urls(url, [site.url("/a"), site.url("/b")])

    def cut(_: int) -> None:
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'writethru capture'"
            )

    with pytest.raises(DatabaseUnavailableError, match="Nothing is lost"):
        steps.capture_articles(url, settings, [1, 2], on_progress=cut)
    assert steps.capture_articles(url, settings, [1, 2]).captured == 1
