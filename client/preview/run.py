"""``keruen preview FOLDER``: opens the window on a source folder, and leaves nothing behind."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Optional

from client.messages import LANGUAGES, Message, Messages
from client.preview.previewing import Previewing


def run_preview(source: Path, language: Optional[str], picture: Optional[Path]) -> None:
    """Show a source folder until the window is closed.

    With ``picture``, draw the first screen into that PNG file instead, and leave.
    """
    chosen = language or LANGUAGES[0]
    name = Messages(chosen).text(Message("preview.pupil"))
    folder = Path(tempfile.mkdtemp(prefix="keruen-preview-"))
    previewing = Previewing(source, folder, name)
    try:
        previewing.refresh()
        _open(previewing, chosen, picture)
    finally:
        previewing.close()
        shutil.rmtree(str(folder), ignore_errors=True)


def _open(previewing: Previewing, language: str, picture: Optional[Path]) -> None:
    from client.window import prepare

    prepare(offscreen=picture is not None)
    from client.preview.app import PreviewApp

    app = PreviewApp(previewing, language)
    app.tell()
    if picture is not None:
        app.leave_with_picture(picture)
    app.run()
