"""The pages as a server of their own."""

from types import FrameType

import uvicorn
from fastapi import FastAPI

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


def serve(app: FastAPI, *, host: str, port: int) -> bool:
    """Serve until SIGINT or SIGTERM; tell whether it came to serving at all (the port may be taken)."""
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
