"""A server that keeps what it is given as Grafana does, and checks every request.

Each request is checked against grafana.openapi.yaml; one that does not fit is answered 400 and
kept in `misfits`. What it cannot do (versions, permissions, migrations) it does not pretend to.
"""

import copy
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest

TOKEN = "glsa_of_the_tests"
API = OpenAPI.from_file_path(str(Path(__file__).with_name("grafana.openapi.yaml")))
Json = Any
Answer = tuple[int, Json]


class Server(ThreadingHTTPServer):
    daemon_threads = True  # a client keeps its connection open


class FakeGrafana:
    """Folders, boards, data sources and playlists by uid; `failure` answers instead, if set."""

    def __init__(self) -> None:
        self.folders: dict[str, Json] = {}
        self.boards: dict[str, Json] = {}
        self.sources: dict[str, Json] = {}
        self.playlists: dict[str, Json] = {}
        self.requests: list[tuple[str, str]] = []
        self.misfits: list[str] = []
        self.failure: Callable[[str, str], tuple[int, object] | None] = lambda *_: None
        self._server = Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> "FakeGrafana":
        self._thread.start()
        return self

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def written(self) -> list[tuple[str, str]]:
        return [item for item in self.requests if item[0] != "GET"]

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        self.requests.append((method, path))
        failure = self.failure(method, path)
        if failure is not None:
            return failure[0], failure[1]
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"message": "Invalid API key"}
        request = MockRequest(
            "http://grafana.test",
            method.lower(),
            path,
            headers=headers,
            data=body or None,
            content_type=headers.get("Content-Type", "application/json"),
        )
        try:
            API.validate_request(request)
        except OpenAPIError as exc:
            self.misfits.append(f"{method} {path}: {exc}: {exc.__cause__}")
            return 400, {"message": "bad request data"}
        return self._route(method, path.removeprefix("/api/"), json.loads(body) if body else None)

    def _route(self, method: str, path: str, body: Json) -> Answer:
        match [method, *path.split("/")]:
            case ["GET", "folders", uid]:
                return _found(self.folders.get(uid), "folder not found")
            case ["POST", "folders"]:
                self.folders[body["uid"]] = {"version": 1, **body}
                return 200, self.folders[body["uid"]]
            case ["PUT", "folders", uid]:
                self.folders[uid] = {**self.folders[uid], **body}
                return 200, self.folders[uid]
            case ["GET", "dashboards", "uid", uid]:
                return _found(self.boards.get(uid), "Dashboard not found")
            case ["POST", "dashboards", "db"]:
                return self._save(body)
            case ["GET", "datasources", "uid", uid]:
                return _found(self.sources.get(uid), "Data source not found")
            case ["POST", "datasources"] | ["PUT", "datasources", "uid", _]:
                kept = {name: value for name, value in body.items() if name != "secureJsonData"}
                self.sources[body["uid"]] = {"id": 1, "orgId": 1, "readOnly": False, **kept}
                return 200, {"message": "Datasource saved"}
            case ["GET", "playlists"]:
                brief = ("uid", "name", "interval")
                listed = [{key: item[key] for key in brief} for item in self.playlists.values()]
                return 200, listed
            case ["POST", "playlists"]:
                uid = f"p{len(self.playlists) + 1}"
                self.playlists[uid] = {"uid": uid, **body}
                return 200, self.playlists[uid]
            case ["GET", "playlists", uid]:
                return _found(self.playlists.get(uid), "playlist not found")
            case ["PUT", "playlists", uid]:
                self.playlists[uid] = {"uid": uid, **body}
                return 200, self.playlists[uid]
        raise AssertionError((method, path))

    def _save(self, body: Json) -> Answer:
        board, known = body["dashboard"], self.boards.get(body["dashboard"]["uid"])
        if known is not None and board.get("version") != known["dashboard"]["version"]:
            return 412, {"message": "The dashboard has been changed by someone else"}
        number = len(self.boards) + 1 if known is None else known["dashboard"]["id"]
        version = 1 if known is None else known["dashboard"]["version"] + 1
        self.boards[board["uid"]] = {
            "meta": {"folderUid": body["folderUid"], "provisioned": False},
            "dashboard": {**copy.deepcopy(board), "id": number, "version": version},
        }
        return 200, {"status": "success", "uid": board["uid"], "version": version}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, said = fake.answer(self.command, self.path, dict(self.headers), body)
                text = said if isinstance(said, str) else json.dumps(said)
                kind = "text/html" if isinstance(said, str) else "application/json"
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 - http.server's names

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def _found(item: Json, message: str) -> Answer:
    return (404, {"message": message}) if item is None else (200, item)
