"""What may lie on a stick that was in strangers' machines: other people's files, viruses, traps.

A trap is laid on a genuine stick that carries letters and packs. ``outside`` stands for the disk of
the machine that the stick is put into: nothing on it may be read, changed or removed because
of what lies on a stick.
"""

from __future__ import annotations

import hashlib
import os
import random
import socket
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List, Mapping, Tuple

Seen = Tuple[int, int, str]
"""A file's mode, time (ns) and contents' hash or link's target."""


@dataclass(frozen=True)
class Stick:
    """A genuine stick's drive, and a folder on the disk of whoever reads it."""

    root: Path
    outside: Path

    @property
    def keruen(self) -> Path:
        return self.root / "KERUEN"

    def one(self, pattern: str) -> Path:
        """The first file of ours that fits a pattern.

        Raises LookupError: there is none, so the trap would be laid nowhere.
        """
        found = sorted(path for path in self.keruen.glob(pattern) if path.is_file())
        if not found:
            raise LookupError(f"nothing on the stick is like {pattern}")
        return found[0]

    def treasure(self) -> Path:
        """A file on the machine's disk that nobody gave us."""
        return self.outside / "treasure.txt"


def add_strangers(root: Path, outside: Path) -> None:
    """Lay other people's files and a virus's beside our folder, and a treasure on the disk."""
    outside.mkdir(parents=True, exist_ok=True)
    (outside / "treasure.txt").write_bytes(b"nobody may touch this" * 40)
    for name, data in STRANGERS.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


STRANGERS: Mapping[str, bytes] = {
    "autorun.inf": b"[autorun]\r\nopen=RECYCLER\\keruen.exe\r\nlabel=KERUEN\r\n",
    "KERUEN.lnk": b"L\0\0\0\x01\x14\x02\0\0\0\0\0" + b"\0" * 64 + b"cmd.exe /c start RECYCLER",
    "KERUEN.exe": b"MZ\x90\0" + b"\0" * 400,
    "KERUEN (1)/stick": b'{"format": 1}',
    "RECYCLER/keruen.exe": b"MZ\x90\0" + b"\0" * 900,
    "System Volume Information/IndexerVolumeGuid": "{0}".encode("utf-16"),
    ".Trash-1000/info/old.trashinfo": b"[Trash Info]\n",
    "Фото той 2024/IMG 001.JPG": b"\xff\xd8\xff\xe0" + b"\x55" * 3000,
    "курстық жұмыс.docx": b"PK\x03\x04" + b"\x11" * 2000,
    "_KERUEN/mail.txt": b"mine",
}
"""What the folder of no stick of ours is called, and what viruses hide behind."""


def seen(folder: Path) -> Dict[str, Seen]:
    """All that lies below a folder but in our own, as it is; links are not followed."""
    found: Dict[str, Seen] = {}
    for place, folders, files in os.walk(str(folder)):
        if Path(place) == folder and "KERUEN" in folders:
            folders.remove("KERUEN")
        for name in (*files, *folders):
            path = Path(place) / name
            status = path.lstat()
            if stat.S_ISREG(status.st_mode):
                said = hashlib.sha256(path.read_bytes()).hexdigest()
            else:
                said = str(path.readlink()) if path.is_symlink() else ""
            is_folder = stat.S_ISDIR(status.st_mode)
            found[path.relative_to(folder).as_posix()] = (
                status.st_mode,
                0 if is_folder else status.st_mtime_ns,
                said,
            )
    return found


def _replaced(path: Path, target: Path) -> None:
    """Move a file of ours to the machine's disk and leave a link in its place."""
    path.rename(target)
    path.symlink_to(target)


def _folder_linked(stick: Stick, name: str) -> None:
    """Move a folder of ours to the machine's disk and leave a link in its place."""
    folder = stick.keruen / name
    folder.rename(stick.outside / folder.name)
    folder.symlink_to(stick.outside / folder.name, target_is_directory=True)


def _linked_letter(stick: Stick) -> None:
    letter = stick.one("mail/*/up/*")
    _replaced(letter, stick.outside / letter.name)


def _linked_everywhere(stick: Stick) -> None:
    """Under every name that a program writes to next lies a link to the treasure already."""
    for path in [path for path in stick.keruen.rglob("*") if path.is_file()]:
        path.with_name(path.name + ".new").symlink_to(stick.treasure())
    for name in ("lock", "choice.new", "stick.new", "README.txt.new"):
        path = stick.keruen / name
        if path.is_symlink() or path.exists():
            path.unlink()
        path.symlink_to(stick.treasure())


def _linked_circle(stick: Stick) -> None:
    (stick.one("mail/*/up/*").parent / ("0" * 16)).symlink_to("..", target_is_directory=True)
    (stick.keruen / "repository" / ("ab" * 8)).symlink_to(stick.keruen, target_is_directory=True)


def _pipes(stick: Stick) -> None:
    """What waits for ever when it is opened, under names of letters, packs and the marker's kin."""
    letter = stick.one("mail/*/up/*")
    os.mkfifo(str(letter.with_name("0" * 16 + "-" + "1" * 16)))
    for path in (stick.one("repository/*/catalogue"), letter):
        path.unlink()
        os.mkfifo(str(path))
    if (stick.keruen / "choice").exists():
        (stick.keruen / "choice").unlink()
    os.mkfifo(str(stick.keruen / "choice"))


def _sockets(stick: Stick) -> None:
    place = stick.one("mail/*/up/*").parent
    held, before = socket.socket(socket.AF_UNIX), Path.cwd()
    os.chdir(str(place))
    try:
        held.bind("0" * 16 + "-" + "2" * 16)
    finally:
        os.chdir(str(before))
        held.close()


def _devices(stick: Stick) -> None:
    """/dev/zero, which never ends, under a letter's name. Raises PermissionError but for root."""
    zero = os.makedev(1, 5)
    place = stick.one("mail/*/up/*").parent
    os.mknod(str(place / ("0" * 16 + "-" + "3" * 16)), stat.S_IFCHR | 0o600, zero)
    manifest = stick.one("repository/*/catalogue")
    manifest.unlink()
    os.mknod(str(manifest), stat.S_IFCHR | 0o600, zero)


def _sparse(path: Path, size_bytes: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.truncate(size_bytes)


def _giants(stick: Stick) -> None:
    """Files that would take all memory: a letter, the choice, the marker's copy, a catalogue."""
    letter = stick.one("mail/*/up/*")
    _sparse(letter.with_name("0" * 16 + "-" + "4" * 16), 1 << 33)
    _sparse(letter.parent.parent / "own" / letter.name, 1 << 33)
    _sparse(stick.keruen / "choice", 1 << 33)
    _sparse(stick.one("repository/*/catalogue"), 1 << 33)


def _giant_marker(stick: Stick) -> None:
    _sparse(stick.keruen / "stick", 1 << 33)


def _deep_json(stick: Stick) -> None:
    (stick.keruen / "choice").write_bytes(b'{"packs":' + b"[" * 200_000)


def _leading_out(stick: Stick) -> None:
    (stick.keruen / "choice").write_bytes(
        b'{"packs":{"../../../outside/treasure.txt":"all","/etc/x":"all","C:/x":"all",'
        b'"..\\\\x/y":"all","a/b/c":"all","":"all"}}'
    )


def _odd_names(stick: Stick) -> None:
    """Names that are no names of ours, in every folder: as long as can be, not UTF-8, commands."""
    folders = [stick.keruen, *(path for path in stick.keruen.rglob("*") if path.is_dir())]
    names: List[bytes] = [
        b"x" * 255,
        b"\xff\xfe\xfd",
        b"a\nb\x1b[31m",
        "\u202egnp.exe".encode(),
        b"-rf",
        b" ",
        b"NUL",
        b"con.txt",
        b"Thumbs.db",
        b".DS_Store",
        b"._stick",
        b"desktop.ini",
        b"0" * 16,
        b"0" * 15 + b"g-" + b"0" * 16,
        b"../x".replace(b"/", b"\\"),
    ]
    for folder in folders:
        for name in names:
            path = os.path.join(os.fsencode(str(folder)), name)  # noqa: PTH118 - names as bytes
            with open(path, "wb") as file:  # noqa: PTH123 - names as bytes
                file.write(name)


def _many_names(stick: Stick) -> None:
    dice = random.Random(5)
    place = stick.one("mail/*/up/*").parent
    for _ in range(5_000):
        (place / f"{dice.getrandbits(64):016x}-{dice.getrandbits(64):016x}").touch()


def _many_folders(stick: Stick) -> None:
    place = stick.keruen / "mail"
    for number in range(60):
        place = place / f"{number:016x}"
    place.mkdir(parents=True)
    for number in range(1_000):
        (stick.keruen / "repository" / f"{number:016x}").mkdir()


def _wrong_kinds(stick: Stick) -> None:
    """Folders where files should be, and files where folders should be."""
    letter = stick.one("mail/*/up/*")
    letter.unlink()
    letter.mkdir()
    catalogue = stick.one("repository/*/catalogue")
    catalogue.unlink()
    (catalogue / "inside").mkdir(parents=True)
    (letter.parent.parent / "down").mkdir(exist_ok=True)
    for name in ("own", "files", "invitations"):
        place = letter.parent.parent / name
        if not place.exists():
            place.write_bytes(b"a file")
    choice = stick.keruen / "choice"
    if choice.exists():
        choice.unlink()
    choice.mkdir()


def _file_for_mail(stick: Stick) -> None:
    (stick.keruen / "mail").rename(stick.root / "old mail")
    (stick.keruen / "mail").write_bytes(b"a file")


def _forged_letters(stick: Stick) -> None:
    """Letters with a true checksum and false contents: lengths, counts, kinds, versions."""
    letter = stick.one("mail/*/up/*")
    box = letter.name[:16]
    genuine = letter.read_bytes()[:-32]
    forged = [
        b"",
        b"KXL",
        genuine[:8] + b"\xff\xff" + genuine[10:],
        genuine[:8] + b"\x00\x00",
        genuine[:10] + b"\xff\xff\xff\xff" + genuine[14:],
        genuine + bytes(100),
        genuine[:3] + b"\x09" + genuine[4:],
        genuine[:4] + b"\x09" + genuine[5:],
        genuine[:4] + b"\x02" + genuine[5:],
        genuine[:5] + b"\x01\x01\x01" + genuine[8:],
    ]
    for body in forged:
        data = body + hashlib.sha256(body).digest()
        letter.with_name(f"{box}-{hashlib.sha256(data).hexdigest()[:16]}").write_bytes(data)


def _spoiled(stick: Stick) -> None:
    """A bit of every file of ours but the marker is another one: a worn stick."""
    dice = random.Random(7)
    for path in sorted(stick.keruen.rglob("*")):
        if path.is_file() and path.name not in ("stick", "README.txt") and path.stat().st_size:
            data = bytearray(path.read_bytes())
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            path.write_bytes(bytes(data))


def _dated(stick: Stick) -> None:
    for number, path in enumerate(sorted(stick.keruen.rglob("*"))):
        when_s = (315_532_800, 4_354_819_200)[number % 2]
        os.utime(str(path), (when_s, when_s))


def _newer(stick: Stick) -> None:
    (stick.keruen / "stick").write_bytes(b'{"format": 2, "id": "%s"}' % (b"ab" * 16))


def _no_marker(stick: Stick) -> None:
    (stick.keruen / "stick").unlink()


def _torn_marker(stick: Stick) -> None:
    (stick.keruen / "stick").write_bytes(b'{"format": 1, "i\0\0\0\0\0\0')


def _linked_marker(stick: Stick) -> None:
    _replaced(stick.keruen / "stick", stick.outside / "stick")


def _linked_whole(stick: Stick) -> None:
    stick.keruen.rename(stick.outside / "KERUEN")
    stick.keruen.symlink_to(stick.outside / "KERUEN", target_is_directory=True)


GOES_ON: Mapping[str, Callable[[Stick], None]] = {
    "a letter is a link": _linked_letter,
    "links under all names to be written": _linked_everywhere,
    "links in a circle": _linked_circle,
    "pipes": _pipes,
    "sockets": _sockets,
    "devices": _devices,
    "giant files": _giants,
    "a choice nested without end": _deep_json,
    "a choice that leads out": _leading_out,
    "odd names": _odd_names,
    "many names": _many_names,
    "many folders": _many_folders,
    "folders for files": _wrong_kinds,
    "forged letters": _forged_letters,
    "spoiled files": _spoiled,
    "times of 1980 and 2108": _dated,
    "repository is a link": lambda stick: _folder_linked(stick, "repository"),
}
"""Traps that concern a part of the stick: the rest of it goes on as if they were not there."""

STOPS: Mapping[str, Callable[[Stick], None]] = {
    "mail is a link": lambda stick: _folder_linked(stick, "mail"),
    "mail is a file": _file_for_mail,
    "a giant marker": _giant_marker,
    "a newer format": _newer,
    "no marker": _no_marker,
    "a torn marker": _torn_marker,
    "the marker is a link": _linked_marker,
    "our folder is a link": _linked_whole,
}
"""Traps after which a visit may end with a sentence, and harms nothing."""
