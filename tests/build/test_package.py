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


def _python(folder: Path, script: str) -> Path:
    path = folder / "python"
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)
    return path


def test_what_pyinstaller_needs_of_debian_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_library = _python(tmp_path, "echo 3.11; exit 1")
    monkeypatch.setattr(package.shutil, "which", lambda _name: None)
    monkeypatch.setattr(package.system, "may_install", lambda: False)
    with pytest.raises(BuildError, match=r"apt-get install .* binutils libpython3\.11$"):
        package._need_tools(without_library)


def test_nothing_is_lacking_where_all_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(package.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert package.lacking(_python(tmp_path, "echo 3.11")) == []
