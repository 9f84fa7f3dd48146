"""The client of a running Grafana: compares its content with the plan, and pushes the plan.

It creates and updates folders, boards, the data source and playlists; it deletes nothing, and does
not touch a board of the same uid that is not ours. The only module that imports grafana-client.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from grafana_client.api import GrafanaApi
from grafana_client.client import GrafanaException
from niquests.exceptions import RequestException

from hub.boards import drift
from hub.boards.model import MARK
from hub.boards.provisioning import Plan
from hub.errors import GrafanaError

Json = dict[str, Any]
TIMEOUT = 10.0
"""Seconds that each request may take."""
_CONFLICT = "is not as it was a moment ago, or its name is taken; see hub boards diff, push again"
_MEANING = {
    401: "did not take the token; make a service account with the role Admin and set "
    "HUB_GRAFANA_TOKEN to its token",
    403: "does not let this token do it; give its service account the role Admin",
    404: "knows no such call; is HUB_GRAFANA right, with its path if Grafana has one?",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference from the plan; `lines` are the diff, empty when Grafana lacks it entirely."""

    name: str
    lines: tuple[str, ...] = ()

    @property
    def missing(self) -> bool:
        """Whether Grafana does not have it."""
        return not self.lines


@dataclass(frozen=True, slots=True)
class _Thing:
    """An item of the plan: how to look it up, compare it and save it over what was found."""

    name: str
    find: Callable[[], Json | None]
    compare: Callable[[Json], list[str]]
    save: Callable[[Json | None], Any]


class Grafana:
    """A Grafana at `url`, accessed with `token` (of a service account)."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        path = urlsplit(self._url).path
        self._api: Any = GrafanaApi.from_url(
            self._url + ("/" if path else ""), credential=token, timeout=TIMEOUT
        )

    def close(self) -> None:
        """Close the connections; safe to call twice."""
        self._api.client.s.close()

    def diff(self, plan: Plan) -> Iterator[Difference]:
        """Yield the differences from the plan, as they are found.

        Raises:
            GrafanaError: Grafana did not answer, or refused; in a line.
        """
        for thing in self._things(plan):
            found, lines = self._looked_up(thing)
            if found is None or lines:
                yield Difference(thing.name, tuple(lines))

    def push(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Push the plan; yield each item with `created`, `updated` or `as declared`.

        Raises:
            GrafanaError: Grafana did not answer, or refused; in a line. What was yielded is saved.
        """
        for thing in self._things(plan):
            found, lines = self._looked_up(thing)
            if found is not None and not lines:
                yield thing.name, "as declared"
                continue
            with self._mapped_errors(thing.name):
                thing.save(found)
            yield thing.name, "created" if found is None else "updated"

    def kiosk(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield the name of each playlist of the plan and the address that plays it on a wall."""
        wanted = {item["name"] for item in plan.playlists}
        with self._mapped_errors("playlists"):
            listed = self._api.client.GET("/playlists")
        for item in listed:
            if item["name"] in wanted:
                yield item["name"], f"{self._url}/playlists/play/{item['uid']}?{_KIOSK}"

    def _things(self, plan: Plan) -> Iterator[_Thing]:
        for uid, title in plan.folders.items():
            yield self._folder(uid, title)
        if plan.source is not None:
            yield self._source(plan.source, dict(plan.secrets or {}))
        for folder, board in plan.boards:
            yield self._board(folder, board)
        for playlist in plan.playlists:
            yield self._playlist(playlist)

    def _folder(self, uid: str, title: str) -> _Thing:
        folder = self._api.folder

        def save(found: Json | None) -> None:
            if found is None:
                folder.create_folder(title, uid)
            else:
                folder.update_folder(uid, title, version=found.get("version"))

        return _Thing(
            f"folder {uid}",
            lambda: self._api.folder.get_folder(uid),
            lambda found: drift.subset({"title": title}, found),
            save,
        )

    def _source(self, wanted: Json, secrets: dict[str, str]) -> _Thing:
        source, uid = self._api.datasource, wanted["uid"]
        body = {**wanted, "secureJsonData": secrets} if secrets else wanted

        def save(found: Json | None) -> None:
            if found is None:
                source.create_datasource(body)
            elif found.get("readOnly"):
                raise GrafanaError(
                    f"data source {uid}: Grafana loads it from a file; change it there"
                )
            else:
                source.update_datasource_by_uid(uid, body)

        return _Thing(
            f"data source {uid}",
            lambda: source.get_datasource_by_uid(uid),
            lambda found: drift.subset(wanted, found),
            save,
        )

    def _board(self, folder: str, wanted: Json) -> _Thing:
        uid = wanted["uid"]
        name = f"board {uid}"

        def save(found: Json | None) -> None:
            _ours(name, found)
            # With the version that was read, and no overwrite (optimistic locking): a concurrent
            # change is a 412, not lost.
            known = {} if found is None else {key: found["dashboard"][key] for key in _KEPT}
            said = {"folderUid": folder, "overwrite": False, "message": "hub boards push"}
            self._api.dashboard.update_dashboard({"dashboard": {**wanted, **known}, **said})

        return _Thing(
            name,
            lambda: self._api.dashboard.get_dashboard(uid),
            lambda found: (
                drift.board(wanted, found["dashboard"])
                or drift.subset({"folderUid": folder}, found["meta"])
            ),
            save,
        )

    def _playlist(self, wanted: Json) -> _Thing:
        client, name = self._api.client, wanted["name"]

        def find() -> Json | None:
            uids = [item["uid"] for item in client.GET("/playlists") if item["name"] == name]
            return client.GET(f"/playlists/{uids[0]}") if uids else None

        def save(found: Json | None) -> None:
            if found is None:
                client.POST("/playlists", json=wanted)
            else:
                client.PUT(f"/playlists/{found['uid']}", json=wanted)

        return _Thing(f"playlist {name}", find, lambda found: drift.subset(wanted, found), save)

    def _looked_up(self, thing: _Thing) -> tuple[Json | None, list[str]]:
        """An item as Grafana has it, and its difference from the plan."""
        with self._mapped_errors(thing.name):
            try:
                found = thing.find()
            except GrafanaException as exc:
                if exc.status_code == 404 and _says_so(exc):
                    return None, []
                raise
            return found, [] if found is None else thing.compare(found)

    @contextmanager
    def _mapped_errors(self, name: str) -> Iterator[None]:
        """Map errors of the client to GrafanaError, in one line that names the item."""
        try:
            yield
        except GrafanaException as exc:
            raise GrafanaError(f"{name}: {self._refusal(exc)}") from exc
        except (RequestException, OSError) as exc:
            raise GrafanaError(
                f"{name}: no answer from {self._url}; is Grafana running, and is HUB_GRAFANA right?"
            ) from exc
        except (KeyError, TypeError, AttributeError) as exc:
            raise GrafanaError(
                f"{name}: {self._url} does not answer as Grafana does; is HUB_GRAFANA right?"
            ) from exc

    def _refusal(self, exc: GrafanaException) -> str:
        """Explain a refusal, with Grafana's message at the end."""
        own = _says_so(exc) and "message" in exc.response
        message = " ".join(str(exc.response["message"] if own else exc.message).split())[:200]
        status = exc.status_code
        if not status:
            return f"no answer from {self._url} within {TIMEOUT:g} s; try again later"
        if status == 412:
            return f"Grafana says that it {_CONFLICT} (412: {message})"
        if status >= 500:
            return f"Grafana failed; see its log and try again later ({status}: {message})"
        return f"Grafana {_MEANING.get(status, 'refused it')} ({status}: {message})"


_KIOSK = (
    "kiosk=1&autofitpanels&_dash.hideTimePicker=true&_dash.hideVariables=true&_dash.hideLinks=true"
)
_KEPT = ("id", "version")


def _ours(name: str, found: Json | None) -> None:
    """Refuse to overwrite a board that is not ours.

    Raises:
        GrafanaError: it is not ours, or Grafana loads it from a file.
    """
    if found is None:
        return
    if MARK not in found["dashboard"].get("tags", []):
        raise GrafanaError(f"{name}: it is there, but lacks the tag {MARK}; rename or remove it")
    if found["meta"].get("provisioned"):
        raise GrafanaError(f"{name}: Grafana loads it from a file; run hub boards build instead")


def _says_so(exc: GrafanaException) -> bool:
    """Whether a 404 is Grafana's, not another server's."""
    return isinstance(exc.response, dict)
