"""The full circle with no network: lessons to thirty laptops, their work to the server, marks back.

On real file systems in image files where this machine can make them, in a plain folder otherwise.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Iterator, Optional, Tuple

import pytest

from client.laptop.schoolwork.works import Station
from sync.sticks.choice import Choice, write_choice
from sync.sticks.marker import make_stick
from tests.support.pack_source import PACK
from tests.support.school import School
from tests.support.stick_place import stick_at
from tests.support.stick_village import RECORDED, SchoolHere, Village, statuses


@contextlib.contextmanager
def school_without_a_road(folder: Path, pupils: int) -> Iterator[Tuple[Village, School]]:
    school = School(folder / "school")
    school.publish(PACK, 1, video_bytes=60_000)
    village = Village(folder, SchoolHere(school), pupils)
    yield village, school
    village.close()
    school.close()


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "pupils"), [("fat32", 30), ("exfat", 3), (None, 3)])
def test_a_class_learns_hands_in_and_is_marked(
    kind: Optional[str], pupils: int, tmp_path: Path
) -> None:
    root, image = tmp_path / "drive", tmp_path / "drive.img"
    with school_without_a_road(tmp_path, pupils) as (village, school):
        with stick_at(root, kind):
            circle(village, school, root)
            search = village.search()
            assert search.folder(root) == []
        if image.exists():
            # What was deleted, and what lies between files, is on the medium still.
            assert search.image(image) == []
        if kind is None:
            # The same search where all that is kept: it would have found what there is to find.
            found = {find.what for find in village.search().folder(school.data.root)}
            assert {"an answer", "a comment", "the name Айгерім", "a laptop's name"} <= found
            assert any(what.startswith("a secret key of server") for what in found)
        assert search.searched_bytes > 3 * 60_000


def circle(village: Village, school: School, root: Path) -> None:
    """Lessons out, work in, marks back: everybody sees everything."""
    write_choice(make_stick(root), Choice({f"{school.key_id}/{PACK}": "all"}))
    village.server.take_stick(root)

    for desk in village.desks:
        village.join(desk, root)
        village.at(desk, root)
        assert len(desk.laptop.lessons()) == 3
        assert all(card.video_ready for card in desk.laptop.lessons())
    first = village.pupils[0]
    village.record(first)
    for desk in village.pupils:
        village.hand_in(desk)
        account = village.at(desk, root)
        assert account.works_left == 1
        assert desk.now().station == Station.SENT

    village.server.take_stick(root)
    answers = {person: answers["why"] for person, answers in school.submissions()}
    assert answers == {desk.person.id: desk.answer for desk in village.pupils}

    # The recording comes with the work, before anybody could ask for it.
    assert village.at(village.teacher, root).files_came == 1
    heard = village.teacher.laptop.work_file_bytes(first.now().id, first.recording)
    assert heard == b"OggS" + RECORDED * 200
    assert village.mark_all() == len(village.pupils)
    for desk in village.pupils:
        village.at(desk, root)
    assert statuses(village.pupils) == {"SCHOOL": len(village.pupils)}

    village.at(village.teacher, root)
    village.server.take_stick(root)
    for desk in village.desks:
        village.at(desk, root)
    assert statuses(village.pupils) == {"MARKED": len(village.pupils)}
    for desk in village.pupils:
        mark = desk.now().mark
        assert mark is not None
        assert (mark.points, mark.comment) == (4.75, desk.comment)
        assert desk.laptop.status().waiting == 0
        assert village.at(desk, root).is_empty
