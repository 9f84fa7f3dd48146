"""The hand-out of a booth: one page to print, in Korean and English."""

import contextlib
import itertools
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path
from string import Template

import segno

from hub.booths.registry import BoothAccount, DeviceAccount, Registry
from hub.booths.snippets import DeviceConnection, trial
from hub.errors import BoothError
from hub.event.zone import Zone
from hub.files import write_atomically
from hub.settings import Settings
from hub.settings.values import BrokerAddress
from hub.topics import TRIAL
from schemas import KindSpec, Label

CA_FILE = "ca.crt"
_TEMPLATE = Path(__file__).with_name("sheet.html").read_text(encoding="utf-8")
STYLE = _TEMPLATE.partition("<style>")[2].partition("</style>")[0]
"""The style inside each sheet."""
_FILLED_IN = "<td><code data-password>"
"""What stands before each password on a sheet."""
_MANY = 8
"""Accounts above which they stand in columns, so that the page stays one."""
_FEW = 2
"""Accounts beside which two snippets find room."""
_EXAMPLE = "thermostat"
"""The kind of the snippet when no device of the booth was named."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The content of a sheet.

    `page` is the link of the booth's page, `certificate` that of the event's own, `others` are
    more addresses of the broker, `passwords` by accounts, as far as they are known.
    """

    event: Label
    booth: BoothAccount
    host: str
    port: int
    tls: bool
    ca: Path | None
    root: str
    page: str = field(repr=False)
    certificate: str
    others: Sequence[BrokerAddress]
    passwords: Mapping[str, str] = field(repr=False)


def facts_of(
    settings: Settings, zone: Zone, booth: BoothAccount, passwords: Mapping[str, str]
) -> Facts:
    """Return the content of a booth's sheet.

    Raises:
        BoothError: the registry cannot be read.
    """
    broker = settings.reached_broker
    return Facts(
        event=zone.event.label(),
        booth=as_planned(booth, zone),
        host=broker.host,
        port=broker.port,
        tls=broker.tls,
        ca=settings.broker_ca,
        root=settings.root,
        page=link(settings, booth.booth),
        certificate=f"{_web(settings)}/api/ca.crt",
        others=settings.reached_brokers[1:],
        passwords=passwords,
    )


def as_planned(booth: BoothAccount, zone: Zone) -> BoothAccount:
    """Return a booth with its names in the zone file, if it is there, as the wall shows them."""
    planned = next((item for item in zone.booth if item.id == booth.booth), None)
    if planned is None:
        return booth
    return booth.model_copy(update={"name": planned.name, "name_ko": planned.name_ko})


def link(settings: Settings, booth: str) -> str:
    """Return the link that opens a booth's page.

    Raises:
        BoothError: the booth has no accounts, or the registry cannot be read.
    """
    return f"{_web(settings)}/booths/{booth}?token={Registry(settings.data).token(booth)}"


def _web(settings: Settings) -> str:
    """The hub's address as phones reach it."""
    return settings.public_http or settings.http.url


def check_folder(folder: Path, ca: Path | None) -> None:
    """Check that sheets can be written to a folder, before anything at the broker is changed.

    Raises:
        BoothError: it cannot be made or written to, or the certificate `ca` cannot be read.
    """
    probe = folder / ".writable"
    with _writable():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(probe, b"")
        probe.unlink()
        if ca is not None:
            ca.read_bytes()


def write(folder: Path, facts: Facts, kinds: Mapping[str, KindSpec]) -> Path:
    """Write the sheet, readable by its owner alone, and the authority's certificate beside it.

    One that lacks a password never replaces one that has some, for they cannot be read again: it
    gets a numbered name.

    Raises:
        BoothError: the folder cannot be written to, or the certificate cannot be read.
    """
    with _writable():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = _place(folder, facts)
        write_atomically(path, page(facts, kinds).encode())
        if facts.tls and facts.ca is not None:
            shutil.copyfile(facts.ca, folder / CA_FILE)
    return path


def qr_svg(text: str) -> bytes:
    """Return a QR code of `text` as an SVG file, with its quiet zone."""
    file = BytesIO()
    segno.make(text, error="m").save(file, kind="svg", border=4, light="#fff", omitsize=True)
    return file.getvalue()


@contextlib.contextmanager
def _writable() -> Iterator[None]:
    """Map errors of the folder to BoothError, with the way out."""
    try:
        yield
    except OSError as exc:
        raise BoothError(f"{exc.filename}: {exc.strerror}; name another folder") from exc


def main_path(folder: Path, booth: str) -> Path:
    """Return the path of a booth's sheet."""
    return folder / f"booth-{booth}.html"


def _place(folder: Path, facts: Facts) -> Path:
    path = main_path(folder, facts.booth.booth)
    if {item.account for item in facts.booth.devices} <= facts.passwords.keys():
        return path
    others = (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))
    return next(
        item
        for item in itertools.chain([path], others)
        if not item.exists() or _FILLED_IN not in item.read_text(encoding="utf-8")
    )


def page(facts: Facts, kinds: Mapping[str, KindSpec]) -> str:
    """Return the sheet as self-contained HTML."""
    booth, event = facts.booth, facts.event
    own = escape(f"{facts.root}/{booth.booth}/")
    return Template(_TEMPLATE).substitute(
        event=escape(" · ".join(dict.fromkeys(filter(None, (event.ko, event.en))))),
        name=_name(booth),
        booth=escape(booth.booth),
        # Error correction M: a crease or a stain in the print does not matter.
        qr=segno.make(facts.page, error="m").svg_inline(border=0, svgclass=None, omitsize=True),
        link=escape(facts.page),
        host=escape(facts.host),
        port=facts.port,
        transport="TLS (mqtts)" if facts.tls else "TLS 없음 · without TLS",
        authority=_authority(facts),
        others=_others(facts),
        authority_code=_authority_code(facts),
        accounts=_accounts(facts),
        own=own,
        topic=own + "<i>종류(kind)</i>/<i>기기(device)</i>",
        snippets=_snippets(facts, kinds),
    )


def _name(booth: BoothAccount) -> str:
    first, second = booth.name_ko or booth.name or booth.booth, booth.name
    below = f"<small>{escape(second)}</small>" if second and second != first else ""
    return escape(first) + below


def _authority(facts: Facts) -> str:
    if not facts.tls or facts.ca is None:
        return ""
    return (
        "<tr><th>인증서 <span>Certificate</span></th><td>"
        f"<code>{escape(facts.certificate)}</code><br>"
        f"<code>{CA_FILE}</code> 없으면 연결이 끊깁니다 · or the connection is lost</td></tr>"
    )


def _authority_code(facts: Facts) -> str:
    if not facts.tls or facts.ca is None:
        return ""
    code = segno.make(facts.certificate, error="m")
    drawn = code.svg_inline(border=0, svgclass=None, omitsize=True)
    return f'<div class="small">{drawn}<b>인증서<br>Certificate</b></div>'


_PURPOSES = {
    "tls": "TLS",
    "plain": "TLS 없음, 남이 읽을 수 있음 · no TLS: others can read it",
    "web": "브라우저용 · for browsers",
}


def _others(facts: Facts) -> str:
    """A row with the further addresses and what each is for."""
    lines = [f"<code>{escape(str(item))}</code> {_PURPOSES[item.purpose]}" for item in facts.others]
    if not lines:
        return ""
    return f"<tr><th>다른 주소 <span>Also</span></th><td>{'<br>'.join(lines)}</td></tr>"


def _accounts(facts: Facts) -> str:
    devices = facts.booth.devices
    many = len(devices) > _MANY
    rows = "".join(_account(item, facts, short=many) for item in devices)
    topic = "" if many else "<th>기기 <span>Device</span></th>"
    return (
        f'<div class="accounts{" many" if many else ""}"><table><thead><tr>'
        "<th>사용자 이름 <span>Username</span></th><th>비밀번호 <span>Password</span></th>"
        f"{topic}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _account(item: DeviceAccount, facts: Facts, *, short: bool) -> str:
    password = facts.passwords.get(item.account)
    shown = (
        f"{_FILLED_IN}{escape(password)}</code>" if password else '<td><span class="blank"></span>'
    )
    device = f"{item.kind}/{item.device}" if item.kind else ""
    last = "" if short else f"<td><code>{escape(device)}</code></td>"
    return f"<tr><td><code>{escape(item.account)}</code></td>{shown}</td>{last}</tr>"


def _snippets(facts: Facts, kinds: Mapping[str, KindSpec]) -> str:
    """A command for each of the booth's kinds, as many as find room; the page has them all."""
    room = 1 if len(facts.booth.devices) > _FEW else 2
    chosen = _examples(facts.booth.devices, kinds)[:room]
    texts = [trial(kinds[item.kind or _EXAMPLE], _connection(facts, item)) for item in chosen]
    # Of the comments only that with the password: the page has room for no more.
    shown = [re.sub(r"\A#.*\n|^# The.*\n", "", text, flags=re.MULTILINE) for text in texts]
    return "\n".join(f"<pre>{escape(text.strip())}</pre>" for text in shown)


def _examples(
    devices: Sequence[DeviceAccount], kinds: Mapping[str, KindSpec]
) -> list[DeviceAccount]:
    """The first device of each kind, or any when none was named."""
    by_kind: dict[str, DeviceAccount] = {}
    for item in devices:
        if item.kind in kinds:
            by_kind.setdefault(str(item.kind), item)
    return list(by_kind.values()) or [
        DeviceAccount(account=item.account) for item in devices[:1] if _EXAMPLE in kinds
    ]


def _connection(facts: Facts, item: DeviceAccount) -> DeviceConnection:
    return DeviceConnection(
        host=facts.host,
        port=facts.port,
        tls=facts.tls,
        ca=CA_FILE if facts.ca is not None else None,
        username=item.account,
        root=facts.root,
        booth=facts.booth.booth,
        device=TRIAL,
    )
