"""Pulled out while it is written, a stick on a real file system keeps what was acknowledged."""

from __future__ import annotations

import contextlib
import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, NamedTuple, cast

import pytest

from sync.errors import StickError
from sync.sticks.folder_medium import FolderMedium
from sync.sticks.layout import LetterName
from sync.sticks.letter import Letter, LetterKind
from sync.sticks.mailbox import Mailbox
from sync.sticks.marker import ensure_marker, make_stick
from sync.sticks.medium import Medium, MediumVolume
from sync.sticks.volume import FolderVolume, find_stick
from tests.support.file_systems import make_image, mounted, repair_image, source_of
from tests.support.torn_image import WatchedMedium, tear

SCHOOL, BOX = "5c" * 8, "b0" * 8
POINTS, STEPS = 12, 90
KINDS = {"fat32": 34 << 20, "exfat": 8 << 20, "ntfs": 8 << 20, "ext4": 8 << 20}
JOURNALLED = ("ntfs", "ext4")
"""What these have written they have written in an order of their own: it is cut, not torn."""
STRANGERS = {"diploma.doc": b"two years" * 3000, "photos/wedding.jpg": bytes(range(256)) * 100}


def letter(number: int) -> bytes:
    return Letter(LetterKind.UP, (bytes([number]) * (300 * number), b"work")).to_bytes()


class Shot(NamedTuple):
    """What had been acknowledged."""

    letters: Dict[LetterName, bytes]
    objects: Dict[str, bytes]


@dataclass
class Camera:
    """Copies an image at some of the moments at which it is about to be changed."""

    folder: Path
    device: Path
    image: Path
    moments: List[int]
    in_order: bool
    seen: int = 0
    whole: Dict[LetterName, bytes] = field(default_factory=dict)
    objects: Dict[str, bytes] = field(default_factory=dict)
    shots: List[Shot] = field(default_factory=list)

    def look(self) -> None:
        self.seen += 1
        if self.seen in self.moments:
            number = len(self.shots)
            shutil.copyfile(self.device, self.folder / f"after-{number}")
            # What a loop device has not handed on may be lost; else it is what was acknowledged.
            kept = self.image if self.device != self.image else self.folder / "acknowledged"
            kept = self.image if self.in_order else kept
            shutil.copyfile(kept, self.folder / f"before-{number}")
            self.shots.append(Shot(dict(self.whole), dict(self.objects)))

    def acknowledge(self) -> None:
        if self.device == self.image:
            shutil.copyfile(self.image, self.folder / "acknowledged")


def work(root: Path, camera: Camera) -> None:
    """Lay letters down and remove some, each acknowledged when the call returns."""
    medium = WatchedMedium(FolderMedium(root / "KERUEN"), camera.look)
    mailbox = Mailbox(MediumVolume(cast(Medium, medium)), SCHOOL)
    ensure_marker(mailbox.volume)
    camera.acknowledge()
    for number in range(1, 9):
        name = mailbox.put_up(BOX, letter(number))
        camera.whole[name] = letter(number)
        camera.acknowledge()
        if number % 3 == 0:
            name = next(iter(camera.whole))
            del camera.whole[name]
            mailbox.remove_up(name)
            made = {f"repository/objects/{number}{one}": bytes([one]) * 3000 for one in range(3)}
            for path, data in made.items():
                mailbox.volume.begin(path, [data])
            mailbox.volume.finish(tuple(made))
            camera.objects.update(made)
            camera.acknowledge()


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_acknowledged_is_whole_and_strangers_files_too(kind: str, tmp_path: Path) -> None:
    chance = random.Random(kind)
    image = tmp_path / "image"
    make_image(kind, image, KINDS[kind])
    with mounted(kind, image, tmp_path / "stick") as root:
        make_stick(root)
        for name, data in STRANGERS.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(data)
        FolderVolume(root / "KERUEN").flush()
    moments = sorted(chance.sample(range(1, STEPS), POINTS))
    camera = Camera(tmp_path, image, image, moments, in_order=kind in JOURNALLED)
    with mounted(kind, image, tmp_path / "stick") as root:
        camera.device = image if camera.in_order else Path(source_of(root))
        work(root, camera)
    assert len(camera.shots) == POINTS
    differing = sum(pulled(kind, tmp_path, number, chance) for number in range(POINTS))
    assert differing > 0 or camera.in_order
    shots = enumerate(camera.shots)
    repaired = [is_whole_again(kind, tmp_path, number, shot) for number, shot in shots]
    # A folder whose long names were torn takes no new file from this driver of FAT, and its
    # programme does not mend that: such a stick is read, and another is written.
    assert repaired.count(False) <= (POINTS // 3 if kind == "fat32" else 0)


def is_whole_again(kind: str, folder: Path, number: int, shot: Shot) -> bool:
    """Look at a torn stick and visit it; again after the system's own repair where it must be."""
    torn = folder / f"torn-{number}"
    with mounted(kind, torn, folder / "stick") as root:
        look_at(root, shot)
        if has_repaired(root):
            return True
    repair_image(kind, torn)
    with mounted(kind, torn, folder / "stick") as root:
        look_at(root, shot)
        return has_repaired(root)


def pulled(kind: str, folder: Path, number: int, chance: random.Random) -> int:
    before, after = folder / f"before-{number}", folder / f"after-{number}"
    differing = tear(before, after, folder / f"torn-{number}", chance)
    before.unlink()
    after.unlink()
    return differing


def look_at(root: Path, shot: Shot) -> None:
    """Read all of a stick that was pulled out: what was acknowledged is whole."""
    for name, data in STRANGERS.items():
        assert (root / name).read_bytes() == data
    volume = find_stick(root)
    assert volume is not None
    mailbox = Mailbox(volume, SCHOOL)
    for up, data in shot.letters.items():
        assert mailbox.up_bytes(up) == data
    for path, data in shot.objects.items():
        assert volume.read(path, len(data)) == data
    for up in mailbox.up_letters():
        try:
            mailbox.read_up(up)
        except StickError as error:
            assert error.code == "stick-damaged"
            assert up not in shot.letters


def has_repaired(root: Path) -> bool:
    """Visit the stick again; false where its file system wants the system's own repair first."""
    volume = FolderVolume(root / "KERUEN")
    mailbox = Mailbox(volume, SCHOOL)
    try:
        ensure_marker(volume)
        for up in mailbox.up_letters():
            with contextlib.suppress(StickError):
                mailbox.read_up(up)
        mailbox.sweep()
        names = {mailbox.put_up(BOX, letter(number)) for number in range(1, 9)}
        volume.flush()
    except StickError as error:
        assert error.code == "stick-failed"
        return False
    assert len([mailbox.read_up(name) for name in names]) == 8
    for path, data in STRANGERS.items():
        assert (root / path).read_bytes() == data
    return True
