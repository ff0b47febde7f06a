"""Which IP addresses the fetcher may connect to, judged on the very address it is about to connect to.

A name may resolve to anything, and to something else a second later; a redirect may lead anywhere. So the judgement
sits where a socket is made: every hop and every new connection passes it, and so does an address written as a literal,
for which aiohttp asks no resolver.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import AddrInfoType

# The only block from which public IPv6 addresses are given out (IANA IPv6 address space registry).
_IPV6_GLOBAL_UNICAST = IPv6Network("2000::/3")
# RFC 6052: a NAT64 gateway sends these on to the IPv4 address in the last four bytes.
_IPV6_NAT64 = IPv6Network("64:ff9b::/96")
# RFC 4291, 2.5.5.1: the deprecated ::a.b.c.d, which some stacks still route as IPv4.
_IPV6_IPV4_COMPATIBLE = IPv6Network("::/96")
# What `is_global` gets wrong in some of the Python releases we run on.
_IPV6_DOCUMENTATION = IPv6Network("3fff::/20")  # RFC 9637
_IPV4_PROTOCOL_ASSIGNMENTS = IPv4Network("192.0.0.0/24")  # RFC 6890

_REFUSAL = "is not a public address"


class BlockedAddressError(OSError):
    """The guard refused an address. An `OSError`, so that aiohttp treats it as a connection that cannot be made."""

    def __init__(self, address: str) -> None:
        """Name the address; the text is what survives when aiohttp merges the errors of several addresses."""
        super().__init__(f"{address} {_REFUSAL}")


def is_refusal(error: BaseException) -> bool:
    """Whether the guard had a part in this connection error.

    Where a name has several addresses, aiohappyeyeballs merges their errors into one plain `OSError`,
    so only the text tells.
    """
    return _REFUSAL in str(error)


def embedded_ipv4(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that a packet to this IPv6 address may really reach, if it carries one."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _IPV6_NAT64 or address in _IPV6_IPV4_COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the public internet, tunnels and translations looked through.

    `is_private` alone lets 100.64/10, multicast and every disguise of IPv4 in IPv6 pass; `is_global` alone lets
    multicast, NAT64 and 6to4 pass.
    """
    if isinstance(address, IPv6Address):
        inner = embedded_ipv4(address)
        if inner is not None:
            return is_public(inner)
        return (
            address in _IPV6_GLOBAL_UNICAST
            and address not in _IPV6_DOCUMENTATION
            and address.is_global
            and not address.is_multicast
        )
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and address not in _IPV4_PROTOCOL_ASSIGNMENTS
    )


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Makes sockets for public addresses and for `allow_networks`, and for no others."""

    allow_networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def permits(self, text: str) -> bool:
        """Whether the address in its textual form (a zone behind `%` is ignored) may be connected to."""
        address = ip_address(text.partition("%")[0])
        if is_public(address):
            return True
        # A mapped address is the same socket as its IPv4 twin; other disguises go to a gateway and get no allowance.
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return any((mapped or address) in network for network in self.allow_networks)

    def make_socket(self, address_info: AddrInfoType) -> socket.socket:
        """Make the socket for a connection, as aiohttp's `socket_factory`.

        Raises `BlockedAddressError` where the address is not permitted.
        """
        family, kind, protocol, _, address = address_info
        if not self.permits(address[0]):
            raise BlockedAddressError(address[0])
        return socket.socket(family, kind, protocol)
