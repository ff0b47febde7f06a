"""A host's name as it is sent. What is paced, recorded and compared by host has to be one host by one name."""

from ipaddress import ip_address

from yarl import URL


def ascii_host(host: str) -> str | None:
    """Return a host's one form: ASCII, lower-case, without the dot that may stand at its end; `None` where it has none.

    Other letters are written by IDNA 2008, in which "ß" is a letter of its own and not "ss", another host's.
    """
    if not host.isascii():
        try:
            host = URL.build(scheme="http", host=host).raw_host or ""
        except ValueError:
            return None
    return host.rstrip(".").lower()


def is_ip_address(host: str) -> bool:
    """Whether a host, without the brackets around an IPv6 address, is a number and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
