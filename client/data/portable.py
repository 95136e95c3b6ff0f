"""A programme that lies on a stick with its data beside it, for machines that take no programmes.

The folder ``Keruen-portable`` has the mark ``portable``, a folder with the packaged programme for
each system, and ``data``, which all of them share. It is not called Keruen: on a stick's file
system, which knows no capitals, that would be the folder in which lessons and letters lie.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Collection, Mapping, NamedTuple, Optional

from client.data.copying import Report, copy_files, files_below, has_room, unheard
from client.folders import PORTABLE_MARK as MARK
from client.laptop.errors import Fault
from client.laptop.problems import as_laptop_error, failure
from client.laptop.storage.files import write_whole
from sync.disk import sync_folder

FOLDER = "Keruen-portable"
DATA = "data"
SYSTEMS = {"win32": "windows", "darwin": "macos"}
DATA_BYTES = 256 * 1024 * 1024
"""What at least must be left for lessons and work."""
MARK_TEXT = "Keruen keeps its data in the folder data beside this file.\n"
START_TEXT = """\
#!/bin/sh
# A stick lets no programme be started by itself; the system's own loader may start it.
here=$(cd "$(dirname "$0")" && pwd)
programme="$here/linux/{name}"
[ -x "$programme" ] && exec "$programme" "$@"
for loader in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1; do
    [ -x "$loader" ] && exec "$loader" "$programme" "$@"
done
echo "keruen: $programme cannot be started from here" >&2
exit 1
"""
README_TEXT = """\
KERUEN

[kk] Бұл қалтада Keruen бағдарламасы мен оның деректері бар. Компьютерге ештеңе орнатылмайды.
Windows: windows қалтасындағы keruen.exe файлын ашыңыз.
Linux: терминалда sh keruen-linux.sh деп теріңіз.
Флешканы Keruen жабылғаннан кейін ғана шығарыңыз. data қалтасында оқушылардың жұмыстары жатыр:
флешканы бөтен адамға бермеңіз, data қалтасын өшірмеңіз.

[ru] В этой папке программа Keruen и её данные. На компьютер ничего не устанавливается.
Windows: откройте файл keruen.exe в папке windows.
Linux: наберите в терминале sh keruen-linux.sh
Вынимайте флешку только после того, как Keruen закрыт. В папке data лежат работы учеников:
не отдавайте флешку посторонним и не удаляйте папку data.

[en] This folder holds the program Keruen and its data. Nothing is installed on the computer.
Windows: open keruen.exe in the folder windows.
Linux: type sh keruen-linux.sh in a terminal.
Take the stick out only after Keruen is closed. The folder data holds pupils' work:
do not give the stick to strangers, and do not delete the folder data.
"""


def programme_file() -> Optional[Path]:
    """Tell the file of the packaged programme that runs; None from a checkout."""
    return Path(sys.executable) if getattr(sys, "frozen", False) else None


def portable_data(programme: Path) -> Optional[Path]:
    """Tell where a portable programme keeps its data; None for one that is installed.

    The mark lies in the folder of the programme, or in the one around that.
    """
    for folder in (programme.parent, programme.parent.parent):
        if (folder / MARK).is_file():
            return folder / DATA
    return None


class Made(NamedTuple):
    """Where a portable programme lies, what of it was written, and all its bytes."""

    folder: Path
    written_bytes: int
    size_bytes: int


def make_portable(
    programme: Path, root: Path, platform: str = sys.platform, report: Report = unheard
) -> Made:
    """Put the packaged programme on a stick, or its newer version in place of the one there.

    Its data, and the programmes of other systems, stay as they are. Raises LaptopError
    ``stick-gone``, ``disk-full`` or ``disk-error``; started again, this goes on from there.
    """
    folder = root / FOLDER
    home = folder / SYSTEMS.get(platform, platform)
    try:
        if not root.is_dir():
            raise failure("stick-gone", Fault.YOUR_DATA, str(root))
        files = files_below(programme.parent, without=(MARK, DATA))
        total = sum(one.size_bytes for one in files)
        _check_room(root, home, total)
        # The mark first: without it, half a programme would keep its data on the machine.
        (folder / DATA).mkdir(parents=True, exist_ok=True)
        write_whole(folder / MARK, MARK_TEXT.encode("utf-8"))
        written = copy_files(programme.parent, home, files, report)
        _remove_others(home, {one.path for one in files})
        for name, text in _start_files(programme.name, platform).items():
            write_whole(folder / name, text)
        sync_folder(root)
    except OSError as error:
        raise as_laptop_error(error) from error
    return Made(folder, written, total)


def _check_room(root: Path, home: Path, total: int) -> None:
    there = sum(one.size_bytes for one in files_below(home)) if home.is_dir() else 0
    if not has_room(root, total - there + DATA_BYTES):
        raise failure("disk-full", Fault.YOUR_DATA, str(root))


def _remove_others(home: Path, wanted: Collection[str]) -> None:
    """Remove what an older version of the programme had and this one has not."""
    for one in files_below(home):
        if one.path not in wanted:
            (home / one.path).unlink()


def _start_files(name: str, platform: str) -> Mapping[str, bytes]:
    """Make what a person opens: a stick's file system lets Linux start nothing by itself."""
    found = {"README.txt": b"\xef\xbb\xbf" + README_TEXT.replace("\n", "\r\n").encode("utf-8")}
    if platform == "linux":
        found["keruen-linux.sh"] = START_TEXT.format(name=name).encode("ascii")
    return found
