"""The pages and the files that they load: read once, compressed, and named by their content.

A page names its files under a path with the digest of all of them, so that a browser keeps them
for good and an update reaches every wall all the same: the page itself is revalidated each time.
"""

import gzip
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response

from hub.web.compression import accepts_gzip

REVALIDATE = "no-cache"
KEEP = "public, max-age=31536000, immutable"
_MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_VERSION = re.compile(r"[0-9a-f]{12}/")
_ENTRY = re.compile(r'<script type="module" src="/static/(.+?)">')
_IMPORT = re.compile(r'^(?:import|export)\b[^;"]*"(\.{1,2}/[^"]+)";', re.MULTILINE)
"""The imports that a module cannot start without; `import()` is called when it is needed."""
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?:(?!\*/)(?s:.))*\*/[ \t]*)$", re.MULTILINE)
"""A comment that has its lines to itself."""
_HEAD = "parts/head.html"


class _File(NamedTuple):
    """A file as it is sent: compressed too, where that makes it smaller."""

    media: str
    body: bytes
    packed: bytes | None
    digest: str


def _read(name: str, body: bytes) -> _File:
    media = _MEDIA.get(Path(name).suffix, "text/plain; charset=utf-8")
    if name.startswith("js/") and name.endswith(".js"):
        body = _bare(body.decode()).encode()
    small = gzip.compress(body, 9, mtime=0) if not media.startswith("font/") else body
    packed = small if len(small) < len(body) else None
    return _File(media, body, packed, sha256(body).hexdigest()[:16])


def _bare(module: str) -> str:
    """A module without its comments, which no page needs; each line keeps its number."""
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), module)


class PageFiles:
    """The files of a folder, as they are served at `/static/` and at `/static/<version>/`.

    What is asked for by another version, as by a page of before an update, is that of now.
    """

    def __init__(self, folder: Path) -> None:
        self._files = {
            (name := path.relative_to(folder).as_posix()): _read(name, path.read_bytes())
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.is_symlink()
        }
        digests = "".join(f"{name} {file.digest} " for name, file in self._files.items())
        self.version = sha256(digests.encode()).hexdigest()[:12]

    @cached_property
    def _pages(self) -> dict[str, _File]:
        pages = [name for name in self._files if name.endswith(".html") and "/" not in name]
        return {name: self._page(name) for name in pages}

    def _page(self, name: str) -> _File:
        """A page that names its files by their version, and all modules that it starts with."""
        text = self._files[name].body.decode()
        if _HEAD in self._files:
            head = self._files[_HEAD].body.decode().strip()
            text = text.replace(f"<!-- {_HEAD} -->", head)
        entry = _ENTRY.search(text)
        modules = sorted(set(self._imported(entry[1]))) if entry else []
        links = "".join(f'  <link rel="modulepreload" href="/static/{item}">\n' for item in modules)
        text = text.replace("</head>", links + "</head>")
        return _read(name, text.replace('"/static/', f'"/static/{self.version}/').encode())

    def _imported(self, module: str) -> Iterator[str]:
        """The modules that a module imports, and those that they do."""
        waiting, seen = [module], {module}
        while waiting:
            name = waiting.pop()
            for path in _IMPORT.findall(self._files[name].body.decode()):
                found = normpath(join(dirname(name), path))
                if found not in seen:
                    seen.add(found)
                    waiting.append(found)
                    yield found

    def page(self, name: str, headers: Headers) -> Response:
        """Return a page, like `index.html`, as a request with `headers` accepts it."""
        return _response(self._pages[name], headers, REVALIDATE)

    def file(self, path: str, headers: Headers) -> Response:
        """Return a file by its path, with its version in front or without."""
        version = _VERSION.match(path)
        file = self._files.get(path[version.end() :] if version else path)
        if file is None:
            raise HTTPException(404)
        current = version is not None and version[0] == f"{self.version}/"
        return _response(file, headers, KEEP if current else REVALIDATE)


def _response(file: _File, asked: Headers, cache: str) -> Response:
    pack = file.packed is not None and accepts_gzip(asked)
    # Two representations of one file, so two strong validators (RFC 9110, 8.8.3).
    etag = f'"{file.digest}-gzip"' if pack else f'"{file.digest}"'
    headers = {"cache-control": cache, "etag": etag}
    if file.packed is not None:
        headers["vary"] = "accept-encoding"
    known = [item.strip().removeprefix("W/") for item in asked.get("if-none-match", "").split(",")]
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    if pack:
        headers["content-encoding"] = "gzip"
    return Response(file.packed if pack else file.body, headers=headers, media_type=file.media)


@lru_cache(4)
def page_files(folder: Path) -> PageFiles:
    """Return the files of a folder, read at the first call."""
    return PageFiles(folder)
