"""Notes on what a payload says beside its fields: bounded, whatever a device sends."""

import pytest

from hub.pipeline.notes import of_ignored, repeated


def twice(*names: str) -> bytes:
    return b"{%b}" % b", ".join(b'"%b": 1' % name.encode() for name in names * 2)


def test_three_names_that_stand_twice_are_named_each_with_48_characters():
    note = repeated(twice("a", "b", "c" * 49, "d"))
    assert note is not None
    assert note.message.en.startswith(f"a, b, {'c' * 48}: sent twice")


@pytest.mark.parametrize(("size", "noted"), [(4_096, True), (4_097, False)])
def test_a_payload_of_more_than_4096_bytes_is_not_read_twice(size: int, noted: bool):
    assert (repeated(twice("a").ljust(size)) is not None) == noted


def test_three_ignored_names_of_the_first_ten_are_explained(kinds):
    misspelt = ["Temperature", "Humidity", "Target", "Mode"]
    unknown = [f"x{number}" for number in range(9)]

    def noted(names):
        return len(of_ignored(kinds["thermostat"], names, ()))

    assert noted(misspelt) == 3
    assert noted([*unknown, "Temperature"]) == 1
    assert noted([*unknown, "x9", "Temperature"]) == 0
