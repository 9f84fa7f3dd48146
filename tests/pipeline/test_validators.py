"""A kind's codec remembers the headers of rows, of a bounded number of combinations."""

import pytest

from hub.pipeline import validators
from hub.pipeline.validators import Codec


def test_headers_are_remembered_within_bounds(kinds, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(validators, "HEADERS", 2)
    codec = Codec(kinds["thermostat"])
    first = codec.header_of({"temperature": 21.5})
    assert first == codec.header(["temperature"])
    codec.header_of({"humidity": 40.0})
    assert codec.header_of({"temperature": 21.5}) is first
    codec.header_of({"temperature": 21.5, "humidity": 40.0})
    assert list(codec._headers) == [("temperature", "humidity")]
    assert codec.header_of({"temperature": 21.5}) == first
