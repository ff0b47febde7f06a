"""Each DAG run whole, with the real steps, a real Postgres, and a publisher on the loopback."""

import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.serving import serving

pytestmark = pytest.mark.airflow

PAGE = """<!DOCTYPE html><html lang="en"><head><title>{headline}</title></head><body>
<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>{headline}</h1>
<p>A landslide above the village of Orsava killed {killed} people on Tuesday, the regional governor said.</p>
<p>Rescue teams with dogs searched the slope through the night while rain went on falling over the valley.</p>
<p>The road to the coast is closed, and some 300 people were brought to a school in the next town.</p>
<p>Developing story - more to come</p></article></body></html>"""

FEED = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Valley News</title>
<link>{base}/</link><description>News of the valley</description>
<item><title>{headline}</title><link>{base}/orsava</link><guid>{base}/orsava</guid>
<pubDate>Tue, 05 May 2026 08:00:00 GMT</pubDate></item></channel></rss>"""


class Publisher:
    """A small news site whose pages a test may change."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, str]] = {}
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, text = pages.get(self.path, ("text/plain", ""))
                body = text.encode()
                self.send_response(200 if text else 404)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def tell(self, *, killed: int) -> None:
        headline = "Landslide hits mountain village"
        self.pages["/feed"] = ("application/rss+xml", FEED.format(base=self.base, headline=headline))
        self.pages["/orsava"] = ("text/html", PAGE.format(headline=headline, killed=killed))


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    made = Publisher()
    made.tell(killed=4)
    with serving(made.server):
        yield made


@pytest.fixture
def here(database_url: str) -> dict[str, str]:
    """The environment of the tasks: this test's database, the loopback allowed."""
    return {
        "WRITETHRU_DATABASE_URL": database_url,
        "WRITETHRU_ALLOW_NETWORKS": "127.0.0.0/8",
        "WRITETHRU_HOST_GAP_SECONDS": "0",
    }


def ask(database_url: str, statement: str) -> list[tuple]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def tell(database_url: str, *statements: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def states(run: dict) -> dict[str, str]:
    return {task: found["state"] for task, found in run["tasks"].items()}


def counts(run: dict) -> list[dict[str, int]]:
    return [{name: value for name, value in event.items() if name != "seen"} for event in run["events"]]


def span_of(address: str) -> dict[str, str]:
    parts = urlsplit(address)
    assert parts.path == "/plugin/stories/writethru/between"
    return dict(parse_qsl(parts.query))


def test_from_a_form_to_a_version_with_its_facts(airflow, here, publisher, database_url):
    added = airflow.run("add_feeds", conf={"feeds": [f"{publisher.base}/feed"]}, **here)
    assert states(added) == {"subscribe": "success", "follow_articles": "skipped"}

    polled = airflow.run("poll_feeds", **here)
    assert polled["state"] == "success"
    assert states(polled) == dict.fromkeys(["plan", "poll[0]", "announce", "verdict"], "success")
    assert polled["tasks"]["poll[0]"]["label"].startswith("127.0.0.1")
    assert polled["tasks"]["poll[0]"]["label"].endswith(", new entries: 1")
    assert counts(polled) == [{"new": 1, "changed": 0, "due": 1}]

    followed = airflow.run("follow_stories", **here)
    assert followed["state"] == "success"
    assert states(followed) == dict.fromkeys(["plan", "follow.capture[0]", "follow.record[0]", "tell"], "success")
    assert followed["tasks"]["follow.record[0]"]["label"].endswith(", new versions: 1")
    assert ask(database_url, "select number, headline, is_developing from news.versions") == [
        (1, "Landslide hits mountain village", True)
    ]
    assert ask(database_url, "select low, high from news.latest_facts where kind = 'killed'") == [(4, 4)]


def test_the_log_and_the_asset_event_lead_to_what_was_recorded(airflow, here, publisher, database_url):
    airflow.run("add_feeds", conf={"feeds": [f"{publisher.base}/feed"]}, **here)
    polled = airflow.run("poll_feeds", **here)
    airflow.run("follow_stories", **here)
    between = "between '{begin}' and '{end}'"
    entries = f"select count(*) from news.entries where first_seen_at {between}"
    assert ask(database_url, entries.format(**span_of(polled["events"][0]["seen"]))) == [(1,)]
    recorded = re.findall(r"recorded 1 captures: .*\n.*?(http\S+|/plugin\S+)", airflow.log())[-1]
    versions = f"select count(*) from news.versions where observed_at {between}"
    assert ask(database_url, versions.format(**span_of(recorded))) == [(1,)]


def test_a_minute_without_work_captures_and_announces_nothing(airflow, here):
    polled = airflow.run("poll_feeds", **here)
    assert polled["state"] == "success"
    assert states(polled) == {"plan": "success", "poll": "skipped", "announce": "skipped", "verdict": "success"}
    assert polled["events"] == []

    followed = airflow.run("follow_stories", **here)
    assert followed["state"] == "success"
    assert states(followed) == {
        "plan": "success",
        "follow.capture": "skipped",
        "follow.record": "skipped",
        "tell": "success",
    }


def test_a_feed_with_nothing_new_wakes_nobody(airflow, here, publisher, database_url):
    airflow.run("add_feeds", conf={"feeds": [f"{publisher.base}/feed"]}, **here)
    airflow.run("poll_feeds", **here)
    tell(database_url, "update news.feeds set next_poll_at = now()")
    again = airflow.run("poll_feeds", **here)
    assert again["state"] == "success"
    assert states(again)["poll[0]"] == "success"
    assert states(again)["announce"] == "skipped"
    assert again["events"] == []


def test_one_broken_shard_turns_the_run_red_and_does_not_hold_up_the_others(airflow, here, publisher, database_url):
    elsewhere = publisher.base.replace("127.0.0.1", "localhost")
    feeds = [f"{publisher.base}/feed", f"{elsewhere}/broken"]
    airflow.run("add_feeds", conf={"feeds": feeds}, **here)
    tell(
        database_url,
        """create function news.break_it() returns trigger language plpgsql as
           $$ begin raise exception 'the disk under this row is broken'; end $$""",
        """create trigger broken before update on news.feeds
           for each row when (old.url like '%/broken') execute function news.break_it()""",
    )
    polled = airflow.run("poll_feeds", WRITETHRU_SHARDS="2", **here)
    shards = [found for task, found in polled["tasks"].items() if task.startswith("poll[")]
    assert sorted(shard["state"] for shard in shards) == ["failed", "success"]
    assert max(shard["tries"] for shard in shards) == 3
    assert states(polled)["announce"] == "success"
    assert counts(polled) == [{"new": 1, "changed": 0, "due": 1}]
    assert states(polled)["verdict"] == "upstream_failed"
    assert polled["state"] == "failed"


def test_the_connection_writethru_comes_before_the_variable(airflow, here, database_url):
    parts = conninfo_to_dict(database_url)
    connection = {
        "conn_type": "postgres",
        "host": parts["host"],
        "port": int(parts["port"]),
        "login": parts["user"],
        "password": parts.get("password"),
        "schema": parts["dbname"],
        "extra": {"cursor": "dictcursor", "application_name": "through-the-connection"},
    }
    elsewhere = here | {"WRITETHRU_DATABASE_URL": "postgresql://127.0.0.1:1/nowhere"}
    run = airflow.run("poll_feeds", AIRFLOW_CONN_WRITETHRU=json.dumps(connection), **elsewhere)
    assert run["state"] == "success"


def test_a_database_that_is_away_is_tried_again_and_its_password_is_not_logged(airflow, here):
    away = here | {"WRITETHRU_DATABASE_URL": "postgresql://writethru:s3cret-w0rd@127.0.0.1:1/nowhere"}
    run = airflow.run("poll_feeds", **away)
    assert run["state"] == "failed"
    assert run["tasks"]["plan"]["tries"] == 3
    assert "s3cret-w0rd" not in airflow.log()


def test_a_missing_address_fails_at_once_and_says_what_to_do(airflow, here):
    run = airflow.run("poll_feeds", **here | {"WRITETHRU_DATABASE_URL": None})
    assert run["state"] == "failed"
    assert run["tasks"]["plan"]["tries"] == 1
    assert "add a Postgres connection with the id 'writethru'" in airflow.log()


def test_a_missing_schema_fails_at_once_and_says_what_to_do(airflow, here, database_url):
    tell(database_url, "alter schema news rename to old_news")
    run = airflow.run("poll_feeds", **here)
    assert run["state"] == "failed"
    assert run["tasks"]["plan"]["tries"] == 1
    assert "writethru db upgrade" in airflow.log()


def test_a_followed_article_needs_no_feed(airflow, here, publisher, database_url):
    added = airflow.run("add_feeds", conf={"articles": [f"{publisher.base}/orsava"]}, **here)
    assert states(added) == {"subscribe": "skipped", "follow_articles": "success"}
    assert counts(added) == [{"due": 1}]
    assert airflow.run("follow_stories", **here)["state"] == "success"
    assert ask(database_url, "select count(*) from news.versions") == [(1,)]


def test_an_address_that_is_none_is_refused_in_one_line(airflow, here, database_url):
    added = airflow.run("add_feeds", conf={"feeds": ["not an address"]}, **here)
    assert states(added)["subscribe"] == "failed"
    assert added["tasks"]["subscribe"]["tries"] == 1
    assert ask(database_url, "select count(*) from news.feeds") == [(0,)]


def test_reading_a_day_again_changes_nothing_that_is_read(airflow, here, publisher, database_url):
    airflow.run("add_feeds", conf={"articles": [f"{publisher.base}/orsava"]}, **here)
    airflow.run("follow_stories", **here)
    (tomorrow,) = ask(database_url, "select to_char(now() + interval '1 day', 'YYYY-MM-DD')")[0]
    before = ask(database_url, "select version_id, article_id, headline, text from news.versions order by 1")
    for _ in range(2):
        run = airflow.run("read_again", logical_date=f"{tomorrow}T00:00:00+00:00", **here)
        assert run["state"] == "success"
    assert ask(database_url, "select version_id, article_id, headline, text from news.versions order by 1") == before


def test_tending_makes_partitions_and_leaves_a_strangers_airflow_alone(airflow, here, database_url):
    run = airflow.run("tend_store", **here)
    assert run["state"] == "success"
    assert states(run) == {"tend": "success", "health": "success", "clean_airflow": "skipped"}


def test_an_ill_feed_turns_health_red_and_names_the_feed(airflow, here, publisher, database_url):
    airflow.run("add_feeds", conf={"feeds": [f"{publisher.base}/gone"]}, **here)
    assert airflow.run("poll_feeds", **here)["state"] == "success"
    tell(database_url, "update news.feeds set added_at = added_at - interval '1 day'")
    run = airflow.run("tend_store", **here)
    assert states(run)["health"] == "failed"
    assert run["tasks"]["health"]["tries"] == 1
    assert states(run)["tend"] == "success"
    assert f"{publisher.base}/gone" in airflow.log()


def test_a_feed_that_answers_and_has_gone_silent_turns_health_red_and_is_named(airflow, here, publisher, database_url):
    airflow.run("add_feeds", conf={"feeds": [f"{publisher.base}/feed"]}, **here)
    airflow.run("poll_feeds", **here)
    assert states(airflow.run("tend_store", **here))["health"] == "success"
    tell(
        database_url,
        "update news.entries set first_seen_at = first_seen_at - interval '10 days'",
        "update news.feeds set next_poll_at = now()",
    )
    assert airflow.run("poll_feeds", **here)["state"] == "success"
    assert ask(database_url, "select status, success_rate_24h from news.feed_health") == [("silent", 1)]
    run = airflow.run("tend_store", **here)
    assert (run["state"], states(run)["health"], states(run)["tend"]) == ("failed", "failed", "success")
    assert f"{publisher.base}/feed is silent: last success" in airflow.log()


def test_writethrus_own_airflow_is_cleaned(airflow, here):
    logs = airflow.home / "logs" / "dag_id=old" / "run_id=1"
    logs.mkdir(parents=True)
    run = airflow.run("tend_store", WRITETHRU_AIRFLOW_DB=f"sqlite:///{airflow.home}/airflow.db", **here)
    assert states(run)["clean_airflow"] == "success"
    assert not logs.exists()
