"""A network that can be cut: a TCP proxy on a thread for each direction of each connection."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from harness.wait import DEADLINE

_CHUNK = 16_384
_DEAF = 2.0  # s in which a server that hears nothing sends what it still may
_HEAD = b"HTTP/1.1 "
_BODY = b"\r\n\r\n"  # what an HTTP body comes after; one in chunks ends with it too
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER with 0 s: close sends RST, as a dead link would end it


class Wire:
    """One connection through the proxy."""

    def __init__(
        self,
        client: socket.socket,
        server: socket.socket,
        *,
        cutting: bool,
        passing: Callable[[bytes, bytes], int],
    ) -> None:
        self._sockets = client, server
        self._passing = passing
        self._asked = b""
        self.deaf = False
        self.frozen = False
        self.cutting = cutting
        self.broken = threading.Event()
        self.threads = [
            threading.Thread(target=self._pump, args=(client, server, True)),
            threading.Thread(target=self._pump, args=(server, client, False)),
        ]
        for thread in self.threads:
            thread.start()

    def _pump(self, source: socket.socket, target: socket.socket, from_client: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK):
                if self.frozen:
                    self.broken.wait()
                if from_client:
                    self._asked = data
                elif (passing := self._passing(self._asked, data)) < len(data):
                    target.sendall(data[:passing])
                    self.broken.wait()
                if self.cutting and not from_client:
                    target.sendall(data[: len(data) // 2])  # in the middle of a packet
                    break
                if not (self.deaf and from_client):
                    target.sendall(data)
        self.close()

    def close(self) -> None:
        for side in self._sockets:
            with contextlib.suppress(OSError):
                side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                side.shutdown(socket.SHUT_RDWR)
        self.broken.set()

    def join(self) -> None:
        self.close()
        for thread in self.threads:
            thread.join()
        for side in self._sockets:
            side.close()


class Cuttable:
    """A proxy to a port of this machine; use it as a context manager."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._wires: list[Wire] = []
        self._to_cut = 0
        self._stalled: bytes | None = None
        self._after_head = False
        self._acceptor = threading.Thread(target=self._accept)

    def __enter__(self) -> Self:
        self._acceptor.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._server.close()
        for wire in self._wires:
            wire.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._target))
                except OSError:
                    client.close()
                    continue
                cutting = self._to_cut > 0
                self._wires.append(Wire(client, server, cutting=cutting, passing=self._passing))
                self._to_cut -= 1

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        """How many connections there have been."""
        return len(self._wires)

    def deafen(self) -> None:
        """Let nothing more that the client says reach the server."""
        self._wires[-1].deaf = True

    def freeze(self) -> None:
        """Let nothing pass any more, either way, and tell neither side."""
        self._wires[-1].frozen = True

    def stall(self, request: str | None, *, after_head: bool = False) -> None:
        """Stop every answer to an HTTP request that begins so, and tell neither side; None: none.

        With `after_head` its head passes, and a byte of its body if that came with it.
        """
        self._stalled = request.encode() if request else None
        self._after_head = after_head

    def _passing(self, asked: bytes, answer: bytes) -> int:
        """How many bytes of a piece of an answer pass."""
        if self._stalled is None or not asked.startswith(self._stalled):
            return len(answer)
        headed = self._after_head and answer.startswith(_HEAD) and _BODY in answer
        return answer.find(_BODY) + len(_BODY) + 1 if headed else 0

    def reset(self) -> None:
        """End the connection with RST, both ways."""
        self._wires[-1].close()

    def lead_to(self, port: int) -> None:
        """Take new connections to another port of this machine."""
        self._target = port

    def cut_next(self, count: int) -> None:
        """Cut the next connections with the first bytes that the server sends."""
        self._to_cut = count

    def cut(self) -> None:
        """Cut the connection with the server's next bytes, in the middle of them.

        A server that hears no acknowledgement may have sent all that it may: then it is just cut.
        """
        wire = self._wires[-1]
        wire.cutting = True
        if not wire.broken.wait(_DEAF if wire.deaf else DEADLINE):
            assert wire.deaf, "nothing came that could be cut"
            wire.close()
