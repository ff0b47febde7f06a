"""Pictures for the README: `python docs/make_screenshots.py [--home DIR]`, beside a running `writethru demo`.

Drives a Chromium of this machine through Airflow's UI and saves PNGs to docs/images/; then asks the demo's record and
saves `writethru diff` and `writethru facts` as a terminal shows them (SVG). Let the demo run for some five minutes
before, so that there is something to see. Exit status 1, and a word, where a page never showed what it should.
"""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import psycopg
from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from pipeline.config import settings
from pipeline.local.airflow import ADMIN
from pipeline.local.postgres import EmbeddedPostgres
from pipeline.local.state_file import running_up

IMAGES = Path(__file__).parent / "images"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZE = (1440, 900)
LONGEST_WAIT_MS = 60_000
LARGEST_BYTES = 300_000
TERMINAL_COLUMNS = 100

#: An article whose newest versions differ in a figure, and its story.
TELLING = """
select a.article_id, a.story_id, v.number
from news.versions v
join news.articles a using (article_id)
join news.updates u using (version_id)
where v.number > 1 and v.headline like '%%arthquake%%'
group by a.article_id, a.story_id, v.number
having count(*) between 4 and 12 and bool_or(u.significance = 'fact' and u.kind = 'edited')
order by count(*) filter (where u.significance = 'fact' and u.kind = 'edited') desc, a.article_id desc
limit 1
"""


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--home", type=Path, default=settings().home, help="WRITETHRU_HOME of the demo")
    parser.add_argument("--chromium", default=CHROMIUM)
    parser.add_argument("--only", default="", help="only pictures whose name contains this")
    chosen = parser.parse_args()
    home = chosen.home / "demo"
    state = running_up(home)
    if state is None:
        sys.exit(f"no demo runs in {home}: start one with `writethru demo`")
    IMAGES.mkdir(exist_ok=True)
    password = (home / "airflow.password").read_text().strip()
    with browser_page(chosen.chromium) as page:
        log_in(page, state.addresses["airflow"], password)
        for name, picture in PICTURES.items():
            if chosen.only in name:
                picture(page, state.addresses["airflow"], home)
                save(page, name)
    if chosen.only in "terminal":
        terminal_pictures(chosen.home)


@contextmanager
def browser_page(executable: str) -> Iterator[Page]:
    """Yield a page of a browser that runs without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}, locale="en-GB", color_scheme="light")
        page.set_default_timeout(LONGEST_WAIT_MS)
        yield page
        browser.close()


def log_in(page: Page, address: str, password: str) -> None:
    """Log in as a person does."""
    page.goto(address)
    page.fill("input[name=username]", ADMIN)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "login" not in url)


def dags(page: Page, address: str, _home: Path) -> None:
    """Show the list of the DAGs with their latest runs."""
    page.goto(f"{address}/dags")
    page.get_by_text("Follow stories").first.wait_for()
    settle(page)


def poll_feeds(page: Page, address: str, _home: Path) -> None:
    """Show the grid of poll_feeds."""
    page.goto(f"{address}/dags/poll_feeds")
    page.get_by_text("announce").first.wait_for()
    settle(page)


def follow_stories(page: Page, address: str, home: Path) -> None:
    """Show the mapped captures of the fullest run of follow_stories, each with its readable name."""
    run_id = _fullest_run(home)
    page.goto(f"{address}/dags/follow_stories/runs/{run_id}/tasks/group/follow")
    page.get_by_text("captured").first.wait_for()
    settle(page)


def seen_meanwhile(page: Page, address: str, home: Path) -> None:
    """Show what was seen during the run of follow_stories in which most was captured."""
    page.goto(f"{address}/dags/follow_stories/runs/{quote(_fullest_run(home), safe='')}/plugin/recorded")
    page.frame_locator("iframe").locator(".timeline").wait_for()
    settle(page)


def add_feeds(page: Page, address: str, _home: Path) -> None:
    """Show the form of add_feeds."""
    page.goto(f"{address}/dags/add_feeds")
    page.get_by_role("button", name="Trigger").first.click()
    page.get_by_text("Addresses of feeds to poll").first.wait_for()
    settle(page)


def stories(page: Page, address: str, _home: Path) -> None:
    """Show the pages of stories inside Airflow."""
    page.goto(f"{address}/plugin/stories")
    page.frame_locator("iframe").locator(".stories h2").first.wait_for()
    settle(page)


def story(page: Page, address: str, home: Path) -> None:
    """Show the story of the telling difference inside Airflow."""
    with psycopg.connect(EmbeddedPostgres(home).url()) as connection:
        found = connection.execute(TELLING).fetchone()
    if found is None:
        sys.exit("no version with a telling difference yet: let the demo run for some minutes")
    page.goto(f"{address}/plugin/stories/writethru/stories/{found[1]}")
    page.frame_locator("iframe").locator("svg.chart").first.wait_for()
    settle(page)


def article(page: Page, address: str, home: Path) -> None:
    """Show the telling difference itself inside Airflow."""
    with psycopg.connect(EmbeddedPostgres(home).url()) as connection:
        found = connection.execute(TELLING).fetchone()
    if found is None:
        sys.exit("no version with a telling difference yet: let the demo run for some minutes")
    page.goto(f"{address}/plugin/stories/writethru/articles/{found[0]}?new={found[2]}")
    page.frame_locator("iframe").locator("ins").first.wait_for()
    settle(page)


PICTURES = {
    "airflow-dags": dags,
    "airflow-poll-feeds": poll_feeds,
    "airflow-follow-stories": follow_stories,
    "airflow-seen": seen_meanwhile,
    "airflow-add-feeds": add_feeds,
    "pages-stories": stories,
    "pages-story": story,
    "pages-article": article,
}


def settle(page: Page) -> None:
    """Wait until charts have been drawn and nothing is loading any more."""
    page.wait_for_timeout(3000)


def save(page: Page, name: str) -> None:
    """Save what is to be seen, in few enough colours to be small."""
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    if path.stat().st_size > LARGEST_BYTES:
        sys.exit(f"{path} has {path.stat().st_size} bytes, more than {LARGEST_BYTES}")
    sys.stdout.write(f"{path}: {path.stat().st_size} bytes\n")


def _fullest_run(home: Path) -> str:
    with psycopg.connect(EmbeddedPostgres(home).url("airflow")) as connection:
        row = connection.execute(
            "select run_id from task_instance where dag_id = 'follow_stories' and task_id = 'follow.record' "
            "and state = 'success' and map_index >= 0 group by run_id order by count(*) desc, run_id desc limit 1"
        ).fetchone()
    if row is None:
        sys.exit("no run of follow_stories has captured anything yet: let the demo run for some minutes")
    return str(row[0])


def terminal_pictures(home: Path) -> None:
    """Save `writethru diff` and `writethru facts` as SVG."""
    with psycopg.connect(EmbeddedPostgres(home / "demo").url()) as connection:
        found = connection.execute(TELLING).fetchone()
    if found is None:
        sys.exit("no version with a telling difference yet: let the demo run for some minutes")
    article, story, number = map(str, found)
    os.environ["WRITETHRU_HOME"] = str(home)
    settings.cache_clear()
    terminal("terminal-diff", ["diff", article, str(int(number) - 1), number])
    terminal("terminal-facts", ["facts", story])


def terminal(name: str, command: list[str]) -> None:
    """Run a command of ours with a console that remembers what it printed, and save that."""
    from pipeline.cli import app, comparing, console, stories  # noqa: PLC0415 - reads the settings set above

    recording = type(console.out)(
        record=True, file=StringIO(), force_terminal=True, color_system="truecolor", width=TERMINAL_COLUMNS
    )
    recording.print(f"[bold green]$[/] writethru {' '.join(command)}")
    _replace_out((console, comparing, stories), recording)
    app(command, standalone_mode=False)
    # Without the fonts that rich would have the picture fetch from another host.
    svg = re.sub(r"@font-face \{.*?\}", "", recording.export_svg(title="writethru"), flags=re.DOTALL)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")
    path = IMAGES / f"{name}.svg"
    path.write_text(svg, encoding="utf-8")
    sys.stdout.write(f"{path}: {path.stat().st_size} bytes\n")


def _replace_out(modules: tuple[object, ...], recording: Console) -> None:
    for module in modules:
        module.out = recording  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
