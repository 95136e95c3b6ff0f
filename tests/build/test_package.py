from __future__ import annotations

from pathlib import Path

import pytest

from build import package
from build.say import BuildError


def test_an_unknown_programme_is_answered_with_the_known() -> None:
    with pytest.raises(BuildError, match=r"'keruen-pack'\. There are: keruen, keruen-server"):
        package.package(["keruen-pack"])


def test_sizes_are_listed_from_the_largest_and_links_count_once(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "large.so").write_bytes(bytes(300))
    (tmp_path / "small").write_bytes(bytes(7))
    (tmp_path / "again.so").symlink_to(tmp_path / "lib" / "large.so")
    assert package.sizes(tmp_path) == [(300, "lib/large.so"), (7, "small")]


def test_a_missing_strip_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package.shutil, "which", lambda _name: None)
    monkeypatch.setattr(package.system, "may_install", lambda: False)
    with pytest.raises(BuildError, match=r"apt-get install .* binutils"):
        package._need_strip()
