"""The pages as a server of their own."""

from collections.abc import Sequence
from types import FrameType

import uvicorn

from pipeline.web.access import PasswordAccess
from pipeline.web.app import create_app
from pipeline.web.bell import Bell

STOP_SECONDS = 2


class _Server(uvicorn.Server):
    """Lets those who watch the stream go before it waits for everybody to finish."""

    def __init__(self, config: uvicorn.Config, bell: Bell) -> None:
        super().__init__(config)
        self._bell = bell

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._bell.close()
        super().handle_exit(sig, frame)


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
    server = _Server(config, app.state.site.bell)
    try:
        server.run()
    except KeyboardInterrupt:
        pass  # uvicorn has closed everything and passes the signal on
    except SystemExit:
        if server.started:  # a polite kill, passed on in the same way
            raise
        return False
    finally:
        app.state.site.record.close()
    return server.started
