import errno
import socket
from ipaddress import ip_address, ip_network

import pytest

from pipeline.fetching.guard import AddressGuard, BlockedAddressError, is_public, is_refusal

PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - refused, not bound
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "192.0.0.8",
    "240.0.0.1",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "::127.0.0.1",
    "ff02::1",
    "ff0e::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "100::1",
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "2001:4860:4860::8888",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused_in_every_disguise(address):
    assert not is_public(ip_address(address))
    assert not AddressGuard().permits(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_permitted(address):
    assert is_public(ip_address(address))
    assert AddressGuard().permits(address)


def test_an_allowed_network_opens_itself_and_its_mapped_form_and_nothing_else():
    guard = AddressGuard((ip_network("127.0.0.0/8"), ip_network("fd00::/8")))
    assert guard.permits("127.0.0.1")
    assert guard.permits("::ffff:127.0.0.1")
    assert guard.permits("fd12::1")
    assert not guard.permits("::1")
    assert not guard.permits("10.0.0.1")
    assert not guard.permits("64:ff9b::7f00:1")
    assert not guard.permits("2002:7f00:1::")


def test_a_zone_does_not_change_the_judgement():
    assert not AddressGuard().permits("fe80::1%eth0")


def test_no_socket_is_made_for_a_refused_address():
    with pytest.raises(BlockedAddressError) as caught:
        AddressGuard().make_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.1.2.3", 80)))
    assert is_refusal(caught.value)


def test_a_refusal_is_recognised_in_the_merged_error_of_several_addresses():
    merged = OSError(f"Multiple exceptions: {BlockedAddressError('10.0.0.1')}, [Errno {errno.ENETUNREACH}] no route")
    assert is_refusal(merged)
    assert not is_refusal(OSError(errno.ECONNREFUSED, "refused"))
