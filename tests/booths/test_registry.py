"""The booths with accounts, and the tokens that open their pages."""

import hashlib
import os
import re
import stat

import pytest

from hub.booths.registry import FILE, DeviceAccount, Registry
from hub.errors import BoothError

ONE = (DeviceAccount(account="b12-1"),)


@pytest.fixture
def registry(tmp_path):
    found = Registry(tmp_path / "data")
    found.put("b12", "Example Home", "예시홈", ONE)
    return found


def test_a_booth_that_was_kept_is_there_for_everyone_who_looks(registry, tmp_path):
    other = Registry(tmp_path / "data")
    assert other.has("b12")
    assert other.booths()["b12"].name_ko == "예시홈"
    assert other.booths()["b12"].devices == ONE


def test_the_file_can_be_read_by_a_person(registry, tmp_path):
    assert '"name_ko": "예시홈"' in (tmp_path / "data" / FILE).read_text(encoding="utf-8")


def test_a_booth_is_on_disk_before_it_takes_the_place_of_what_was_there(
    registry, tmp_path, monkeypatch
):
    synced = []
    monkeypatch.setattr(
        "hub.booths.registry.os.fsync", lambda file: synced.append(os.fstat(file).st_size)
    )
    registry.put("b13", "", "", ())
    assert synced == [(tmp_path / "data" / FILE).stat().st_size]


def test_a_file_that_the_user_may_not_read_is_named_with_the_way_out(tmp_path):
    (tmp_path / FILE).mkdir()  # as for a user without the right, also where root runs the test
    with pytest.raises(BoothError, match=f"{FILE}: Is a directory; run this as the hub's user"):
        Registry(tmp_path).booths()


def test_an_empty_folder_has_no_booths_and_opens_nothing(tmp_path):
    registry = Registry(tmp_path)
    assert not registry.booths()
    assert not registry.has("b12")
    assert not registry.opens("b12", "")
    assert not list(tmp_path.iterdir()), "reading makes no files"


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("b12-1", ("b12", "b12-1")),
        (" B12_1 ", ("b12", "b12-1")),
        ("b12", ("b12", "b12-1")),
        ("b12-2", None),
        ("b13", None),
        ("b99", None),
    ],
)
def test_a_log_in_under_a_name_that_is_nearly_an_account_s_is_that_booth_s(registry, name, owner):
    registry.put("b13", "", "", ())
    assert registry.owner(name) == owner


def test_a_token_opens_its_own_booth_and_no_other(registry):
    registry.put("b13", "", "", ())
    assert registry.opens("b12", registry.token("b12"))
    assert not registry.opens("b13", registry.token("b12"))
    assert not registry.opens("b99", registry.token("b12"))


@pytest.mark.parametrize("wrong", ["", "x", "토큰", "\udcff", "A" * 32])
def test_a_wrong_token_opens_nothing(registry, wrong):
    registry.token("b12")
    assert not registry.opens("b12", wrong)


def test_a_token_stays_the_same_and_fits_into_an_address(registry, tmp_path):
    token = registry.token("b12")
    assert Registry(tmp_path / "data").token("b12") == token
    registry.put("b12", "", "", (DeviceAccount(account="b12-2"),))
    assert registry.token("b12") == token
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", token)


def test_a_link_that_was_rotated_opens_nothing(registry):
    old = registry.token("b12")
    new = registry.rotate_link("b12")
    assert registry.opens("b12", new)
    assert not registry.opens("b12", old)


def test_a_booth_that_comes_back_has_another_link(registry):
    old = registry.token("b12")
    registry.remove("b12")
    assert not registry.opens("b12", old)
    registry.put("b12", "", "", ONE)
    assert not registry.opens("b12", old)


def test_a_running_hub_sees_each_change(registry, tmp_path):
    running = Registry(tmp_path / "data")
    assert not running.has("b13")
    registry.put("b13", "", "", ())
    assert running.opens("b13", registry.token("b13"))
    new = registry.rotate_link("b13")
    assert running.opens("b13", new)
    registry.disable("b13", disabled=True)
    assert running.booths()["b13"].disabled
    registry.remove("b13")
    assert not running.has("b13")


def test_what_was_given_before_stays_when_a_booth_is_kept_again(registry):
    kept = registry.put("b12", "", "새이름", (DeviceAccount(account="b12-2", kind="light"),))
    assert (kept.name, kept.name_ko) == ("Example Home", "새이름")
    assert [item.account for item in kept.devices] == ["b12-1", "b12-2"]


def test_an_account_with_a_device_keeps_it(registry):
    for name in ("t1", "t2"):
        registry.put("b12", "", "", (DeviceAccount(account="b12-1", kind="light", device=name),))
    assert [item.device for item in registry.booths()["b12"].devices] == ["t1"]


def test_only_the_owner_reads_the_files(registry, tmp_path):
    registry.token("b12")
    for name in ("booths.json", "booths.key"):
        assert stat.S_IMODE((tmp_path / "data" / name).stat().st_mode) == 0o600
    assert not list((tmp_path / "data").glob("*.part"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_root_gives_away_no_file_that_a_link_leads_to(registry, tmp_path):
    mine, folder = tmp_path / "mine", tmp_path / "data"
    mine.touch()
    (folder / "booths.lock").unlink()
    (folder / "booths.lock").symlink_to(mine)
    os.chown(folder, 65_534, 65_534)
    registry.put("b13", "", "", ())
    assert (mine.stat().st_uid, (folder / "booths.json").stat().st_uid) == (0, 65_534)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_root_gives_the_lock_to_the_folder_s_owner_who_opens_it_next(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    os.chown(folder, 65_534, 65_534)
    Registry(folder).put("b13", "", "", ())
    lock = (folder / "booths.lock").stat()
    assert (lock.st_uid, lock.st_gid) == (65_534, 65_534)


def test_no_token_is_in_the_file_of_booths(registry, tmp_path):
    assert registry.token("b12") not in (tmp_path / "data" / "booths.json").read_text("utf-8")


@pytest.mark.parametrize("ask", [Registry.token, Registry.rotate_link])
def test_a_booth_without_an_account_is_named(registry, ask):
    with pytest.raises(BoothError, match="b99: this booth has no account"):
        ask(registry, "b99")


@pytest.mark.parametrize("broken", ["", "[]", '{"b12": {"booth": 1}}'])
def test_a_broken_file_is_named_and_left_alone(registry, tmp_path, broken):
    path = tmp_path / "data" / "booths.json"
    path.write_text(broken, "utf-8")
    for ask in (registry.booths, lambda: registry.put("b13", "", "", ())):
        with pytest.raises(BoothError, match=r"booths\.json: is not what hub booth writes"):
            ask()
    assert path.read_text("utf-8") == broken


def test_a_key_shorter_than_its_digest_is_named(registry, tmp_path):
    """RFC 2104, 3: a key of less than the digest's length makes HMAC weaker."""
    path, length = tmp_path / "data" / "booths.key", hashlib.sha256().digest_size
    registry.token("b12")
    assert len(path.read_bytes()) == length
    path.write_bytes(bytes(length))
    assert Registry(tmp_path / "data").token("b12")
    path.write_bytes(bytes(length - 1))
    with pytest.raises(BoothError, match=r"booths\.key: is no key"):
        Registry(tmp_path / "data").token("b12")


def test_one_command_at_a_time_changes_accounts_at_the_broker(registry, tmp_path):
    other = Registry(tmp_path / "data")
    with (
        registry.alone(),
        pytest.raises(BoothError, match="another command changes accounts"),
        other.alone(waits=False),
    ):
        raise AssertionError("both are alone")
    with other.alone(waits=False):
        assert registry.has("b12")
