"""What dialects remember: for each booth, bounded, and what of it is to be saved."""

from hub.dialects import memory
from hub.dialects.memory import Key, Memories


def test_what_is_remembered_is_one_booths_and_one_dialects():
    memories = Memories()
    memories.of("b12", "tasmota").set("kinds/plug1", ["light"])
    assert memories.of("b12", "tasmota").get("kinds/plug1") == ["light"]
    assert memories.of("b13", "tasmota").get("kinds/plug1") is None
    assert memories.of("b12", "shelly").get("kinds/plug1") is None


def test_only_what_changed_is_to_be_saved():
    memories = Memories([("b12", "tasmota", "a", 1)])
    own = memories.of("b12", "tasmota")
    own.set("a", 1)
    assert memories.pop_unsaved() == {}
    own.set("a", 2)
    own.set("b", 3)
    own.set("b", None)
    assert memories.pop_unsaved() == {
        Key("b12", "tasmota", "a"): 2,
        Key("b12", "tasmota", "b"): None,
    }
    assert memories.pop_unsaved() == {}


def test_a_booth_that_remembers_too_much_forgets_its_oldest_on_disk_too(monkeypatch):
    monkeypatch.setattr(memory, "EACH", 2)
    memories = Memories()
    own = memories.of("b12", "tasmota")
    memories.of("b13", "tasmota").set("a", 0)
    for name in "abc":
        own.set(name, 1)
    assert own.names() == ["b", "c"]
    assert memories.of("b13", "tasmota").names() == ["a"]
    assert memories.pop_unsaved()[Key("b12", "tasmota", "a")] is None


def test_a_booth_is_held_to_its_bytes_and_all_booths_to_theirs(monkeypatch):
    monkeypatch.setattr(memory, "BYTES_EACH", 100)
    monkeypatch.setattr(memory, "BYTES", 150)
    memories = Memories()
    large, small = memories.of("b12", "homie"), memories.of("b13", "homie")
    for name in "abc":
        large.set(name, 42 * "x")  # 45 bytes with its name and quotes
    assert large.names() == ["b", "c"]
    for name in "ab":
        small.set(name, 30 * "x")
    assert (large.names(), small.names()) == (["c"], ["a", "b"])
    large.set("c", None)
    large.set("d", 60 * "x")
    assert large.names() == ["d"]


def test_what_is_beyond_a_bound_at_the_start_is_forgotten_on_disk(monkeypatch):
    monkeypatch.setattr(memory, "EACH", 1)
    memories = Memories([("b12", "homie", "a", 1), ("b12", "homie", "b", 2)])
    assert memories.pop_unsaved() == {Key("b12", "homie", "a"): None}
