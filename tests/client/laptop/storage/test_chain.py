from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from client.laptop.storage.chain import Row, is_emptied, is_whole, rechained, split_chain
from sync.record import NO_HASH, Record, record_hash

DEVICE = "A" * 22


def journal(length):
    rows, head = {}, NO_HASH
    for seq in range(1, length + 1):
        head = record_hash(head, Record(DEVICE, seq, seq << 16, "p", "note", {"n": seq}))
        rows[seq] = Row(DEVICE, seq, seq << 16, "p", "note", f'{{"n": {seq}}}', head)
    return rows


def holds(rows):
    head = NO_HASH
    for place, row in enumerate(rows, 1):
        assert row.seq == place
        body = {"n": int(row.body.split(":")[1].strip(" }"))}
        head = record_hash(head, Record(DEVICE, row.seq, row.time, "p", "note", body))
        assert row.hash == head


def test_a_sound_chain_stays_as_it_is():
    rows = journal(5)
    assert split_chain(DEVICE, rows, 0, NO_HASH) == (list(rows.values()), [])
    assert split_chain(DEVICE, rows, 3, rows[3].hash) == (list(rows.values()), [])


@given(st.integers(1, 12), st.sets(st.integers(1, 12)))
def test_without_receipts_all_that_is_left_makes_a_sound_chain(length, lost):
    rows = {seq: row for seq, row in journal(length).items() if seq not in lost}
    kept, loose = split_chain(DEVICE, rows, 0, NO_HASH)
    restored = kept + rechained(kept[-1] if kept else None, loose)
    assert [row.body for row in restored] == [rows[seq].body for seq in sorted(rows)]
    holds(restored)


@given(st.integers(1, 12), st.sets(st.integers(1, 12)), st.data())
def test_what_a_receipt_covers_keeps_its_number_and_its_last_hash(length, lost, data):
    whole = journal(length)
    received = data.draw(st.integers(1, length))
    rows = {seq: row for seq, row in whole.items() if seq not in lost}
    kept, loose = split_chain(DEVICE, rows, received, whole[received].hash)
    at_receipt = next(row for row in kept if row.seq == received)
    assert at_receipt.hash == whole[received].hash
    for row in kept:
        assert is_emptied(row) or row == whole[row.seq]
    restored = kept + rechained(kept[-1], loose)
    later = [row for row in restored if row.seq > received]
    assert [row.seq for row in later] == list(range(received + 1, received + 1 + len(later)))
    assert len(later) == sum(seq > received for seq in rows)


@given(st.sets(st.integers(1, 8)), st.integers(0, 8))
def test_rows_whose_bodies_left_keep_their_places(left, received):
    whole = journal(8)
    rows = {
        seq: row._replace(time=0, person="", kind="", body="") if seq in left else row
        for seq, row in whole.items()
    }
    kept, loose = split_chain(DEVICE, rows, received, whole[received].hash if received else NO_HASH)
    assert [row for row in kept if row.seq <= received] == [
        rows[at] for at in range(1, received + 1)
    ]
    # Without a receipt nothing leaves: such a row is damage, and the records after it are kept.
    assert all(row.body for row in [*kept[received:], *loose])
    assert len(kept) - received + len(loose) == 8 - received - len(
        {at for at in left if at > received}
    )


def test_rows_that_are_no_records():
    row = journal(1)[1]
    assert is_whole(row)
    for damaged in (
        row._replace(body="{"),
        row._replace(body="[]"),
        row._replace(hash=b"short"),
        row._replace(hash="text"),
        row._replace(device="other"),
        row._replace(seq=0),
        row._replace(kind="submission"),
    ):
        assert not is_whole(damaged)
