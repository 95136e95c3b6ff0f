from __future__ import annotations

from client.laptop.account import SyncProgress
from client.laptop.laptop import Laptop
from client.laptop.syncing.under_way import NOTED, OBJECTS_LOCK, WORK_LOCK, Noting, under_way
from client.messages import Message, Messages
from sync.lock import held


def test_nothing_is_under_way_where_no_lock_is_held(joined):
    joined._store.keep_settings({NOTED: '["road.exchange", {}, 1, 2]'})
    assert under_way(joined._store) is None, "whoever noted it was killed"
    assert joined.happening().state == "all-done"


def test_another_programme_tells_what_the_first_is_at(joined):
    store = joined._store
    title = {"kk": "Алгебра", "ru": "Алгебра", "en": "Algebra"}
    noting = Noting(store, lambda _: None)
    other = Laptop.open(store.folder)
    with held(store.folder / OBJECTS_LOCK):
        assert other.happening().state == "under-way"
        noting(SyncProgress(Message("road.media", {"pack": title}), 1 << 20, 15 << 20))
        said = Messages("en").text(other.happening().sentence)
        assert said.startswith("“Algebra”: videos are coming.")
        with held(store.folder / WORK_LOCK):
            assert other.happening().sentence.values["what"].key == "road.exchange"
    other.close()
    noting.close()
    assert store.setting(NOTED) == ""


def test_it_is_written_down_now_and_then_only(joined):
    clock, heard, store = [0.0], [], joined._store
    noting = Noting(store, heard.append, lambda: clock[0])
    for at in range(4):
        clock[0] = 2.0 * at
        noting(SyncProgress(Message("road.catalogue"), at, 9))
    assert [one.done_bytes for one in heard] == [0, 1, 2, 3]
    assert store.setting(NOTED) == '["road.catalogue", {}, 3, 9]'


def test_damaged_notes_are_no_obstacle(joined):
    for text in ("", "x", "[1]", "null", '["a", 1, "x", "y"]'):
        joined._store.keep_settings({NOTED: text})
        with held(joined._store.folder / OBJECTS_LOCK):
            assert under_way(joined._store).sentence.key == "road.catalogue"
