from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sync_server.disk import reserve
from sync_server.disk.levels import Usage
from sync_server.disk.reserve import Reserve

ROOMY, SHORT = Usage(1 << 40, 1 << 39), Usage(1 << 40, 1 << 29)


def test_it_takes_up_room_until_it_is_spent(tmp_path: Path) -> None:
    one = Reserve(tmp_path, 3_000_000)
    assert one.lay(ROOMY)
    assert one.path.stat().st_size == 3_000_000
    assert one.path.stat().st_blocks * 512 >= 3_000_000
    assert one.spend()
    assert not one.path.exists()
    assert not one.spend()


def test_it_takes_nothing_from_what_is_kept_free(tmp_path: Path) -> None:
    one = Reserve(tmp_path, 1000)
    assert not one.lay(SHORT)
    assert not one.path.exists()
    one.lay(ROOMY)
    assert one.lay(SHORT)


def test_half_a_reserve_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> Any:
        raise OSError(28, "No space left on device")

    one = Reserve(tmp_path, 1000)
    with monkeypatch.context() as patch:
        patch.setattr(reserve.os, "fsync", full)
        assert not one.lay(ROOMY)
    assert not one.path.exists()
    one.path.write_bytes(b"x")
    assert one.lay(ROOMY)
    assert one.path.stat().st_size == 1000
