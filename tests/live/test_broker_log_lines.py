"""Mosquitto's lines about its clients are read in the words of each version."""

import pytest

from hub.live.broker_log_lines import LogEvent, read_line

NEW = "New client connected from 10.0.3.7:46441 as b12-1 ({}, c1, k60, u'b12-1')."
LINES = [
    # 2.0.11 and 2.0.21
    (NEW.format("p1"), "b12-1", LogEvent.CONNECTED),
    (NEW.format("p2"), "b12-1", LogEvent.CONNECTED),
    (NEW.format("p5"), "b12-1", LogEvent.CONNECTED),
    ("Client b12-1 already connected, closing old connection.", "b12-1", LogEvent.TAKEN_OVER),
    ("Client b12-1 disconnected.", "b12-1", LogEvent.GONE),
    ("Client b12-1 closed its connection.", "b12-1", LogEvent.GONE),
    ("Client b12-1 has exceeded timeout, disconnecting.", "b12-1", LogEvent.GONE),
    ("Client b12-1 been disconnected by administrative action.", "b12-1", LogEvent.GONE),
    ("Client b12-1 disconnected: Connection reset by peer.", "b12-1", LogEvent.GONE),
    ("Client b12-1 disconnected due to oversize packet.", "b12-1", LogEvent.TOO_LARGE),
    ("Client b12-1 disconnected due to malformed packet.", "b12-1", LogEvent.MALFORMED),
    ("Client b12-1 disconnected due to protocol error.", "b12-1", LogEvent.MALFORMED),
    ("Client b12-1 disconnected, not authorised.", "b12-1", LogEvent.REFUSED),
    ("Client <unknown> disconnected, not authorised.", "<unknown>", LogEvent.REFUSED),
    ("Client B12 1  disconnected, not authorised.", "B12 1 ", LogEvent.REFUSED),
    # 2.1.2
    (NEW.format("p4"), "b12-1", LogEvent.CONNECTED),
    ("Client b12-1 [10.0.3.7:4] disconnected.", "b12-1", LogEvent.GONE),
    ("Client b12-1 [10.0.3.7:4] disconnected: exceeded timeout.", "b12-1", LogEvent.GONE),
    ("Client b12-1 [::1:4] disconnected: session taken over.", "b12-1", LogEvent.TAKEN_OVER),
    ("Client b12-1 [10.0.3.7:4] disconnected: oversize packet.", "b12-1", LogEvent.TOO_LARGE),
    ("Client b12-1 [10.0.3.7:4] disconnected: malformed packet.", "b12-1", LogEvent.MALFORMED),
    ("Client b12-1 [10.0.3.7:4] disconnected: not authorised.", "b12-1", LogEvent.REFUSED),
]


@pytest.mark.parametrize("stamp", ["", "1795703146: ", "2026-11-26T14:22:38+0900: "])
@pytest.mark.parametrize(("text", "client", "event"), LINES, ids=[line[0] for line in LINES])
def test_a_line_says_what_happened_to_whom(stamp, text, client, event):
    line = read_line(stamp + text)
    assert line is not None
    assert (line.client, line.event) == (client, event)


@pytest.mark.parametrize(
    ("number", "version"), [("p1", "3.1"), ("p2", "3.1.1"), ("p4", "3.1.1"), ("p5", "5")]
)
def test_a_connected_client_has_its_version(number, version):
    line = read_line(NEW.format(number))
    assert line is not None
    assert line.version == version


@pytest.mark.parametrize(
    "text",
    [
        "New connection from 10.0.3.7:46441 on port 1883.",
        "dynsec: admin.control/admin | disableClient | username=b13-1",
        "mosquitto version 2.0.21 running",
        "Client connection from 10.0.3.7 denied: max_connections exceeded.",
        "",
        "Client ",
    ],
)
def test_other_lines_are_about_no_client(text):
    assert read_line(text) is None


@pytest.mark.parametrize(
    "name",
    [
        "x: Client b12-1",
        "b12-1 already connected, closing old connection.",
        "b12-1 disconnected due to oversize packet.\n1: Client b12-1",
        "New client connected from 1 as x (p5, c1, k60, u'b12-1').",
    ],
)
def test_a_name_cannot_pass_for_a_line_about_another(name):
    """But for a refused log-in, which whoever knows the name of an account can try."""
    for text in f"1: Client {name} disconnected, not authorised.", f"Client {name} disconnected.":
        line = read_line(text)
        assert line is None or line.client != "b12-1"


def test_a_hostile_name_costs_little():
    for name in "Client " * 130, "as " * 300, " (p5, c1, k60, u'" * 60, " disconnected: " * 60:
        assert read_line(f"New client connected from 1 as {name}") is None
