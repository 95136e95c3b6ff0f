from __future__ import annotations

from typing import Any, Dict

import pytest

from build import requirements, windows7
from build.paths import LOCK, WINDOWS7_PINS

HAVE = {"kivy": "2.3.1", "kivy-deps-sdl2": "0.8.0"}


@pytest.mark.parametrize(
    ("requirement", "why"),
    [
        ("kivy>=2.3", ""),
        ("kivy>=3", "kivy>=3 is required and 2.3.1 is pinned"),
        ("Kivy_Deps.SDL2; sys_platform == 'win32'", ""),
        ("pypiwin32; sys_platform == 'win32'", "pypiwin32 is required and not pinned"),
        ("uvloop; sys_platform == 'linux'", ""),
        ("backports; python_version < '3.9'", "backports is required and not pinned"),
        ("pytest; extra == 'dev'", ""),
    ],
)
def test_unmet_judges_as_windows_7_would(requirement: str, why: str) -> None:
    assert windows7.unmet(requirement, HAVE) == why


def _entry(name: str, version: str, sha256: str, **metadata: Any) -> Dict[str, Any]:
    return {
        "metadata": {"name": name, "version": version, **metadata},
        "download_info": {
            "url": f"https://index.example/{name}-{version}-py3-none-any.whl",
            "archive_info": {"hashes": {"sha256": sha256}},
        },
    }


def _wheels(**changes: Dict[str, Any]) -> Any:
    hashes = {(pin.name, pin.version): pin.sha256[0] for pin in requirements.read(LOCK)}
    entries = []
    for pin in requirements.read(WINDOWS7_PINS):
        change = dict(changes.get(pin.name.replace("-", "_"), {}))
        sha256 = change.pop("sha256", hashes[pin.name, pin.version])
        entries.append(_entry(pin.name, change.pop("version", pin.version), sha256, **change))
    return tuple(windows7.Wheel(entry) for entry in entries)


def _findings(**changes: Dict[str, Any]) -> Any:
    return windows7.findings(_wheels(**changes), requirements.read(WINDOWS7_PINS))


def test_a_whole_set_has_no_findings() -> None:
    assert _findings() == []


def test_another_version_than_the_pinned_one_is_found() -> None:
    assert "cffi 1.17.1: no wheel" in _findings(cffi={"version": "1.16.0"})


def test_a_wheel_whose_hash_is_not_locked_is_found() -> None:
    (finding,) = _findings(cffi={"sha256": "0" * 64})
    assert "requirements.lock" in finding


def test_a_wheel_for_a_newer_python_is_found() -> None:
    (finding,) = _findings(requests={"requires_python": ">=3.9"})
    assert "asks for Python >=3.9" in finding


def test_a_requirement_outside_the_set_is_found() -> None:
    (finding,) = _findings(kivy={"requires_dist": ["gstreamer-bundle; sys_platform == 'win32'"]})
    assert "gstreamer-bundle is required and not pinned" in finding


def test_a_missing_direct_dependency_is_found() -> None:
    wanted = tuple(pin for pin in requirements.read(WINDOWS7_PINS) if pin.name != "zstandard")
    wheels = tuple(wheel for wheel in _wheels() if wheel.name != "zstandard")
    (finding,) = windows7.findings(wheels, wanted)
    assert finding == "pyproject.toml: zstandard is required and not pinned"


def test_pins_not_proved_before_fail_when_nobody_can_be_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> Any:
        raise windows7.UnreachableError

    monkeypatch.setattr(windows7, "CACHE", tmp_path)
    monkeypatch.setattr(windows7, "_PROOF", tmp_path / "proof.json")
    monkeypatch.setattr(windows7, "ask_index", refuse)
    assert windows7.main() == 1
    assert "could not be asked" in capsys.readouterr().out


def test_a_proof_is_kept_for_these_very_pins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    pins = tmp_path / "pins.txt"
    pins.write_bytes(WINDOWS7_PINS.read_bytes())
    asked = []

    def answer() -> Any:
        asked.append(1)
        return _wheels()

    monkeypatch.setattr(windows7, "CACHE", tmp_path)
    monkeypatch.setattr(windows7, "_PROOF", tmp_path / "proof.json")
    monkeypatch.setattr(windows7, "WINDOWS7_PINS", pins)
    monkeypatch.setattr(windows7, "ask_index", answer)
    windows7.prove()
    assert "proved before" in windows7.prove()
    assert len(asked) == 1
    pins.write_text(pins.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    windows7.prove()
    assert len(asked) == 2
