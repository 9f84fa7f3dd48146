"""The HTTP client of a running hub: what it asks, and what it says when that does not work."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hub.client import HubClient, client_of
from hub.errors import ClientError
from hub.settings import Settings

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """A web server that answers everything in the same way; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        do_POST = do_GET  # noqa: N815 - its name

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def answer(handler: BaseHTTPRequestHandler, status: int, body: bytes, length: int = 0) -> None:
    handler.send_response(status)
    handler.send_header("content-length", str(length or len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def saying(status: int, body: bytes, length: int = 0) -> Answer:
    return lambda handler: answer(handler, status, body, length)


def test_it_asks_with_the_token_and_not_through_a_proxy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    asked: list[tuple[str, str, str | None]] = []

    def note(handler: BaseHTTPRequestHandler) -> None:
        asked.append((handler.command, handler.path, handler.headers["authorization"]))
        answer(handler, 200, b"[1]")

    with answering(note) as url:
        assert HubClient(url, "secret").json("/api/devices?booth=b1") == [1]
        assert HubClient(url).json("/api/zone") == [1]
    assert asked == [
        ("GET", "/api/devices?booth=b1", "Bearer secret"),
        ("GET", "/api/zone", None),
    ]


def test_it_writes_the_token_as_utf8_as_the_hub_reads_it():
    asked: list[str] = []

    def note(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers["authorization"].encode("latin-1").decode())
        answer(handler, 200, b"[]")

    with answering(note) as url:
        assert HubClient(url, "열쇠-é").json("/api/zone") == []
    assert asked == ["Bearer 열쇠-é"]


def test_a_body_is_posted_as_what_it_is():
    def echo(handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["content-length"]))
        kind = handler.headers["content-type"].encode()
        answer(handler, 200, b'["%s", "%s", %s]' % (handler.command.encode(), kind, body))

    with answering(echo) as url:
        client = HubClient(url, "secret")
        assert client.json("/", b"{}", "application/x-ndjson") == [
            "POST", "application/x-ndjson", {},
        ]  # fmt: skip


def test_a_long_answer_comes_in_blocks():
    with answering(saying(200, bytes(1_000_000))) as url:
        blocks = list(HubClient(url).blocks("/"))
    assert b"".join(blocks) == bytes(1_000_000)
    assert max(map(len, blocks)) <= 65_536


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (saying(422, b'{"error": "x", "message": "last is too long"}'), "says: last is too long"),
        (saying(503, b"<html>"), r"says: 503 \(Service Unavailable\)"),
        (saying(500, b"[]"), r"says: 500 \(Internal Server Error\)"),
        (saying(401, b"{}"), "HUB_OPS_TOKEN was not taken: the hub at http://127"),
        (saying(200, b"<html>"), "is no hub; is HUB_HTTP its address"),
        (saying(200, b"[1]", 99), "no hub answers"),
        (lambda handler: handler.connection.close(), "no hub answers"),
    ],
    ids=["message", "no json", "no message", "token", "no hub", "cut short", "closed"],
)
def test_an_answer_that_is_none_is_told(reply: Answer, said: str):
    with answering(reply) as url, pytest.raises(ClientError, match=said):
        HubClient(url, "secret").json("/")


def test_a_token_that_is_missing_is_told():
    with (
        answering(saying(401, b"{}")) as url,
        pytest.raises(ClientError, match="HUB_OPS_TOKEN is not set"),
    ):
        HubClient(url).json("/")


def test_an_address_that_means_all_is_reached_on_this_machine():
    with answering(saying(200, b"{}")) as url:
        port = url.rpartition(":")[2]
        settings = Settings.model_validate(
            {"http": f"0.0.0.0:{port}", "ops_token": "0123456789abcdef0123456789abcdef"}
        )
        assert client_of(settings).json("/") == {}
