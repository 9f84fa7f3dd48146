"""What a sheet says, for the tests of sheets."""

from hub.booths.handout import Facts
from hub.booths.registry import BoothAccount, DeviceAccount
from hub.settings.values import public_brokers
from schemas import Label

LINK = "http://10.0.0.5:8080/booths/b12?token=_FywQ0j6JrLFR9kPdrxsy8vrDTbrZUV-"


def facts(devices=1, *, named=(("thermostat", "t1"),), known=True, tls=True, ca=None, others=()):
    accounts = [
        DeviceAccount(account=f"b12-{at + 1}", **dict(zip(("kind", "device"), name, strict=True)))
        for at, name in enumerate(named)
    ]
    accounts += [DeviceAccount(account=f"b12-{at + 1}") for at in range(len(accounts), devices)]
    booth = BoothAccount(
        booth="b12",
        name="Example & Sons <Robotics>",
        name_ko="예시 <로봇>",
        devices=tuple(accounts),
        link="x",
    )
    made = {item.account: f"pass-word-{item.account}" for item in accounts} if known else {}
    event = Label("Seoul Smart Life Week 2026", "서울 스마트라이프위크 2026")
    return Facts(
        event=event,
        booth=booth,
        host="10.0.0.5",
        port=8883,
        tls=tls,
        ca=ca,
        root="smartlife/v1",
        page=LINK,
        certificate="http://10.0.0.5:8080/api/ca.crt",
        others=public_brokers(others) if others else (),
        passwords=made,
    )
