"""What is compressed, for whom, and what is not."""

import gzip
import json

import pytest
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response, StreamingResponse

from hub.web import compression
from hub.web.compression import LEAST, CompressedJson, accepts_gzip
from tests.web.conftest import client_of
from tests.web.test_api import Stream

pytestmark = pytest.mark.asyncio(loop_scope="module")

GZIP = {"accept-encoding": "gzip"}
LONG = {"text": "0123456789" * 20_000}


@pytest.mark.parametrize(
    ("said", "accepted"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5, br", True),
        ("", False),
        ("identity", False),
        ("br, zstd", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
    ],
)
async def test_gzip_is_sent_to_whoever_accepts_it(said, accepted):
    assert accepts_gzip(Headers({"accept-encoding": said})) is accepted


async def raw(app, path="/", headers=GZIP):
    """An answer as it was sent: status, headers, body."""
    async with client_of(app) as client, client.stream("GET", path, headers=headers) as answer:
        return answer.headers, b"".join([piece async for piece in answer.aiter_raw()])


async def test_long_json_is_compressed_and_says_so():
    headers, body = await raw(CompressedJson(JSONResponse(LONG)))
    assert headers["content-encoding"] == "gzip"
    assert headers["vary"] == "accept-encoding"
    assert "content-length" not in headers
    assert len(body) < 2_000
    assert json.loads(gzip.decompress(body)) == LONG


async def test_short_json_is_sent_as_it_is_with_its_length():
    headers, body = await raw(CompressedJson(JSONResponse({"a": 1})))
    assert "content-encoding" not in headers
    assert headers["vary"] == "accept-encoding"
    assert int(headers["content-length"]) == len(body)


async def test_who_does_not_accept_gzip_gets_json_with_its_length():
    headers, body = await raw(CompressedJson(JSONResponse(LONG)), headers={"accept-encoding": "br"})
    assert "content-encoding" not in headers
    assert headers["vary"] == "accept-encoding"
    assert int(headers["content-length"]) == len(body)


@pytest.mark.parametrize("size", [0, 1, LEAST - 1, LEAST, LEAST + 1, 200_000])
async def test_json_in_pieces_is_whole_however_long(size):
    async def pieces():
        for _ in range(size):
            yield b" "

    app = StreamingResponse(pieces(), media_type="application/schema+json")
    headers, body = await raw(CompressedJson(app))
    packed = headers.get("content-encoding") == "gzip"
    assert packed is (size >= LEAST)
    assert (gzip.decompress(body) if packed else body) == b" " * size


@pytest.mark.parametrize("media", ["text/csv", "application/octet-stream", "text/event-stream"])
async def test_what_is_no_json_is_left_alone(media):
    headers, body = await raw(CompressedJson(Response(b"x" * 9_000, media_type=media)))
    assert "content-encoding" not in headers
    assert "vary" not in headers
    assert int(headers["content-length"]) == len(body) == 9_000


async def test_each_event_of_the_stream_is_sent_at_once(still):
    headers = [(b"accept-encoding", b"gzip")]
    app = still.client._transport.app
    async with Stream(app, "/api/live?booth=b12", headers) as stream:
        assert b"content-encoding" not in dict(stream.start["headers"])
        assert await stream.piece() == ": welcome\n\n"


async def test_the_catalogue_costs_a_fifth(still):
    plain = (await still.get("/api/kinds", headers={"accept-encoding": "identity"})).content
    async with still.client.stream("GET", "/api/kinds", headers=GZIP) as answer:
        packed = b"".join([piece async for piece in answer.aiter_raw()])
    assert gzip.decompress(packed) == plain
    assert len(packed) < len(plain) / 4


async def test_a_long_answer_is_compressed_in_pieces(monkeypatch):
    monkeypatch.setattr(compression, "_PIECE", 1_000)
    _, body = await raw(CompressedJson(JSONResponse(LONG)))
    assert json.loads(gzip.decompress(body)) == LONG
