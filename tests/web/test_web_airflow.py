"""The pages inside a real Airflow: behind its login, in its navigation, by its permissions."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, Page

from pipeline.config import Settings
from pipeline.local import ports
from pipeline.local.airflow import AirflowSite, airflow_environment
from pipeline.local.newsroom import CYCLE_MINUTES, ManualClock, Newsroom, newsroom_running
from pipeline.local.postgres import EmbeddedPostgres
from pipeline.steps import add_feeds
from pipeline.store.connections import connect
from pipeline.web.app import create_app

pytestmark = [pytest.mark.slow, pytest.mark.airflow, pytest.mark.timeout(1500)]

Process = subprocess.Popen[bytes]

VISITOR = "visitor"
COLLEAGUE = "colleague"
#: For what comes within a minute on an idle machine, or never.
START_SECONDS = 400
CHECKOUT = Path(__file__).parent.parent.parent
PUBLISHER = "Harbour Post"
LOOK = CYCLE_MINUTES + 600
"""The story-minute of the look at the newsroom: in its next edition, whose articles the told record does not know."""


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    """Publishers that stand still at a moment at which they have much to tell."""
    with newsroom_running(clock=ManualClock(elapsed=LOOK)) as running:
        yield running


@pytest.fixture(scope="module")
def news_url(cluster: EmbeddedPostgres, told_template: str, newsroom: Newsroom) -> Iterator[str]:
    """A told record of this module's own, in which only one feed is due: of publishers who are there."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute(f"create database told_airflow template {told_template} strategy file_copy")
        url = cluster.url("told_airflow")
        with connect(url) as record:
            record.execute("update news.feeds set next_poll_at = now() + interval '1 day'")
            record.execute("update news.articles set next_capture_at = null")
        settings = Settings.model_validate({"allow_networks": "127.0.0.0/8"})
        add_feeds(url, settings, [one for one in newsroom.subscriptions if one.publisher == PUBLISHER])
        yield url
        server.execute("drop database told_airflow with (force)")


@pytest.fixture(scope="module")
def started(
    cluster: EmbeddedPostgres, news_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[AirflowSite, Callable[..., Process]]]:
    """An Airflow whose api-server runs, and what begins another process of it."""
    home: Path = tmp_path_factory.mktemp("airflow")
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("create database airflow_pages template template0")
    found = AirflowSite(
        home=home,
        port=ports.next_free(28550),
        metadata_url=cluster.url("airflow_pages"),
        news_url=news_url,
        dags_folder=CHECKOUT / "dags",
    )
    own = {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"admin:admin,{COLLEAGUE}:admin,{VISITOR}:viewer",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
        "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT": str(ports.next_free(28650)),
        "WRITETHRU_ALLOW_NETWORKS": "127.0.0.0/8",
        "WRITETHRU_HOST_GAP_SECONDS": "0",
    }
    environment = airflow_environment(found, extra=own)
    (found.folder / "passwords.json").write_text(
        json.dumps({"admin": found.password, COLLEAGUE: COLLEAGUE, VISITOR: VISITOR})
    )
    processes: list[Process] = []
    with ExitStack() as at_the_end:
        at_the_end.callback(_stop, processes)
        begin = partial(_begin, processes, environment, home / "output.txt")
        assert begin("db", "migrate").wait() == 0, (home / "output.txt").read_text()[-3000:]
        begin("api-server", "--host", "127.0.0.1", "--port", str(found.port), "--workers", "1")
        _until(found, partial(_answers, found))
        yield found, begin
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("drop database airflow_pages with (force)")


@pytest.fixture(scope="module")
def site(started: tuple[AirflowSite, Callable[..., Process]]) -> AirflowSite:
    """An Airflow whose api-server runs, with two admins and a visitor who may only look."""
    return started[0]


@pytest.fixture(scope="module")
def working_site(started: tuple[AirflowSite, Callable[..., Process]]) -> AirflowSite:
    """The same, with what runs DAGs; they are paused until a test wants them."""
    found, begin = started
    begin("dag-processor")
    begin("scheduler", "--skip-serve-logs")
    return found


def _begin(processes: list[Process], environment: dict[str, str], output: Path, *arguments: str) -> Process:
    with output.open("ab") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", *arguments], env=environment, stdout=told, stderr=told
        )
    processes.append(process)
    return process


def _stop(processes: list[Process]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:  # Airflow loses a signal that comes while it forks; `up` kills it then, too
            process.kill()
            process.wait()


def _answers(site: AirflowSite) -> bool:
    try:
        return httpx.get(f"{site.url}/api/v2/version", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def _until(site: AirflowSite, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            pytest.fail((site.home / "output.txt").read_text(errors="replace")[-3000:])
        time.sleep(0.3)


def _recorded(site: AirflowSite) -> tuple[str, dict[str, Any]]:
    """Let feeds be polled and stories followed until something is recorded; return that run and the asset event."""
    pausing = [f"/dags/{dag_id}" for dag_id in ("poll_feeds", "follow_stories")]
    asked = {"task_id": "follow.record", "state": "success"}
    with _api(site) as api:

        def tasks() -> list[dict[str, Any]]:
            found = api.get("/dags/follow_stories/dagRuns/~/taskInstances", params=asked).raise_for_status()
            return list(found.json()["task_instances"])

        for dag in pausing:
            _until(site, lambda dag=dag: api.get(dag).status_code == 200)  # type: ignore[misc]
            api.patch(dag, json={"is_paused": False}).raise_for_status()
        _until(site, lambda: bool(tasks()))
        for dag in pausing:
            api.patch(dag, json={"is_paused": True}).raise_for_status()
        events = api.get("/assets/events", params={"source_dag_id": "poll_feeds"}).json()["asset_events"]
        return str(tasks()[0]["dag_run_id"]), events[0]


def _api(site: AirflowSite) -> httpx.Client:
    answer = httpx.post(f"{site.url}/auth/token", json={"username": "admin", "password": site.password}, timeout=60)
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    return httpx.Client(base_url=f"{site.url}/api/v2", headers=headers, timeout=60)


def _client(site: AirflowSite, user: str, password: str) -> httpx.Client:
    answer = httpx.post(f"{site.url}/auth/token", json={"username": user, "password": password}, timeout=60)
    token = answer.json()["access_token"]
    return httpx.Client(base_url=f"{site.url}/writethru", cookies={"_token": token}, timeout=60)


def test_nothing_of_the_pages_answers_without_a_login(site: AirflowSite, news_url: str) -> None:
    # Every path of the application, those of a login of its own aside: Airflow has that.
    paths = {getattr(route, "path", "") for route in create_app(news_url).routes}
    assert len(paths) > 20
    for path in sorted(paths | {"/", "/runs/{dag_id}/{run_id}", "/nowhere/static/style.css"}):
        asked = path.replace("{name}", "style.css").replace("{action}", "poll")
        for part in ("{story_id}", "{article_id}", "{feed_id}", "{number}", "{dag_id}", "{run_id}"):
            asked = asked.replace(part, "1")
        answer = httpx.get(f"{site.url}/writethru{asked}", timeout=60)
        if "{action}" in path:
            assert answer.status_code == 405
            answer = httpx.post(f"{site.url}/writethru{asked}", timeout=60)
        expected = {404} if "nowhere" in path else {401}
        assert answer.status_code in expected, asked
        assert "earthquake" not in answer.text.lower()
    forged = {"_token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9."}
    assert httpx.get(f"{site.url}/writethru/", cookies=forged, timeout=60).status_code in {401, 403}


def test_who_may_change_dags_may_change_feeds_and_who_may_look_may_not(site: AirflowSite) -> None:
    with _client(site, VISITOR, VISITOR) as visitor:
        page = visitor.get("/feeds")
        assert page.status_code == 200
        assert 'name="token"' not in page.text
        assert visitor.post("/feeds/1/poll", data={"token": "x"}).status_code == 403
    with _client(site, "admin", site.password) as admin:
        token = _token(admin)
        assert admin.post("/feeds/1/poll", data={"token": "x"}).status_code == 403
        answer = admin.post("/feeds/1/poll", data={"token": token})
        assert answer.status_code == 303
        assert answer.headers["location"] == "/writethru/feeds#feed-1"
        assert admin.get("/runs/poll_feeds/manual__2026").status_code == 404
        assert "frame-ancestors 'self'" in admin.get("/").headers["content-security-policy"]
    with _client(site, COLLEAGUE, COLLEAGUE) as colleague:
        assert colleague.post("/feeds/1/poll", data={"token": token}).status_code == 403, "it is another's token"
        assert colleague.post("/feeds/1/poll", data={"token": _token(colleague)}).status_code == 303


def _token(client: httpx.Client) -> str:
    return client.get("/feeds").text.partition('name="token" value="')[2].partition('"')[0]


def test_the_stream_of_events_passes_through_airflow(site: AirflowSite) -> None:
    with _client(site, VISITOR, VISITOR) as visitor, visitor.stream("GET", "/api/stream?after=0") as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line.startswith("data: "))


def test_a_walk_inside_airflow(site: AirflowSite, browser: Browser) -> None:
    page = _logged_in(site, browser)
    page.get_by_role("link", name="Stories", exact=True).click(timeout=60_000)
    inside = page.frame_locator("iframe")
    inside.get_by_role("heading", name="Stories").wait_for(timeout=60_000)
    assert inside.locator("html").get_attribute("data-theme") in {"light", "dark"}
    inside.get_by_role("searchbox").fill("earthquake")
    inside.get_by_role("button", name="Search").click()
    inside.locator(".stories h2 a").first.click()
    inside.get_by_role("heading", name="Latest facts").wait_for()
    # The address of what is shown stands in Airflow's own, so that it can be sent to somebody.
    page.wait_for_url("**/plugin/stories/writethru/stories/*")
    inside.locator("ins").first.wait_for()
    inside.get_by_role("link", name="As of").first.click()
    inside.get_by_role("heading", name="What was known on").wait_for()
    inside.get_by_role("link", name="A version later").click()
    inside.get_by_role("heading", name="What was known on").wait_for()
    inside.get_by_role("link", name=re.compile("^version [2-9]")).first.click()
    inside.get_by_role("button", name="Compare").wait_for()
    inside.locator(".text del, .text ins").first.wait_for()
    inside.locator("select[name=view]").select_option("side by side")
    inside.get_by_role("button", name="Compare").click()
    inside.get_by_role("region", name="Versions side by side").wait_for()
    page.wait_for_url("**/plugin/stories/writethru/articles/*")
    inside.get_by_role("link", name="Feeds").click()
    inside.get_by_role("button", name="Poll now").first.wait_for()
    with page.expect_popup() as popup:
        inside.locator("a.out").first.click()
    assert popup.value.url
    page.close()


def test_a_run_a_task_its_log_and_an_asset_event_lead_to_what_was_recorded(
    working_site: AirflowSite, browser: Browser, news_url: str
) -> None:
    site = working_site
    run_id, event = _recorded(site)
    with connect(news_url) as record:
        newest = "select headline from news.versions order by version_id desc limit 1"
        headline = record.execute(newest).fetchone()["headline"]
    page = _logged_in(site, browser)
    runs = f"{site.url}/dags/follow_stories/runs/{quote(run_id)}"
    page.goto(f"{runs}/plugin/recorded")
    page.frame_locator("iframe").get_by_text(headline).first.wait_for(timeout=60_000)
    page.get_by_role("link", name="Seen meanwhile").wait_for()

    page.goto(f"{runs}/tasks/follow.record/mapped/0")
    page.get_by_text(re.compile(r"recorded \d+ captures: ")).first.wait_for(timeout=60_000)
    with page.expect_popup() as popup:
        page.get_by_role("link", name="/writethru/between?").first.click()
    popup.value.frame_locator("iframe").get_by_text(headline).first.wait_for(timeout=60_000)
    page.get_by_role("link", name="Seen meanwhile").click()
    page.frame_locator("iframe").get_by_text(headline).first.wait_for(timeout=60_000)

    page.goto(event["extra"]["seen"])
    page.frame_locator("iframe").get_by_role("heading", name="New in the feeds").wait_for(timeout=60_000)

    page.goto(f"{site.url}/assets/{event['asset_id']}")
    for name in ("Poll feeds", "entries", "Follow stories"):
        page.locator(".react-flow__node", has_text=name).first.wait_for(timeout=60_000)
    page.close()


def _logged_in(site: AirflowSite, browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    page.goto(site.url)
    page.locator("input[name=username]").fill("admin")
    page.locator("input[name=password]").fill(site.password)
    page.locator("button[type=submit]").click()
    page.get_by_role("link", name="Stories", exact=True).wait_for(timeout=60_000)
    return page
