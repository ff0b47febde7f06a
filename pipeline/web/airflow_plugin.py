"""The pages inside Airflow: an entry "Stories" in its navigation, a tab "Seen meanwhile" of each DAG run and task.

Found by the entry point `airflow.plugins`, so an installation needs no plugins folder. The pages themselves
(`airflow_pages`) are imported at the first request: the scheduler and every task load plugins, too.
"""

import asyncio
from typing import Any
from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

PREFIX = "/writethru"


class Pages:
    """The application (ASGI), made when it is first asked for."""

    def __init__(self) -> None:
        self._app: Any = None
        self._making = asyncio.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        if self._app is None:
            async with self._making:
                self._app = self._app or await asyncio.to_thread(_make)
        await self._app(scope, receive, send)


def _make() -> Any:
    from pipeline.web.airflow_pages import make_pages  # noqa: PLC0415 - see above

    return make_pages()


def _below(path: str) -> str:
    """Return a path below the one under which Airflow itself is served."""
    return urlsplit(conf.get("api", "base_url", fallback="") or "").path.rstrip("/") + path


class WritethruPlugin(AirflowPlugin):  # type: ignore[misc]
    """What Airflow finds."""

    name = "writethru"
    fastapi_apps = [{"app": Pages(), "url_prefix": PREFIX, "name": "Writethru"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012
        {"name": "Stories", "href": _below(f"{PREFIX}/"), "destination": "nav", "url_route": "stories"},
        *(
            {
                "name": "Seen meanwhile",
                "href": _below(f"{PREFIX}/runs/{{DAG_ID}}/{{RUN_ID}}"),
                "destination": destination,
                "url_route": route,
            }
            for destination, route in (("dag_run", "recorded"), ("task_instance", "seen"))
        ),
    ]
