"""What every store must do with nights and days."""

from __future__ import annotations


class NightContract:
    """A backend's test module subclasses this."""

    def test_a_night_is_kept_until_it_is_long_ago(self, store, reopened):
        with store.transaction() as t:
            assert t.night(739_000, "region") is None
            t.set_night(739_000, "region", "{}")
            t.set_night(739_001, "region", "old")
            t.set_night(739_001, "region", "new")
            t.set_night(739_001, "centre", "x")
        with reopened().transaction() as t:
            assert t.night(739_001, "region") == "new"
            assert t.nights(739_001) == ((739_001, "centre", "x"), (739_001, "region", "new"))
            assert len(t.nights(0)) == 3
            t.set_night(740_000, "region", "{}")
            assert [night for night, _, _ in t.nights(0)] == [740_000]

    def test_a_laptop_counts_once_a_day(self, store):
        with store.transaction() as t:
            for day, device in ((5, "a"), (5, "b"), (5, "a"), (7, "a")):
                t.note_seen(day, device)
            assert t.seen(0) == {5: 2, 7: 1}
            assert t.seen(6) == {7: 1}
            t.note_seen(1000, "a")
            assert t.seen(0) == {1000: 1}
