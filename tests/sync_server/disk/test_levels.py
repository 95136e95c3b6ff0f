from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync_server.attachments.uploads import RESERVE_BYTES
from sync_server.disk.levels import Usage, lacking_bytes, levels, to_free_bytes

SIZES = st.integers(0, 1 << 45)


@given(SIZES, SIZES, st.integers(0, 1 << 32))
def test_what_went_is_not_fetched_again_at_once(total: int, free: int, size: int) -> None:
    usage = Usage(total, min(free, total))
    wanted = to_free_bytes(usage)
    if wanted:
        after = Usage(total, usage.free_bytes + wanted)
        assert to_free_bytes(after) == 0
        assert lacking_bytes(after, size) == size
    if not lacking_bytes(usage, size):
        assert to_free_bytes(Usage(total, usage.free_bytes - size)) == 0


@given(SIZES)
def test_lessons_go_before_photos_are_turned_away(total: int) -> None:
    assert RESERVE_BYTES < levels(total).low_bytes < levels(total).keep_bytes <= 1 << 30
