"""The pages' files: compressed once, kept by browsers under a path of their content."""

import gzip
import re

import pytest

from hub.web.pages import PageFiles
from hub.web.server import STATIC

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLAIN, GZIP = {"accept-encoding": "identity"}, {"accept-encoding": "gzip"}
NAMED = re.compile(r'"(/static/[^"]+)"')


async def test_a_page_names_its_files_under_a_path_that_is_kept(still):
    for page in ("/", "/booths/b12", "/docs"):
        named = NAMED.findall((await still.get(page)).text)
        assert len(named) > 8
        for path in named:
            answer = await still.get(path)
            assert answer.status_code == 200, path
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_a_file_of_another_version_is_that_of_now_and_asked_about(still):
    answer = await still.get("/static/0123456789ab/js/api.js")
    assert answer.content == (await still.get("/static/js/api.js")).content
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("module", sorted(path.name for path in STATIC.glob("js/*.js")))
async def test_a_module_is_sent_without_its_comments_and_with_its_lines(still, module: str):
    source = (STATIC / "js" / module).read_text(encoding="utf-8").split("\n")
    sent = (await still.get(f"/static/js/{module}")).text.split("\n")
    assert len(sent) == len(source)
    assert all(line in ("", source[number]) for number, line in enumerate(sent))
    left_out = [source[number].strip() for number, line in enumerate(sent) if not line]
    assert all(line == "" or line.startswith(("//", "/*", "*")) for line in left_out)
    assert not any(line.strip().startswith("//") or line.endswith("*/") for line in sent)


async def test_a_page_preloads_every_module_that_it_starts_with_and_no_other(still):
    loaded = set(
        re.findall(r'modulepreload" href="/static/\w+/(.+?)"', (await still.get("/")).text)
    )
    assert {"js/state.js", "js/floor.js", "js/labels.js"} < loaded
    assert not {"js/boards.js", "js/charts.js", "vendor/uplot-1.6.32/uPlot.esm.js"} & loaded


@pytest.mark.parametrize(
    "path", ["base.css", "help.css", "icon.svg", "vendor/uplot-1.6.32/LICENSE"]
)
async def test_a_file_is_the_same_compressed_or_not(still, path):
    async with still.client.stream("GET", f"/static/{path}", headers=GZIP) as packed:
        body = b"".join([piece async for piece in packed.aiter_raw()])
    plain = await still.get(f"/static/{path}", headers=PLAIN)
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) == len(body) < len(plain.content)
    assert gzip.decompress(body) == plain.content == (STATIC / path).read_bytes()
    assert packed.headers["vary"] == plain.headers["vary"] == "accept-encoding"
    assert packed.headers["etag"] != plain.headers["etag"]


@pytest.mark.parametrize("headers", [PLAIN, GZIP], ids=["plain", "gzip"])
async def test_a_file_that_did_not_change_is_not_sent_again(still, headers):
    first = await still.get("/static/js/api.js", headers=headers)
    again = {**headers, "if-none-match": f'"other", W/{first.headers["etag"]}'}
    answer = await still.get("/static/js/api.js", headers=again)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == first.headers["etag"]
    assert answer.headers["cache-control"] == "no-cache"


async def test_type_is_not_compressed_twice(still):
    path = "/static/vendor/pretendard-1.3.9/Pretendard-Bold.subset.91.woff2"
    answer = await still.get(path, headers=GZIP)
    assert answer.headers["content-type"] == "font/woff2"
    assert "content-encoding" not in answer.headers


async def test_the_version_is_another_once_a_file_changes(tmp_path):
    (tmp_path / "a.js").write_text("a")
    before = PageFiles(tmp_path).version
    assert PageFiles(tmp_path).version == before
    (tmp_path / "a.js").write_text("b")
    assert PageFiles(tmp_path).version != before


async def test_every_letter_of_a_face_is_in_a_file_that_is_there():
    folder = STATIC / "vendor" / "pretendard-1.3.9"
    css = (folder / "pretendard.css").read_text(encoding="utf-8")
    named = set(re.findall(r'url\("(.+?)"\)', css))
    assert named == {path.name for path in folder.glob("*.woff2")}
