"""A stick, a server and a laptop as one version's programs left them: frozen, and thawed.

On the stick lie, once each: a letter that the server has not seen, with a recording and the copy
for its own laptop; a reply that its laptop has not seen, with a receipt and a mark; an invitation
that nobody has used; a pack with its choice. Databases are frozen as SQL.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict

from client.laptop.laptop import Laptop
from sync.sticks.choice import Choice, write_choice
from sync.sticks.marker import make_stick
from sync_server.data_folder import DataFolder
from tests.support.golden import thaw as thaw_database
from tests.support.pack_source import PACK
from tests.support.school import School
from tests.support.stick_village import SchoolHere, Village, no_road

FROZEN = Path(__file__).parents[1] / "golden" / "sticks"


@dataclass(frozen=True)
class Thawed:
    """Where everything lies, and what must come of it."""

    folder: Path
    expected: Dict[str, Any]

    @property
    def drive(self) -> Path:
        return self.folder / "drive"

    def server(self) -> DataFolder:
        return DataFolder(self.folder / "server")

    def pupil(self) -> Laptop:
        """The laptop whose mark lies on the stick."""
        return Laptop.open(self.folder / "pupil", reach=no_road)


def freeze(target: Path) -> None:
    """Make such a stick with the programs as they are now."""
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside)
        school = School(folder / "school")
        school.publish(PACK, 1, lessons=("meaning",), video_bytes=2_000)
        village = Village(folder, SchoolHere(school), 2)
        code = school.code(students=["Дана Оспанова"])
        root = folder / "drive"
        root.mkdir()
        _use(village, school, root)
        expected = {
            "code": code,
            "answers": {desk.person.id: desk.answer for desk in village.pupils},
            "comment": village.pupils[0].comment,
            "marked": village.pupils[0].person.id,
            "recording": [village.pupils[1].person.id, village.pupils[1].recording],
            "time_ms": school.clock.now_ms(),
        }
        village.close()
        school.close()
        shutil.copytree(str(root), str(target / "drive"))
        for name, path in (("server", school.data.root), ("pupil", folder / "laptop-1")):
            (target / name).mkdir()
            for file in ("identity", "membership"):
                if (path / file).exists():
                    shutil.copyfile(str(path / file), str(target / name / file))
            _freeze_database(next(path.glob("*.db")), target / name)
        text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
        (target / "expected.json").write_text(text + "\n", encoding="utf-8")


def _use(village: Village, school: School, root: Path) -> None:
    write_choice(make_stick(root), Choice({f"{school.key_id}/{PACK}": "all"}))
    marked, waiting = village.pupils
    village.server.take_stick(root)
    for desk in village.desks:
        village.join(desk, root)
        village.at(desk, root)
    village.hand_in(marked)
    village.at(marked, root)
    village.server.take_stick(root)
    village.at(village.teacher, root)
    assert village.mark_all() == 1
    village.at(village.teacher, root)
    village.server.take_stick(root)
    village.at(waiting, root)
    village.record(waiting)
    village.hand_in(waiting)
    village.at(waiting, root)


def _freeze_database(database: Path, folder: Path) -> None:
    db = sqlite3.connect(str(database))
    # iterdump leaves out the format's number.
    (number,) = db.execute("PRAGMA user_version").fetchone()
    text = "\n".join([*db.iterdump(), f"PRAGMA user_version = {number};"])
    db.close()
    (folder / f"{database.name}.sql").write_text(text + "\n", encoding="utf-8")


def thaw(frozen: Path, folder: Path) -> Thawed:
    """Put what was frozen where today's programs can use it."""
    shutil.copytree(str(frozen), str(folder))
    # A server has its packs as they lie on a stick.
    for publisher in (folder / "drive" / "KERUEN" / "repository").iterdir():
        shutil.copytree(str(publisher), str(folder / "server" / "repositories" / publisher.name))
    for sample in folder.glob("*/*.db.sql"):
        thaw_database(sample, sample.with_suffix(""))
        sample.unlink()
    return Thawed(folder, json.loads((folder / "expected.json").read_text(encoding="utf-8")))
