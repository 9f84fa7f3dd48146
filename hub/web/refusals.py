"""Refusals of requests: JSON for programs, a page in both languages for people. Pure."""

import json
from dataclasses import dataclass, replace
from html import escape
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class AccessRefusal:
    """A refusal with the way out; as a page each language has a title and a text."""

    status: HTTPStatus
    code: str
    message: str
    title: str
    title_ko: str
    text_ko: str

    def answer(self, *, page: bool) -> tuple[str, bytes]:
        """Return the Content-Type and the body of the response."""
        if page:
            return "text/html", _page(self).encode()
        said = {"error": self.code, "message": self.message}
        return "application/json", json.dumps(said).encode()


OPS = AccessRefusal(
    HTTPStatus.UNAUTHORIZED,
    "ops_token",
    "open the link with ?token=… that ops staff have",
    "This page is for the operations team",
    "운영팀 전용 화면입니다",
    "운영팀에 전달된 ?token=… 링크로 열어 주세요. 전시 부스 담당자는 안내문의 QR 코드로 "
    "부스 페이지를 열 수 있습니다.",
)
NO_LINK = AccessRefusal(
    HTTPStatus.UNAUTHORIZED,
    "booth_link",
    "open the booth's own link: it is on the hand-out sheet; without one, ask the operations desk",
    "This page opens with the booth's own link",
    "부스 전용 링크로 열어 주세요",
    "안내문의 QR 코드를 찍거나 링크를 눌러 주세요. 링크가 없으면 운영 데스크에 문의해 주세요.",
)
DEAD_LINK = AccessRefusal(
    HTTPStatus.FORBIDDEN,
    "booth_link",
    "this link does not open the booth's page; it may have been replaced: use the newest hand-out "
    "sheet, or ask the operations desk for the link",
    "This link does not work",
    "사용할 수 없는 링크입니다",
    "링크가 새로 바뀌었거나 주소가 잘못되었습니다. 최신 안내문의 QR 코드를 다시 찍거나 운영 "
    "데스크에 링크를 문의해 주세요.",
)
OTHER_BOOTH = AccessRefusal(
    HTTPStatus.FORBIDDEN,
    "other_booth",
    "this link opens its own booth's page and data only; name that booth once, like ?booth=b12",
    "This link belongs to another booth",
    "다른 부스의 링크입니다",
    "이 링크로는 해당 부스의 페이지만 볼 수 있습니다. 우리 부스의 안내문에 있는 QR 코드로 열어 "
    "주세요.",
)
OPS_ONLY = replace(
    OTHER_BOOTH,
    message="this is for the operations staff; a booth's link opens its own page and data: "
    "/api/devices, /api/rejections and /api/live with ?booth=b12, and /api/booths/b12/export for "
    "stored readings",
    title=OPS.title,
    title_ko=OPS.title_ko,
    text_ko=OPS.text_ko,
)
"""For who has a booth's link, and asks for what no booth's link opens."""
ELSEWHERE = AccessRefusal(
    HTTPStatus.FORBIDDEN,
    "cross_site",
    "this was sent from a page of another site; send it from the hub's own pages or a program",
    "Sent from another site",
    "다른 사이트에서 보낸 요청입니다",
    "허브의 화면에서 다시 시도해 주세요.",
)
MISDIRECTED = AccessRefusal(
    HTTPStatus.MISDIRECTED_REQUEST,
    "host",
    "this hub does not know the name in the address; open it as 127.0.0.1 or localhost, or set "
    "HUB_PUBLIC_HTTP to the address that people use",
    "This address is not the hub's",
    "허브의 주소가 아닙니다",
    "127.0.0.1 또는 localhost로 열어 주세요. 다른 주소로 열려면 HUB_PUBLIC_HTTP에 그 주소를 "
    "설정해야 합니다.",
)


def _page(refusal: AccessRefusal) -> str:
    text = refusal.message[0].upper() + refusal.message[1:] + "."
    return f"""<!doctype html>
<html lang="ko">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light">
  <title>{escape(refusal.title_ko)} · {escape(refusal.title)}</title>
  <link rel="icon" href="/static/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/static/base.css">
  <link rel="stylesheet" href="/static/booth.css">
</head>
<body class="booth refused">
  <main>
    <section class="card">
      <h1>{escape(refusal.title_ko)}</h1>
      <p>{escape(refusal.text_ko)}</p>
      <p><a href="/static/help.ko.html#link">증상으로 찾기</a></p>
    </section>
    <section class="card" lang="en">
      <h2>{escape(refusal.title)}</h2>
      <p>{escape(text)}</p>
      <p><a href="/static/help.en.html#link">Help by symptom</a></p>
    </section>
  </main>
</body>
</html>
"""
