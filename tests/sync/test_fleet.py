from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.clock import hybrid_time
from sync.fleet import TOLD_MS, Change, is_change, laptops, tell
from sync.journals.branch import carried
from sync.kinds import DEVICE_REPORT, validate
from sync.record import Record
from tests.support.examples import examples

NOW_MS = 1_790_000_000_000
DAY_MS = 86_400_000
OLD_MS = NOW_MS - TOLD_MS


def device(name: str) -> str:
    return (name * 22)[:22]


def report(name, machine, was="", branch="", days_ago=0.0, seq=1):
    body = {
        "program": "1",
        "system": "",
        "free_bytes": 1,
        "laptop": "ACER",
        "machine": machine,
    }
    if was:
        body["was"] = was
    if branch:
        body["branch"] = device(branch)
    time = hybrid_time(int(NOW_MS - days_ago * DAY_MS))
    record = Record(device(name), seq, time, "anna", DEVICE_REPORT, body)
    validate(record)
    return record


def told(*reports, since_ms=OLD_MS):
    return [(one.change, one.count) for one in tell(reports, since_ms)]


def test_thirty_laptops_from_one_image_are_one_sentence():
    reports = [report(f"{n:02}", f"{n:08x}", was="aaaaaaaa", branch="M") for n in range(29)]
    (one,) = tell(reports, OLD_MS)
    assert (one.change, one.count, one.laptop) == (Change.COPIED, 30, "ACER")
    assert len(one.devices) == 30


def test_the_laptop_that_the_image_was_made_from_may_be_the_one_that_branches():
    clone, master = report("M", "bbbbbbbb", was="aaaaaaaa"), report("N", "aaaaaaaa", branch="M")
    assert told(clone, master) == [(Change.COPIED, 2)]


def test_one_that_is_set_back_every_night_is_said_with_how_often():
    reports = [report(str(n), "aaaaaaaa", branch="M", days_ago=n) for n in range(5)]
    assert told(*reports) == [(Change.SET_BACK, 5)]


def test_a_disk_in_another_case_is_no_copy():
    assert told(report("A", "bbbbbbbb", was="aaaaaaaa")) == [(Change.MOVED, 1)]


def test_without_marks_nobody_claims_to_know():
    assert told(report("A", "", branch="M"), report("B", "", branch="M")) == [(Change.BRANCHED, 2)]


def test_laptops_that_have_nothing_to_do_with_one_another_are_told_apart():
    reports = report("A", "aaaaaaaa", branch="M"), report("B", "bbbbbbbb", branch="N")
    assert told(*reports) == [(Change.SET_BACK, 1), (Change.SET_BACK, 1)]


def test_a_branch_of_a_branch_belongs_to_the_same_laptop():
    reports = [report("B", "aaaaaaaa", branch="A", days_ago=1), report("A", "aaaaaaaa", branch="M")]
    assert told(*reports) == [(Change.SET_BACK, 2)]


def test_what_was_long_ago_is_told_no_more_but_joins_what_belongs_together():
    old = report("A", "aaaaaaaa", branch="M", days_ago=40)
    assert told(old) == []
    again = report("B", "aaaaaaaa", branch="A"), report("C", "bbbbbbbb", branch="M")
    assert told(old, *again) == [(Change.COPIED, 2)]


def test_one_report_told_twice_or_carried_over_counts_once():
    one = report("A", "bbbbbbbb", was="aaaaaaaa")
    again = report("A", "bbbbbbbb", was="aaaaaaaa", seq=2)
    assert told(one, one, again, carried(one, device("B"), 7)) == [(Change.MOVED, 1)]


def test_a_plain_report_tells_nothing():
    plain = report("A", "aaaaaaaa")
    assert told(plain) == [] and not is_change(plain.body)
    assert is_change(report("A", "a", was="b").body) and is_change(report("A", "", branch="M").body)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABCDE"),
            st.sampled_from(["", "aaaaaaaa", "bbbbbbbb"]),
            st.sampled_from(["", "bbbbbbbb"]),
            st.sampled_from(["", "A", "B", "M"]),
            st.integers(0, 20),
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=examples(60))
def test_the_order_of_reports_does_not_matter_and_each_laptop_is_in_one_sentence(rows, random):
    reports = [
        report(name, machine, was, branch, days, seq)
        for seq, (name, machine, was, branch, days) in enumerate(rows, 1)
    ]
    first = tell(reports, OLD_MS)
    random.shuffle(reports)
    assert tell(reports, OLD_MS) == first
    named = [name for one in first for name in one.devices]
    assert len(named) == len(set(named))


@given(
    st.dictionaries(
        st.sampled_from(["machine", "was", "branch", "laptop"]),
        st.integers() | st.none() | st.lists(st.text(max_size=3), max_size=2),
    )
)
@settings(max_examples=examples(40))
def test_fields_that_are_no_text_are_as_good_as_missing(fields):
    body = {"program": "1", "system": "", "free_bytes": 1, **fields}
    record = Record(device("A"), 1, hybrid_time(NOW_MS), "anna", DEVICE_REPORT, body)
    assert tell([record], OLD_MS) == ()


def laptops_of(*reports, devices="MABCDE"):
    named = laptops([device(name) for name in devices], reports)
    groups = {}
    for name, laptop in named.items():
        groups.setdefault(laptop, set()).add(name[0])
    return sorted("".join(sorted(group)) for group in groups.values())


def test_a_laptop_that_is_set_back_every_night_is_one_laptop():
    reports = [report(name, "aaaaaaaa", branch="M", days_ago=at) for at, name in enumerate("ABC")]
    assert laptops_of(*reports) == ["ABCM", "D", "E"]


def test_copies_are_as_many_laptops_as_there_are_machines():
    reports = [report("A", "bbbbbbbb", was="aaaaaaaa", branch="M")]
    reports += [report("B", "cccccccc", was="aaaaaaaa", branch="M")]
    reports += [report("C", "cccccccc", branch="M"), report("D", "aaaaaaaa", branch="M")]
    assert laptops_of(*reports) == ["A", "BC", "DM", "E"]


def test_what_another_continues_on_no_known_machine_is_no_laptop_any_more():
    assert laptops_of(report("A", "", branch="M")) == ["A", "B", "C", "D", "E"]
