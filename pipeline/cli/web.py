"""`writethru web`: the record as pages, alone."""

import secrets
from typing import Annotated

import typer
from rich.text import Text

from pipeline.cli.console import out
from pipeline.cli.database import database, revive, settings_in_use
from pipeline.errors import NotReachableError
from pipeline.local.ports import LOOPBACK, next_free
from pipeline.local.private_files import make_home, secret

DEFAULT_PORT = 8090
_PASSWORD = "web.password"  # noqa: S105 - the name of a file
_LOOPBACK_NAMES = (LOOPBACK, "localhost", "::1")


def web(
    host: Annotated[
        str, typer.Option(help="Address to listen on; any but the loopback's lets others read.")
    ] = LOOPBACK,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port; the next free one if it is taken.")] = DEFAULT_PORT,
    outside: Annotated[
        str | None, typer.Option(metavar="URL", help="Address under which others reach the pages, for links in feeds.")
    ] = None,
) -> None:
    """Serve the record as pages, Atom feeds and a JSON API, until Ctrl-C.

    Reading needs no login; adding, pausing and polling feeds needs the password, which is kept in the home.
    """
    # The other commands must not pay for a web server.
    from pipeline.web.access import PasswordAccess  # noqa: PLC0415
    from pipeline.web.app import create_app  # noqa: PLC0415
    from pipeline.web.serving import serve  # noqa: PLC0415

    kept = make_home(settings_in_use().home) / _PASSWORD
    password = secret(kept, lambda: secrets.token_urlsafe(12))
    is_local = host in _LOOPBACK_NAMES
    used = next_free(port) if is_local else port
    address = f"http://{f'[{host}]' if ':' in host else host}:{used}"
    with database() as url:
        shown = password if out.is_terminal else f"(in {kept})"
        out.print(Text.assemble(("Pages", "bold"), f"  {address}   password {shown}"), soft_wrap=True)
        out.print("Ctrl-C stops it.")
        names = _LOOPBACK_NAMES if is_local else None
        app = create_app(url, access=PasswordAccess(password), outside=outside, hosts=names, revive=revive)
        if not serve(app, host=host, port=used):
            raise NotReachableError(f"cannot listen on {address}: is the address of this machine, and the port free?")
