from __future__ import annotations

import pytest

from client.laptop.lending.battery import battery_percent, from_windows


def supply(folder, name, **words):
    (folder / name).mkdir()
    for word, text in words.items():
        (folder / name / word).write_text(text + "\n", encoding="ascii")


def test_a_battery_that_is_being_used_up_is_read(tmp_path):
    supply(tmp_path, "AC", type="Mains", online="0")
    supply(tmp_path, "BAT0", type="Battery", status="Discharging", capacity="43")
    supply(tmp_path, "BAT1", type="Battery", status="Discharging", capacity="70")
    assert battery_percent(tmp_path) == 43


@pytest.mark.parametrize("status", ["Charging", "Full", "Not charging", "Unknown"])
def test_on_mains_nothing_is_told(tmp_path, status):
    supply(tmp_path, "BAT0", type="Battery", status=status, capacity="12")
    assert battery_percent(tmp_path) is None


def test_a_mouses_battery_and_odd_files_are_passed_over(tmp_path):
    mouse = {"type": "Battery", "scope": "Device", "status": "Discharging", "capacity": "3"}
    supply(tmp_path, "hid", **mouse)
    supply(tmp_path, "BAT0", type="Battery", status="Discharging", capacity="many")
    (tmp_path / "BAT2").mkdir()
    (tmp_path / "BAT2" / "type").write_bytes(b"\xff\xfe")
    assert battery_percent(tmp_path) is None
    assert battery_percent(tmp_path / "none") is None


@pytest.mark.parametrize(
    ("ac_line", "percent", "expected"),
    [(1, 20, None), (0, 20, 20), (0, 255, None), (255, 60, 60), (0, 128, 100)],
)
def test_what_windows_says(ac_line, percent, expected):
    assert from_windows(ac_line, percent) == expected
