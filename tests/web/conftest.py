"""The pages on a real server over the loopback, above a record that the newsroom has filled."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from pipeline.web.access import PasswordAccess
from pipeline.web.app import create_app

PASSWORD = "correct horse battery"
_NAMES = ("chromium", "google-chrome", "chromium-browser")
CHROMIUM = os.environ.get("WRITETHRU_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def serving(database_url: str) -> Iterator[str]:
    """Serve the pages above a record; yield their address."""
    app = create_app(database_url, access=PasswordAccess(PASSWORD), hosts=("127.0.0.1", "localhost"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="pages")
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not come up"
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            app.state.site.bell.close()
            server.should_exit = True
            thread.join(20)
            app.state.site.record.close()


@pytest.fixture(scope="session")
def serve() -> Callable[[str], AbstractContextManager[str]]:
    """What serves the pages above any record."""
    return serving


@pytest.fixture(scope="session")
def told_pages(told_url: str) -> Iterator[str]:
    """The address of the pages above the told record; nothing is written there."""
    with serving(told_url) as address:
        yield address


@pytest.fixture
def pages(database_url: str) -> Iterator[str]:
    """The address of the pages above this test's own record."""
    with serving(database_url) as address:
        yield address


@pytest.fixture
def told_client(told_pages: str) -> Iterator[httpx.Client]:
    """A client of the pages above the told record."""
    with httpx.Client(base_url=told_pages, timeout=60) as client:
        yield client


@pytest.fixture
def client(pages: str) -> Iterator[httpx.Client]:
    """A client of the pages above this test's own record."""
    with httpx.Client(base_url=pages, timeout=60) as client:
        yield client


@pytest.fixture
def log_in(client: httpx.Client) -> Callable[[], str]:
    """Logs the client in; returns the token that its forms must carry."""

    def do() -> str:
        answer = client.post("/login", data={"password": PASSWORD})
        assert answer.status_code == 303
        text = client.get("/feeds").text
        return text.partition('name="token" value="')[2].partition('"')[0]

    return do


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Of this module alone: while it is open, no test may run an event loop of its own.
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: `apt-get install chromium`, or set WRITETHRU_CHROMIUM")
        pytest.skip("no Chromium: `apt-get install chromium`, or set WRITETHRU_CHROMIUM")
    with sync_playwright() as playwright:
        # A container's root has no other sandbox to offer than the container.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()
