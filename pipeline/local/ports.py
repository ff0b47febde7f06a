"""TCP ports of the loopback: is one free, who holds it, which is the next free one."""

import socket
from collections.abc import Collection

import psutil

from pipeline.errors import LocalError

LOOPBACK = "127.0.0.1"
_TRIES = 200


def is_free(port: int) -> bool:
    """Tell whether a server could listen on `port` of the loopback at this moment."""
    if answers(port):
        # macOS lets a specific address be bound beside somebody's wildcard listener, so a bind alone proves nothing.
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Tell whether something accepts connections on `port` of the loopback, within half a second."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=0.5):
            return True
    except OSError:
        return False


def next_free(preferred: int, *, taken: Collection[int] = ()) -> int:
    """Return `preferred`, or the first port above it that is free and not in `taken`.

    Raises `LocalError` where `_TRIES` ports in a row are in use.
    """
    for port in range(preferred, min(preferred + _TRIES, 65536)):
        if port not in taken and is_free(port):
            return port
    raise LocalError(
        f"no free port on {LOOPBACK} from {preferred} on ({_TRIES} tried): close something that listens there"
    )


def holder(port: int) -> str:
    """Name the process that listens on `port`, as far as this user may know it: "python (pid 4711)"."""
    try:
        connections = psutil.net_connections("tcp")
    except (psutil.Error, OSError):  # macOS tells only root
        return "another program"
    for connection in connections:
        listens = connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port
        if listens and connection.pid:
            try:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
            except psutil.Error:
                break
    return "another program"
