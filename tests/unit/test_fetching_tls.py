"""The fetcher over TLS: whose certificate it takes, and that nothing leads from https to plain http."""

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pipeline.fetching import Fetcher
from pipeline.model import Outcome
from tests.unit.asking import FEED, Resolver, feed, settings


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate for news.example that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "news.example")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("news.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
async def secure(hostile, certificate):
    """The hostile server's class again, over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    async with type(hostile)().running(context) as server:
        yield server


@pytest.fixture
async def trusting(certificate) -> AsyncIterator[Fetcher]:
    """A fetcher that trusts the test's certificate, and finds every name on loopback."""
    context = ssl.create_default_context(cafile=str(certificate))
    async with Fetcher(settings(), resolver=Resolver(["127.0.0.1"]), ssl_context=context) as client:
        yield client


async def test_a_certificate_that_nobody_signed_is_a_tls_error(secure, fetcher):
    result = await feed(fetcher, secure.url("/feed"))
    assert result.outcome is Outcome.TLS_ERROR
    assert "self-signed" in (result.detail or "")
    assert secure.asked == []


async def test_a_certificate_for_another_name_is_a_tls_error(secure, trusting):
    secure.reply("/feed", FEED)
    assert (await feed(trusting, f"https://news.example:{secure.port}/feed")).outcome is Outcome.NEW_BODY
    assert (await feed(trusting, f"https://other.example:{secure.port}/feed")).outcome is Outcome.TLS_ERROR


async def test_a_plain_server_behind_an_https_address_is_a_tls_error(fetcher):
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        assert (await feed(fetcher, url)).outcome is Outcome.TLS_ERROR


async def test_a_redirect_from_https_to_plain_http_is_not_followed(secure, hostile, trusting):
    secure.redirect("/feed", f"http://news.example:{hostile.port}/feed")
    hostile.reply("/feed", FEED)
    result = await feed(trusting, f"https://news.example:{secure.port}/feed")
    assert result.outcome is Outcome.BLOCKED_ADDRESS
    assert hostile.asked == []
