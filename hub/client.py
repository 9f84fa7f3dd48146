"""The HTTP client of a running hub, for the commands."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from hub.errors import ClientError

if TYPE_CHECKING:
    from hub.settings import Settings

_TIMEOUT = 15.0
"""Seconds without a byte from the hub."""
_BLOCK = 64 * 1024
_MAX_ERROR = 64 * 1024


def bearer(token: str) -> str:
    """Return the header with a token, as http.client takes it: it writes Latin-1, servers UTF-8."""
    return f"Bearer {token}".encode().decode("latin-1")


class HubClient:
    """Asks the hub at `url`, with its ops token if there is one."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self._url = url
        self._headers = {} if token is None else {"authorization": bearer(token)}
        # Without the environment's proxies: the hub is one of this network.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def blocks(
        self,
        path: str,
        body: bytes | None = None,
        content_type: str | None = None,
        method: str | None = None,
    ) -> Iterator[bytes]:
        """Stream the answer to a GET, to a POST with a `body`, or to another `method`.

        Raises:
            ClientError: no hub answers, or it refuses.
        """
        headers = (
            self._headers
            if content_type is None
            else {**self._headers, "content-type": content_type}
        )
        request = urllib.request.Request(self._url + path, body, headers, method=method)  # noqa: S310 - our own http
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as answer:
                while block := answer.read(_BLOCK):
                    yield block
                if answer.length:  # read(n) takes an answer that is cut short for a whole one
                    raise http.client.IncompleteRead(b"", answer.length)
        except urllib.error.HTTPError as exc:
            with exc:
                raise ClientError(self._refused(exc)) from exc
        except (OSError, http.client.HTTPException) as exc:
            raise ClientError(
                f"no hub answers at {self._url} ({getattr(exc, 'reason', exc)}); is it running, "
                "and is HUB_HTTP its address?"
            ) from exc

    def read(self, path: str) -> bytes:
        """Return the answer to a GET; raises as `blocks` does."""
        return b"".join(self.blocks(path))

    def answers(self) -> bool:
        """Whether a hub answers, well or not."""
        try:
            self.read("/static/icon.svg")
        except ClientError:
            return False
        return True

    def json(
        self,
        path: str,
        body: bytes | None = None,
        content_type: str | None = None,
        method: str | None = None,
    ) -> Any:
        """Return the answer, parsed as JSON; raises as `blocks` does."""
        try:
            return json.loads(b"".join(self.blocks(path, body, content_type, method)))
        except ValueError as exc:
            raise ClientError(
                f"what answers at {self._url} is no hub; is HUB_HTTP its address?"
            ) from exc

    def delete(self, path: str) -> None:
        """Delete what is at a path; raises as `blocks` does."""
        for _ in self.blocks(path, method="DELETE"):
            pass

    def _refused(self, exc: urllib.error.HTTPError) -> str:
        if exc.code == HTTPStatus.UNAUTHORIZED:
            token = "was not taken" if self._headers else "is not set"
            return (
                f"HUB_OPS_TOKEN {token}: the hub at {self._url} asks for the token it was "
                "started with"
            )
        try:
            said = json.loads(exc.read(_MAX_ERROR))["message"]
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            said = f"{exc.code} ({exc.reason})"
        return f"the hub at {self._url} says: {said}"


def client_of(settings: "Settings") -> HubClient:
    """Return the client of the hub at HUB_HTTP, at an address that this machine reaches."""
    token = settings.ops_token
    return HubClient(settings.http.nearby.url, None if token is None else token.get_secret_value())
