"""Orders about accounts: how often the password of the broker's admin may be wrong."""

from types import SimpleNamespace

import pytest
from fastapi import HTTPException

from hub.timestamps import SECOND
from hub.web.routes import booth_accounts
from hub.web.routes.booth_accounts import WRONG, _Guesses


def test_after_the_first_wrong_passwords_one_a_minute_is_tried(monkeypatch: pytest.MonkeyPatch):
    now = SECOND
    monkeypatch.setattr(booth_accounts, "time", SimpleNamespace(monotonic_ns=lambda: now))
    guesses = _Guesses()
    for _ in range(WRONG):
        guesses.check("10.0.0.7")
        guesses.wrong("10.0.0.7")
    for _ in range(2):
        with pytest.raises(HTTPException) as refused:
            guesses.check("10.0.0.8")  # another address guesses the same password
        assert refused.value.headers == {"retry-after": "60"}
        now += 59 * SECOND
        with pytest.raises(HTTPException):
            guesses.check("10.0.0.7")
        now += SECOND
        guesses.check("10.0.0.7")
        guesses.wrong("10.0.0.7")
