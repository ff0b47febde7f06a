import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UnreadableError
from pipeline.fetching.bodies import BodyDecoder
from pipeline.model import Outcome

PAGE = b"<html>" + bytes(range(256)) * 40 + b"</html>"


def bare_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


CODED = {
    "": PAGE,
    "identity": PAGE,
    "gzip": gzip.compress(PAGE),
    "X-GZIP": gzip.compress(PAGE),
    "deflate": zlib.compress(PAGE),
    " deflate ": bare_deflate(PAGE),
    "gzip, gzip": gzip.compress(gzip.compress(PAGE)),
    "deflate, gzip": gzip.compress(zlib.compress(PAGE)),
}


def decode(coding: str, data: bytes, *, piece: int = 1000, max_bytes: int = 100_000) -> bytes:
    decoder = BodyDecoder(coding, max_bytes=max_bytes)
    for start in range(0, len(data), piece):
        decoder.feed(data[start : start + piece])
    return decoder.finish()


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("piece", [1, 7, 100_000])
def test_every_offered_coding_is_undone_however_it_is_cut(coding, piece):
    assert decode(coding, CODED[coding], piece=piece) == PAGE


@given(parts=st.lists(st.binary(max_size=300), max_size=5), piece=st.integers(1, 50))
def test_several_gzip_members_are_one_body(parts, piece):
    assert decode("gzip", b"".join(map(gzip.compress, parts)), piece=piece) == b"".join(parts)


@pytest.mark.parametrize("padding", [b"\0", b"\0" * 700, b"\n", b"trailing"])
def test_padding_behind_a_gzip_body_is_ignored(padding):
    assert decode("gzip", gzip.compress(PAGE) + padding, piece=100) == PAGE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip"])
@given(share=st.floats(0.01, 0.99))
def test_a_compressed_body_that_breaks_off_is_truncated(coding, share):
    whole = CODED[coding]
    with pytest.raises(UnreadableError) as caught:
        decode(coding, whole[: max(1, int(len(whole) * share))])
    assert caught.value.outcome is Outcome.TRUNCATED


def test_a_body_that_is_not_compressed_as_it_claims_is_truncated():
    with pytest.raises(UnreadableError) as caught:
        decode("gzip", PAGE)
    assert caught.value.outcome is Outcome.TRUNCATED


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip, gzip"])
def test_a_coding_that_was_not_offered_is_refused(coding):
    with pytest.raises(UnreadableError) as caught:
        BodyDecoder(coding, max_bytes=10)
    assert caught.value.outcome is Outcome.TRUNCATED


def test_an_empty_compressed_body_is_an_empty_body():
    assert decode("gzip", b"") == b""
    assert decode("gzip", gzip.compress(b"")) == b""


@pytest.mark.parametrize("coding", CODED)
def test_a_body_may_fill_the_cap_and_not_exceed_it(coding):
    assert decode(coding, CODED[coding], max_bytes=len(PAGE)) == PAGE
    with pytest.raises(UnreadableError) as caught:
        decode(coding, CODED[coding], max_bytes=len(PAGE) - 1)
    assert caught.value.outcome is Outcome.TOO_LARGE


@pytest.mark.parametrize("coding", ["gzip", "gzip, gzip"])
def test_a_bomb_is_cut_at_the_cap(coding):
    bomb = gzip.compress(b"\0" * (64 << 20))
    decoder = BodyDecoder(coding, max_bytes=1 << 20)
    with pytest.raises(UnreadableError) as caught:
        decoder.feed(gzip.compress(bomb) if coding == "gzip, gzip" else bomb)
    assert caught.value.outcome is Outcome.TOO_LARGE
    assert len(decoder.body) == 1 << 20
