"""Reason codes are explained: each that a broker may answer the hub with."""

import pytest

from hub.mqtt.reason_codes import _REASONS, reason, refusal

NEVER_MET = {145, 146, 148, 153, 161}
"""Of packet identifiers, topic aliases, payload formats and subscription identifiers: the hub gives
no cause for them."""


def test_each_code_of_the_specification_has_its_words():
    assert _REASONS.keys() == {4, *range(0x80, 0xA3)} - NEVER_MET


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (142, "another hub took our session: give each hub its own HUB_CLIENT_ID"),
        (255, "it gives a reason unknown to us"),
    ],
)
def test_the_code_stands_behind_the_words(code: int, said: str):
    assert reason(code) == refusal(code) == f"{said} (reason code {code})"


def test_that_a_connection_is_not_authorized_is_about_the_account():
    assert refusal(135).startswith("user name, password or client id is wrong; check HUB_BROKER")
    assert reason(135).startswith("the account has no right to do that")
