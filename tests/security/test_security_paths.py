"""No path leads out of the folder of the pages' files, nor from a booth's page to anything else."""

import pytest

from hub.topics import BOOTH
from hub.web.server import STATIC, create_app
from tests.web.conftest import client_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

UP = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%252f", "%252e%252e%252f", "..\\", "..%5c",
      "....//", "..;/", ".%2e/", "%c0%ae%c0%ae/", "..%c0%af", "..%00/"]  # fmt: skip
OUTSIDE = ["etc/passwd", "server.py"]
WAYS = [
    *(f"{up * deep}{name}" for up in UP for deep in (1, 2, 9) for name in OUTSIDE),
    "/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "file:///etc/passwd", "C:\\windows\\win.ini",
    "js/../../server.py", "js/..%2f..%2fserver.py", "vendor/../../../errors.py", "%00", "js%00.js",
    ".", "..", "js", "js/", "~root/.profile",
]  # fmt: skip
NEVER = (b"root:", b"import ", b"class Guard")


@pytest.mark.parametrize(
    "start", ["/static/", "/static/js/", "/static//", "/booths/", "/booths/b12/"]
)
async def test_no_way_leads_out(site, opened, start):
    for way in WAYS:
        if start == "/booths/" and BOOTH.fullmatch(way.rstrip("/")):
            continue  # a booth may be called so
        target = (start + way).encode()
        request = (
            b"GET %s HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer %s\r\nconnection: close\r\n\r\n"
        )
        token = site.client.headers["authorization"].split()[1].encode()
        said = await opened.say(request % (target, token))
        status, body = int(said.split()[1]), said.partition(b"\r\n\r\n")[2]
        assert status in {400, 404, 405}, (way, status)
        assert not any(word in body for word in NEVER), way


async def test_a_link_out_of_the_folder_is_not_followed(site, tmp_path, monkeypatch):
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "here.js").write_text("here")
    (tmp_path / "outside.js").write_text("outside")
    (folder / "link.js").symlink_to(tmp_path / "outside.js")
    monkeypatch.setattr("hub.web.server.STATIC", folder)
    async with client_of(create_app(site.hub.parts)) as client:
        assert (await client.get("/static/here.js")).text == "here"
        assert (await client.get("/static/link.js")).status_code == 404


async def test_what_is_shipped_in_the_folder_is_for_pages_alone():
    shipped = [*STATIC.rglob("*")]
    assert STATIC / "index.html" in shipped
    for path in shipped:
        assert not path.is_symlink(), path
        assert path.suffix not in {".py", ".pyc", ".toml", ".db"}, path


async def test_what_is_in_the_folder_is_served(site):
    assert (await site.get("/static/js/booth.js")).status_code == 200
    assert (await site.get("/booths/b12")).status_code == 200
