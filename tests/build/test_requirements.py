from __future__ import annotations

import pytest
from packaging.markers import Marker

from build import requirements
from build.paths import LOCK, WINDOWS7_PINS
from build.windows7 import MARKERS

_TEXT = """\
# made by hand
kivy-deps-angle==0.4.0 ; sys_platform == 'win32' \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
Kivy_Garden==0.1.5 \\
    --hash=sha256:{c}
""".format(a="a" * 64, b="b" * 64, c="c" * 64)


def test_parse_reads_names_versions_markers_and_hashes() -> None:
    first, second = requirements.parse(_TEXT)
    assert (first.name, first.version) == ("kivy-deps-angle", "0.4.0")
    assert first.marker == "sys_platform == 'win32'"
    assert first.sha256 == ("a" * 64, "b" * 64)
    assert (second.name, second.marker, second.sha256) == ("kivy-garden", "", ("c" * 64,))


@pytest.mark.parametrize("line", ["kivy>=2", "kivy", "https://example.org/kivy.whl", "-e ."])
def test_parse_refuses_what_is_no_exact_pin(line: str) -> None:
    with pytest.raises(ValueError, match="not an exact pin"):
        requirements.parse(line + "\n")


def test_subset_keeps_whole_blocks_under_any_spelling() -> None:
    chosen = requirements.subset(requirements.parse(_TEXT), ["kivy.garden"])
    assert chosen == "Kivy_Garden==0.1.5 \\\n    --hash=sha256:" + "c" * 64 + "\n"


def test_every_locked_pin_has_a_hash() -> None:
    pins = requirements.read(LOCK)
    assert pins
    assert [pin.name for pin in pins if not pin.sha256] == []


def test_lock_and_pins_choose_the_same_for_windows_7() -> None:
    locked = {
        pin.name: pin.version
        for pin in requirements.read(LOCK)
        if not pin.marker or Marker(pin.marker).evaluate(dict(MARKERS))
    }
    pinned = requirements.versions(requirements.read(WINDOWS7_PINS))
    assert {name: locked.get(name) for name in pinned} == pinned


def test_no_pin_for_windows_7_hangs_on_a_marker() -> None:
    assert [pin.name for pin in requirements.read(WINDOWS7_PINS) if pin.marker] == []


def test_cryptography_is_the_last_that_windows_7_loads() -> None:
    assert requirements.versions(requirements.read(WINDOWS7_PINS))["cryptography"] == "42.0.8"
