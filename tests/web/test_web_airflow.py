"""The pages inside a real Airflow: behind its login, in its navigation, by its permissions."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser

from pipeline.local.airflow import AirflowSite, airflow_environment
from pipeline.local.postgres import EmbeddedPostgres
from pipeline.web.app import create_app

pytestmark = [pytest.mark.slow, pytest.mark.airflow]

VISITOR = "visitor"
START_SECONDS = 120


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def site(cluster: EmbeddedPostgres, told_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AirflowSite]:
    """An Airflow whose api-server runs, with an admin and a visitor who may only look."""
    home: Path = tmp_path_factory.mktemp("airflow")
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("create database airflow_pages template template0")
    dags = home / "dags"
    dags.mkdir()
    found = AirflowSite(
        home=home,
        port=_free_port(),
        metadata_url=cluster.url("airflow_pages"),
        news_url=told_url,
        dags_folder=dags,
    )
    users = {"AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"admin:admin,{VISITOR}:viewer"}
    environment = airflow_environment(found, extra=users)
    (found.folder / "passwords.json").write_text(json.dumps({"admin": found.password, VISITOR: VISITOR}))
    airflow = [sys.executable, "-m", "airflow"]
    with (home / "output.txt").open("wb") as output:
        subprocess.run([*airflow, "db", "migrate"], env=environment, stdout=output, stderr=output, check=True)
        server_command = [*airflow, "api-server", "--host", "127.0.0.1", "--port", str(found.port), "--workers", "1"]
        with subprocess.Popen(server_command, env=environment, stdout=output, stderr=output) as process:
            try:
                _wait(found, process)
                yield found
            finally:
                process.terminate()
                process.wait(30)
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("drop database airflow_pages with (force)")


def _wait(site: AirflowSite, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, (site.home / "output.txt").read_text()[-3000:]
        try:
            if httpx.get(f"{site.url}/api/v2/version", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    pytest.fail((site.home / "output.txt").read_text()[-3000:])


def _client(site: AirflowSite, user: str, password: str) -> httpx.Client:
    answer = httpx.post(f"{site.url}/auth/token", json={"username": user, "password": password}, timeout=60)
    token = answer.json()["access_token"]
    return httpx.Client(base_url=f"{site.url}/writethru", cookies={"_token": token}, timeout=60)


def test_nothing_of_the_pages_answers_without_a_login(site: AirflowSite, told_url: str) -> None:
    # Every path of the application, those of a login of its own aside: Airflow has that.
    paths = {getattr(route, "path", "") for route in create_app(told_url).routes}
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
        text = admin.get("/feeds").text
        token = text.partition('name="token" value="')[2].partition('"')[0]
        assert admin.post("/feeds/1/poll", data={"token": "x"}).status_code == 403
        answer = admin.post("/feeds/1/poll", data={"token": token})
        assert answer.status_code == 303
        assert answer.headers["location"] == "/writethru/feeds#feed-1"
        assert admin.get("/runs/poll_feeds/manual__2026").status_code == 404
        assert "frame-ancestors 'self'" in admin.get("/").headers["content-security-policy"]


def test_the_stream_of_events_passes_through_airflow(site: AirflowSite) -> None:
    with _client(site, VISITOR, VISITOR) as visitor, visitor.stream("GET", "/api/stream?after=0") as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line.startswith("data: "))


def test_a_walk_inside_airflow(site: AirflowSite, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    page.goto(site.url)
    page.locator("input[name=username]").fill("admin")
    page.locator("input[name=password]").fill(site.password)
    page.locator("button[type=submit]").click()
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
