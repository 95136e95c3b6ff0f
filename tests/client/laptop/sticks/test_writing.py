"""A teacher's laptop writes what is installed on it, and another laptop learns from that."""

from __future__ import annotations

import shutil

import pytest

from client.laptop.laptop import Laptop
from client.laptop.sticks.packing import ALL, LEVELS, TEXT, USUAL_BYTES_PER_S, Wishes, estimate_s
from client.laptop.sticks.writing import Writing
from client.laptop.syncing.supply import Supply
from content.carrying import serials
from sync.errors import StickError
from sync.roads.stick import StickRoad
from sync.sticks.choice import Choice, read_choice, write_choice
from sync.sticks.laying import lay
from sync.sticks.marker import make_stick
from sync.sticks.volume import find_stick
from tests.support.pack_source import PACK
from tests.support.school import ADDRESS

SECOND = "second-pack"
SMALL = {"lessons": ("meaning",), "video_bytes": 300_000}


@pytest.fixture
def teacher(joined, school):
    school.publish()
    school.publish(SECOND, **SMALL)
    account = joined.sync()
    assert account.problem is None
    return joined


@pytest.fixture
def roots(tmp_path):
    found = [tmp_path / name for name in ("one", "two", "three")]
    for root in found:
        root.mkdir()
        (root / "photos.jpg").write_bytes(b"somebody's")
    return found


def write(laptop, roots, wishes, report=lambda root, at: None, called_off=lambda root: False):
    ended = {}
    laptop.sticks.write(roots, wishes, report, called_off, ended.__setitem__)
    return ended


def wishes(laptop, level=ALL, packs=(PACK, SECOND)):
    return Wishes({one.key: level for one in laptop.sticks.offers() if one.pack in packs})


def take(laptop, root):
    laptop.exchange()
    road = StickRoad(find_stick(root))
    supply = Supply(laptop.store, laptop.library, road, lambda _: None, lambda: False, partial=True)
    return supply.run(serials(road.shelf))


@pytest.fixture
def neighbour(tmp_path, school, road, clock, teacher):
    laptop = Laptop.open(tmp_path / "neighbour", clock, road)
    laptop.enrol(ADDRESS, school.code(("Дана Оспанова",)))
    yield laptop
    laptop.close()


def test_what_is_here_is_offered_with_its_sizes(teacher, school):
    first, second = teacher.sticks.offers()
    assert {first.pack, second.pack} == {PACK, SECOND}
    assert first.key == f"{school.key_id}/{first.pack}"
    for one in (first, second):
        assert [one.sizes_bytes[level] for level in LEVELS] == sorted(
            (one.sizes_bytes[level] for level in LEVELS), reverse=True
        )
        assert 0 < one.lessons >= one.videos == one.videos_here
    assert wishes(teacher).size_bytes((first, second)) == sum(
        one.sizes_bytes[ALL] for one in (first, second)
    )


def test_only_what_has_come_counts(teacher):
    before = {one.pack: one for one in teacher.sticks.offers()}
    video = next((teacher.library.folder / SECOND).rglob("*.mp4"))
    size_bytes = video.stat().st_size
    video.unlink()
    after = {one.pack: one for one in teacher.sticks.offers()}
    shrunk = before[SECOND].sizes_bytes[ALL] - after[SECOND].sizes_bytes[ALL]
    assert shrunk == size_bytes


def test_several_sticks_are_written_at_once_and_laptops_learn_from_each(teacher, neighbour, roots):
    told = []
    ended = write(teacher, roots, wishes(teacher), lambda root, at: told.append((root, at)))
    assert set(ended) == set(roots)
    for done in ended.values():
        assert (done.problem, done.set_aside, set(done.packs)) == (None, (), {PACK, SECOND})
        assert done.written_bytes > 0
    assert {root for root, _ in told} == set(roots)
    assert any(at.done_bytes == at.total_bytes > 0 for _, at in told)
    assert all((root / "photos.jpg").read_bytes() == b"somebody's" for root in roots)
    assert take(neighbour, roots[1]).problem is None
    assert {card.pack for card in neighbour.lessons()} == {PACK, SECOND}
    assert all(card.video_ready for card in neighbour.lessons() if card.has_video)


def test_writing_again_writes_nothing(teacher, roots):
    write(teacher, roots[:1], wishes(teacher))
    done = write(teacher, roots[:1], wishes(teacher))[roots[0]]
    assert (done.written_bytes, set(done.packs)) == (0, {PACK, SECOND})


def test_a_pack_that_is_not_wished_any_more_goes_and_what_is_unknown_here_stays(teacher, roots):
    write(teacher, roots[:1], wishes(teacher))
    volume = find_stick(roots[0])
    foreign = f"{'ee' * 16}/history-9"
    write_choice(volume, Choice({**read_choice(volume).packs, foreign: "all"}))
    object_path = f"repository/{'ee' * 16}/objects/aa/{'aa' * 32}"
    volume.write(object_path, [b"of another publisher"])
    packs = wishes(teacher, TEXT, (SECOND,))
    done = write(teacher, roots[:1], packs)[roots[0]]
    assert done.packs == (SECOND,)
    assert read_choice(volume).packs == {**packs.packs, foreign: "all"}
    assert volume.read(object_path, 100) == b"of another publisher"
    folder = f"repository/{next(iter(packs.packs)).partition('/')[0]}/manifests"
    assert [name for name in volume.names(folder) if volume.names(f"{folder}/{name}")] == [SECOND]


def test_a_stick_without_a_choice_loses_nothing(teacher, school, roots):
    from content.carrying import plan_from_repository

    volume = make_stick(roots[0])
    trusted = school.repository.trusted_keys()
    plan = plan_from_repository(school.repository, trusted, {PACK: "all"})
    lay(volume, plan.files)
    write(teacher, roots[:1], wishes(teacher, packs=(SECOND,)))
    folder = f"repository/{school.key_id}/manifests"
    assert set(volume.names(folder)) == {PACK, SECOND}


def test_one_stick_that_fails_keeps_no_other_waiting(teacher, roots, monkeypatch):
    from sync.sticks import laying

    whole = laying.lay

    def some_fail(volume, *arguments, **options):
        if volume.path.parent == roots[1]:
            raise StickError("stick-full")
        return whole(volume, *arguments, **options)

    monkeypatch.setattr(laying, "lay", some_fail)
    shutil.rmtree(roots[2])
    ended = write(teacher, roots, wishes(teacher))
    codes = [ended[root].problem and ended[root].problem.code for root in roots]
    assert codes[:2] == [None, "stick-full"]
    assert codes[2] in ("stick-gone", "stick-failed")


def test_a_cancel_leaves_what_was_written_and_the_next_goes_on(teacher, neighbour, roots):
    asked = []

    def called_off(root):
        asked.append(root)
        return len(asked) > 3

    done = write(teacher, roots[:1], wishes(teacher), called_off=called_off)[roots[0]]
    assert done.problem.code == "cancelled"
    assert write(teacher, roots[:1], wishes(teacher))[roots[0]].problem is None
    take(neighbour, roots[0])
    assert {card.pack for card in neighbour.lessons()} == {PACK, SECOND}


def test_a_stick_is_kept_current_and_one_that_wants_nothing_is_left_alone(teacher, school, roots):
    writing = Writing(teacher.store, teacher.library)
    volume = make_stick(roots[0])
    assert writing.refresh(volume, lambda at: None, lambda: False) is None
    write(teacher, roots[:1], wishes(teacher, packs=(SECOND,)))
    school.publish(SECOND, 2, **SMALL)
    teacher.sync()
    done = writing.refresh(volume, lambda at: None, lambda: False)
    assert (done.problem, done.packs) == (None, (SECOND,))
    folder = f"repository/{school.key_id}/manifests/{SECOND}"
    assert volume.names(folder) == ("2",)
    assert writing.refresh(volume, lambda at: None, lambda: False).written_bytes == 0


def test_a_teachers_visit_keeps_a_stick_current_and_a_pupils_does_not(
    teacher, neighbour, school, roots
):
    write(teacher, roots[:1], wishes(teacher, packs=(SECOND,)))
    school.publish(SECOND, 2, **SMALL)
    for laptop in (teacher, neighbour):
        assert laptop.sync().problem is None
    volume = find_stick(roots[0])
    folder = f"repository/{school.key_id}/manifests/{SECOND}"
    assert neighbour.sticks.visit(roots[0]).problem is None
    assert volume.names(folder) == ("1",)
    account = teacher.sticks.visit(roots[0])
    assert (account.problem, account.safe) == (None, True)
    assert volume.names(folder) == ("2",)


def test_how_fast_sticks_are_is_measured_and_kept(teacher, monkeypatch):
    from client.laptop.sticks.packing import Written

    writing = Writing(teacher.store, teacher.library)
    assert writing.bytes_per_s == teacher.sticks.bytes_per_s == USUAL_BYTES_PER_S
    writing._note_speed([Written(written_bytes=20 << 20, duration_s=2.0), Written()])
    assert writing.bytes_per_s == 10 << 20
    assert estimate_s(100 << 20, writing.bytes_per_s) == 12.0
    teacher.store.keep_settings({"sticks.bytes_per_s": "soon"})
    assert writing.bytes_per_s == USUAL_BYTES_PER_S
