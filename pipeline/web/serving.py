"""The pages as a server of their own."""

from collections.abc import Sequence

import uvicorn

from pipeline.web.access import PasswordAccess
from pipeline.web.app import create_app

STOP_SECONDS = 2


def serve(
    database_url: str,
    *,
    host: str,
    port: int,
    password: str | None,
    outside: str | None = None,
    names: Sequence[str] | None = None,
) -> bool:
    """Serve until SIGINT or SIGTERM; tell whether it came to serving at all (the port may be taken).

    `names` are those by which the pages may be asked for (default: any), `outside` the address for links in feeds.
    """
    app = create_app(database_url, access=PasswordAccess(password), outside=outside, hosts=names)
    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=STOP_SECONDS
    )
    server = uvicorn.Server(config)
    try:
        server.run()
    except KeyboardInterrupt:
        pass  # uvicorn has closed everything and passes the signal on
    except SystemExit:
        return False
    finally:
        app.state.site.record.close()
    return server.started
