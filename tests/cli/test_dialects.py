"""`hub dialects`: what is listed, what to set, and the verdict on a sample."""

from tests.cli.test_cli import hub

SENSOR = '{"Time":"2026-10-07T10:00:00","ENERGY":{"Power":12,"ReactivePower":3,"Voltage":900}}'
CAPTURE = (
    'tele/거실/SENSOR {"ENERGY":{"Power":12}}\n'
    "smartlife/v1/b12/tasmota/tele/거실/LWT Offline\n"
    'stat/거실/RESULT {"POWER":"ON"}\n'
)


def test_every_dialect_is_listed():
    said = hub("dialects", "list").stdout
    assert "smartlife/v1/BOOTH/tasmota/" in said


def test_what_to_set_is_shown_in_both_languages():
    said = hub("dialects", "show", "tasmota").stdout
    assert "smartlife/v1/BOOTH/tasmota/%prefix%/%topic%/" in said
    assert "10초마다" in said


def test_a_sample_is_tried_part_by_part():
    done = hub("dialects", "try", "tasmota", "tele/plug1/SENSOR", stdin=SENSOR)
    assert done.returncode == 0
    assert 'smart_plug/plug1: {"power": 12.0}' in done.stdout
    assert "ENERGY.Power = 12 → smart_plug power" in done.stdout
    assert "ENERGY.Voltage = 900 → not used: 900 is above the maximum 300 V" in done.stdout
    assert "ENERGY.ReactivePower = 3 → not used" in done.stdout


def test_a_sample_that_is_rejected_fails():
    done = hub("dialects", "try", "tasmota", "tele/plug1/SENSOR", stdin='{"ENERGY":{"Power":"x"}}')
    assert done.returncode == 1
    assert 'rejected (schema): ENERGY.Power: "x" is no number' in done.stdout


def test_a_capture_is_tried_in_its_order():
    done = hub("dialects", "try", "tasmota", "tele/#", stdin=CAPTURE)
    assert done.returncode == 0
    assert "called 거실" in done.stdout
    assert "smart_plug/device-f75d2664: offline" in done.stdout
    assert "RESULT" not in done.stdout


def test_a_dialect_that_there_is_not_names_the_nearest():
    done = hub("dialects", "show", "Tasmotta")
    assert done.returncode == 2
    assert "did you mean tasmota?" in done.stderr
