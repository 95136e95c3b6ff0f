from __future__ import annotations

from typing import List, Sequence

import pytest

from build import system
from build.say import BuildError

GL, EGL, TOUCH = system.LIBRARIES


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> List[Sequence[str]]:
    calls: List[Sequence[str]] = []
    monkeypatch.setattr(system, "install", calls.append)
    monkeypatch.setattr(system, "may_install", lambda: True)
    return calls


def test_a_library_is_missing_when_it_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = system.Library("libkeruen-is-not-there.so.9", "libkeruen9", "nothing", True)
    monkeypatch.setattr(system.sys, "platform", "linux")
    monkeypatch.setattr(system, "LIBRARIES", (nowhere,))
    assert system.missing() == (nowhere,)


def test_windows_lacks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system.sys, "platform", "win32")
    assert system.missing() == ()


def test_what_is_missing_is_installed_where_that_is_allowed(
    monkeypatch: pytest.MonkeyPatch, installed: List[Sequence[str]]
) -> None:
    monkeypatch.setattr(system, "missing", lambda: (EGL, TOUCH))
    system.ensure()
    assert installed == [["libegl1", "libmtdev1"]]


def test_nothing_is_installed_when_nothing_is_missing(
    monkeypatch: pytest.MonkeyPatch, installed: List[Sequence[str]]
) -> None:
    monkeypatch.setattr(system, "missing", tuple)
    system.ensure()
    assert installed == []


def test_the_exact_packages_are_named_where_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "missing", lambda: (GL, EGL))
    monkeypatch.setattr(system, "may_install", lambda: False)
    with pytest.raises(BuildError, match=r"libGL\.so\.1") as caught:
        system.ensure()
    assert "apt-get install --no-install-recommends libgl1 libegl1" in str(caught.value)


def test_touch_alone_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "missing", lambda: (TOUCH,))
    monkeypatch.setattr(system, "may_install", lambda: False)
    system.ensure()
