"""What goes into the packaged programmes and what stays out; the spec file carries it out.

Nothing here imports PyInstaller, so that it can be read and tested without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterable, List, NamedTuple, Sequence, Tuple

from build.paths import ROOT

Entry = Tuple[str, str, str]
"""A row of PyInstaller's tables: where it goes, where it comes from, and its kind."""


class Programme(NamedTuple):
    """A programme to package: its command, the file it starts from, its packages, what to omit.

    `data_packages` are installed packages whose data files it reads; `has_window` is about
    Windows, where a console that opens beside a window is closed at once. `compiled` are installed
    packages whose modules are compiled, so that nobody sees which others they import.
    """

    name: str
    entry: str
    packages: Tuple[str, ...]
    data_packages: Tuple[str, ...]
    excludes: Tuple[str, ...]
    has_window: bool
    compiled: Tuple[str, ...] = ("zeroconf",)


_DEVELOPMENT = (
    "_pytest",
    "build",
    "distutils",
    "ensurepip",
    "hatchling",
    "hypothesis",
    "lib2to3",
    "mypy",
    "pip",
    "pkg_resources",
    "pydoc",
    "pydoc_data",
    "pytest",
    "setuptools",
    "test",
    "tests",
    "venv",
)
_NEVER_USED = (
    "IPython",
    "av",
    "curses",
    "numpy",
    "pandas",
    "readline",
    "tkinter",
    "_tkinter",
    "sqlite_utils.cli",
    "zstandard.backend_cffi",
    "zstandard.backend_rust",
)
_KIVY_NEVER_USED = (
    "docutils",
    "ffpyplayer.tests",
    "ffpyplayer.writer",
    "kivy.core.audio",
    "kivy.core.camera",
    "kivy.core.image.img_ffpyplayer",
    "kivy.core.image.img_pil",
    "kivy.core.spelling",
    "kivy.core.text.text_pango",
    "kivy.core.text.text_pil",
    "kivy.core.video",
    "kivy.core.window.window_x11",
    "kivy.lib.gstplayer",
    "kivy.modules.console",
    "kivy.modules.inspector",
    "kivy.modules.webdebugger",
    "kivy.tests",
    "kivy.tools",
    "kivy.uix.camera",
    "kivy.uix.codeinput",
    "kivy.uix.rst",
    "kivy.uix.video",
    "kivy.uix.videoplayer",
    "PIL.ImageCms",
    "PIL.ImageQt",
    "PIL.ImageTk",
    "pygments",
)

CLIENT = Programme(
    "keruen",
    "client/__main__.py",
    ("client", "sync", "content"),
    ("certifi", "fonticon_mdi7", "ffpyplayer"),
    (*_DEVELOPMENT, *_NEVER_USED, *_KIVY_NEVER_USED),
    has_window=True,
)
SERVER = Programme(
    "keruen-server",
    "sync_server/__main__.py",
    ("sync_server", "sync", "content"),
    ("certifi",),
    (*_DEVELOPMENT, *_NEVER_USED, "PIL", "ffpyplayer", "fonticon_mdi7", "kivy", "client"),
    has_window=False,
)
PROGRAMMES: Dict[str, Programme] = {one.name: one for one in (CLIENT, SERVER)}

_UNWANTED_ENDINGS = (".c", ".h", ".lib", ".pc", ".pxd", ".pxi", ".pyx", ".pyi")
_UNWANTED_PARTS = ("ffmpeg/bin/ff", "/tests/", "kivy_install/modules", "kivy_install/data/glsl/old")
_SAMPLES = "content/samples/"


def chosen(names: Sequence[str]) -> List[Programme]:
    """Return the programmes of these names, or all. Raises KeyError for an unknown name."""
    return [PROGRAMMES[name] for name in names] if names else list(PROGRAMMES.values())


def own_data(programme: Programme, root: Path = ROOT) -> List[Tuple[str, str]]:
    """Return (file, folder in the programme) for what our packages read beside their modules."""
    found = []
    for package in programme.packages:
        for path in sorted((root / package).rglob("*")):
            place = path.relative_to(root)
            is_code = path.suffix in (".py", ".pyc") or "__pycache__" in place.parts
            if path.is_file() and not is_code and not place.as_posix().startswith(_SAMPLES):
                found.append((str(path), place.parent.as_posix()))
    return found


def wanted(entry: Entry) -> bool:
    """Tell whether a file that PyInstaller collected is of use to who runs the programme."""
    target = entry[0].replace("\\", "/")
    if target.endswith(_UNWANTED_ENDINGS):
        return False
    return not any(part in target for part in _UNWANTED_PARTS)


def slimmed(table: Iterable[Entry]) -> List[Entry]:
    """Return a table of PyInstaller's without the files that nobody needs."""
    return [entry for entry in table if wanted(entry)]
