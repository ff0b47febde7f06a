"""The pages behind Airflow's own login, whatever auth manager is configured.

Who may see DAGs may look; who may change DAGs may add, pause and poll feeds. The security functions of Airflow used
here are not part of its public API (3.3): a mounted application has no other way to ask them, and is open without.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.core_api.security import get_user, requires_access_dag
from airflow.configuration import conf
from airflow.models import Connection, DagRun
from airflow.sdk.exceptions import AirflowNotFoundException
from airflow.utils.session import create_session
from fastapi import Depends, FastAPI, Request
from fastapi.responses import RedirectResponse
from sqlalchemy import select

from pipeline.config import settings
from pipeline.errors import ConfigurationError, UnknownStoryError
from pipeline.store.connections import address_of
from pipeline.web.access import Viewer
from pipeline.web.app import create_app
from pipeline.web.site import address
from pipeline.web.words import stamp

CONNECTION_ID = "writethru"


def _remember(request: Request, user: Any = Depends(get_user)) -> None:  # noqa: B008 - how FastAPI asks
    request.state.writethru_user = user


class AirflowAccess:
    """Whom Airflow lets in."""

    dependencies: Sequence[Any] = (Depends(requires_access_dag(method="GET")), Depends(_remember))
    has_login = False
    framed_by = "'self'"

    def viewer(self, request: Request) -> Viewer | None:
        """Return who is logged in to Airflow."""
        user = getattr(request.state, "writethru_user", None)
        if user is None:
            return None
        # Signed with what all api-servers of an installation share, so that any of them takes the form.
        key = conf.get("api", "secret_key").encode()
        token = hmac.new(key, f"writethru form:{user.get_id()}".encode(), hashlib.sha256).hexdigest()
        may_write = get_auth_manager().is_authorized_dag(method="PUT", user=user)
        return Viewer(str(user.get_name()), may_write=bool(may_write), token=token)


def make_pages() -> FastAPI:
    """Return the pages, with one that leads from a DAG run to what was seen while it lasted."""
    app = create_app(database_url, access=AirflowAccess())

    @app.get("/runs/{dag_id}/{run_id:path}", include_in_schema=False)
    def run(request: Request, dag_id: str, run_id: str) -> RedirectResponse:
        with create_session() as session:
            times = select(DagRun.start_date, DagRun.end_date).where(DagRun.dag_id == dag_id, DagRun.run_id == run_id)
            found = session.execute(times).first()
        if found is None or found[0] is None:
            raise UnknownStoryError("There is no such run, or it has not begun yet.")
        begin, end = found[0], found[1] or datetime.now(UTC)
        return RedirectResponse(address(request, "/between", begin=stamp(begin), end=stamp(end)), status_code=303)

    return app


def database_url() -> str:
    """Return where the record is: the Airflow connection `writethru` if there is one, else WRITETHRU_DATABASE_URL.

    Raises `ConfigurationError` where neither is set.
    """
    try:
        found = Connection.get_connection_from_secrets(CONNECTION_ID)
    except AirflowNotFoundException:
        url = settings().database_url
        if url is None:
            raise ConfigurationError(
                f"no database: add a Postgres connection with the id {CONNECTION_ID!r} (Admin, Connections), "
                "or set WRITETHRU_DATABASE_URL for the api-server"
            ) from None
        return url
    return address_of(found)
