"""The catalogue of an event: the kinds that ship, and those that are declared for it.

A declaration is a JSON Schema in a file `NAME.json` or `NAME.yaml`, in HUB_KINDS or, when it came
over HTTP, in the data folder. A field keeps the type with which it was declared first, for rows may
exist.
"""

import json
import logging
from collections.abc import Iterable
from pathlib import Path

from hub.errors import KindError, SettingError
from hub.event import json_yaml
from hub.files import write_atomically
from hub.korean import settled
from hub.settings import Settings
from schemas import KindSpec, declared, kinds

LARGEST = 128 * 1024
"""The largest declaration, in bytes."""
MOST = 200
"""The most kinds that are declared for an event."""
_FOLDER, _TYPES = "kinds", "kinds.types"
_READABLE = 0o644
_LONGEST = 600
YAML = frozenset({".yaml", ".yml"})
"""How the names of declarations in YAML end."""

log = logging.getLogger("hub.kinds")


def parse(text: bytes | str, *, yaml: bool = False) -> KindSpec:
    """Parse a declaration, in JSON or in YAML.

    Raises:
        KindError: it is none, or has the name of a kind that ships.
    """
    if len(text) > LARGEST:
        raise KindError(
            f"the declaration has more than {LARGEST} bytes; declare fewer fields",
            ko=f"선언이 {LARGEST}바이트를 넘습니다. 필드를 줄이세요",
        )
    try:
        spec = declared(json_yaml.parse(text) if yaml else json_yaml.parse_json(text))
    except (ValueError, RecursionError) as exc:
        ko = settled(getattr(exc, "ko", "") or str(exc))
        raise KindError(
            _one_line(f"the declaration cannot be used: {exc}"),
            ko=_one_line(f"이 선언은 쓸 수 없습니다: {ko}"),
        ) from exc
    except Exception as exc:  # a declaration that nobody foresaw must not end the hub
        log.exception("a declaration was not understood")
        raise KindError(
            "the declaration cannot be used: it is not understood; see the hub's log",
            ko="이 선언은 쓸 수 없습니다. 허브의 로그를 확인하세요",
        ) from exc
    if spec.name in kinds():
        raise KindError(
            f"{spec.name}: ships with the hub; give the new kind another name",
            ko=f"{spec.name}: 허브에 이미 있는 종류입니다. 다른 이름을 쓰세요",
        )
    return spec


def _one_line(text: str) -> str:
    """What a message says of a declaration, whatever that holds."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:_LONGEST])


class Catalogue:
    """The kinds of an event; `known` gets those that are added while the hub runs.

    `mistakes` says what is wrong with declarations that were not taken. With `keep` the types of
    fields are kept in the data folder: the running hub does, and a command that looks does not, for
    it may be another user's, or beside a hub that runs.
    """

    def __init__(self, settings: Settings, *, keep: bool = True) -> None:
        self._data, self._keep = settings.data, keep
        self.known: dict[str, KindSpec] = dict(kinds())
        self.mistakes: list[str] = []
        for path in _files(settings):
            try:
                self._take(parse(_read(path), yaml=path.suffix in YAML))
            except KindError as exc:
                self.mistakes.append(f"{path}: {exc}")
                log.error("%s: %s", path, exc)

    def check(self, text: bytes) -> KindSpec:
        """Return the kind that a declaration would add.

        Raises:
            KindError: it cannot be used, or there is a kind of that name.
        """
        spec = parse(text)
        if spec.name in self.known:
            raise KindError(
                f"{spec.name}: is declared already; give the new kind another name",
                ko=f"{spec.name}: 이미 등록된 종류입니다. 다른 이름을 쓰세요",
            )
        self._check_room(spec)
        self._check(spec)
        return spec

    def add(self, spec: KindSpec) -> None:
        """Keep a kind's declaration in the data folder, and take it.

        Raises:
            KindError: it cannot be kept.
        """
        try:
            folder = self._data / _FOLDER
            folder.mkdir(parents=True, exist_ok=True)
            content = json.dumps(spec.json_schema(), ensure_ascii=False, indent=2)
            write_atomically(folder / f"{spec.name}.json", content.encode(), _READABLE)
        except OSError as exc:
            raise KindError(
                f"{exc.filename}: {exc.strerror}; correct the data folder",
                ko=f"{exc.filename}: 저장할 수 없습니다({exc.strerror}). 데이터 폴더를 확인하세요",
            ) from exc
        self._take(spec)

    def _check_room(self, spec: KindSpec) -> None:
        if len(self.known) - len(kinds()) >= MOST:
            raise KindError(
                f"{spec.name}: {MOST} kinds are declared, which is the most",
                ko=f"{spec.name}: 종류는 {MOST}개까지만 등록할 수 있습니다",
            )

    def _take(self, spec: KindSpec) -> None:
        self._check_room(spec)
        if spec.name in self.known:
            raise KindError(f"{spec.name}: is declared twice; remove one of the files")
        types = self._check(spec)
        self.known[spec.name] = spec
        own = {item.name: item.type.value for item in spec.fields}
        if not self._keep or types.get(spec.name, {}).keys() >= own.keys():
            return
        types[spec.name] = types.get(spec.name, {}) | own
        try:
            self._data.mkdir(parents=True, exist_ok=True)
            write_atomically(self._data / _TYPES, json.dumps(types).encode())
        except OSError as exc:
            log.error("%s: %s; the types of %s are not kept", exc.filename, exc, spec.name)

    def _check(self, spec: KindSpec) -> dict[str, dict[str, str]]:
        """Check that no field changes its type; return the types of all kinds ever declared."""
        path = self._data / _TYPES
        try:
            types: dict[str, dict[str, str]] = json.loads(path.read_bytes())
        except FileNotFoundError:
            types = {}
        except (OSError, ValueError) as exc:
            raise KindError(f"{path}: {exc}; put back a copy of it") from exc
        for item in spec.fields:
            before = types.get(spec.name, {}).get(item.name)
            if before not in (None, item.type.value):
                raise KindError(
                    f"{spec.name}: {item.name} was {before}, and rows with it may be stored; it "
                    f"never becomes {item.type.value}: give it another name",
                    ko=settled(
                        f"{spec.name}: {item.name}은(는) {before} 형식으로 저장된 값이 있을 수 "
                        f"있어 {item.type.value}(으)로 바꿀 수 없습니다. 다른 이름을 쓰세요"
                    ),
                )
        return types


def folders(settings: Settings) -> list[Path]:
    """Return where declarations are: HUB_KINDS or beside the zone file, and the data folder."""
    beside = settings.zone.parent / _FOLDER if settings.zone is not None else None
    chosen = settings.kinds or beside
    return [folder for folder in (chosen, settings.data / _FOLDER) if folder is not None]


def _files(settings: Settings) -> Iterable[Path]:
    found = [
        path
        for folder in folders(settings)
        for path in _inside(folder)
        if path.suffix in {".json", *YAML}
    ]
    return list(dict.fromkeys(path.resolve() for path in found))


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as exc:
        said = f"HUB_KINDS: {folder}: {exc.strerror}; make it a folder that the hub may read"
        raise SettingError(said) from exc


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as exc:
        raise KindError(f"{exc.strerror}; correct its rights") from exc


def load(settings: Settings) -> dict[str, KindSpec]:
    """Return the kinds of the event, for a command that changes nothing."""
    return Catalogue(settings, keep=False).known
