"""The machine's camera: its newest picture, for looking at a card. Nothing is kept of it.

FFmpeg opens cameras as it opens files, by DirectShow on Windows and Video4Linux2 on Linux, so no
library is needed that the video does not need.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence

from client.video.player import Picture

Seen = Callable[[Picture], bool]
WAIT_S = 0.02
OPENING_S = 10.0
"""So long a camera may take until its first picture; then it is given up."""
MAX_PICTURE_BYTES = 4 * 3840 * 2160


class Source(NamedTuple):
    """What FFmpeg opens: a name, and the format that it is of."""

    name: str
    format: str


def cameras() -> List[Source]:
    """List the cameras of this machine; none where FFmpeg is missing or knows no way to them."""
    if sys.platform == "win32":
        with contextlib.suppress(Exception):
            from ffpyplayer.tools import list_dshow_devices

            video = list_dshow_devices()[0]
            return [Source(f"video={name}", "dshow") for name in video]
    # Only Linux has files of these names.
    return [Source(str(path), "v4l2") for path in sorted(Path("/dev").glob("video*"))]


class Camera:
    """Looks until ``seen`` says that it has seen enough, or somebody closes it.

    ``seen`` is asked about pictures on a thread of the camera's own; of those that come meanwhile
    only the newest counts.
    """

    def __init__(self, sources: Sequence[Source], seen: Seen) -> None:
        self._sources = sources
        self._seen = seen
        self._guard = threading.Lock()
        self._stop = threading.Event()
        self._fresh: Optional[Picture] = None
        self.failed = False
        """No camera gave a picture."""
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    def take_picture(self) -> Optional[Picture]:
        """The newest picture if it was not taken yet."""
        with self._guard:
            picture, self._fresh = self._fresh, None
        return picture

    def close(self) -> None:
        """Look no more; the camera's light goes out a moment later."""
        self._stop.set()

    def _run(self) -> None:
        # Many machines list what is no camera, or one that is in use: the next one may do.
        if not any(self._looked(source) for source in self._sources):
            self.failed = not self._stop.is_set()

    def _looked(self, source: Source) -> bool:
        try:
            player = _opened(source)
        except Exception:  # noqa: BLE001  ffpyplayer raises a bare Exception; ImportError without it
            return False
        try:
            return self._look(player)
        finally:
            player.close_player()

    def _look(self, player: Any) -> bool:
        looked, waited_s = False, 0.0
        while not self._stop.is_set() and (looked or waited_s < OPENING_S):
            frame, value = player.get_frame()
            if frame is None:
                if value == "eof":
                    return looked
                waited_s += WAIT_S
                self._stop.wait(WAIT_S)
                continue
            picture = _picture(frame[0])
            if picture is None:
                return looked
            looked = True
            with self._guard:
                self._fresh = picture
            if self._seen(picture):
                return True
        return looked


def _picture(image: Any) -> Optional[Picture]:
    width, height = image.get_size()
    if not 0 < 4 * width * height <= MAX_PICTURE_BYTES:
        return None
    return Picture(width, height, bytes(image.to_bytearray()[0]), 0.0)


def _opened(source: Source) -> Any:
    from ffpyplayer.player import MediaPlayer
    from ffpyplayer.tools import set_loglevel

    set_loglevel("quiet")
    options: Dict[str, Any] = {"out_fmt": "rgba", "an": True, "sn": True, "f": source.format}
    return MediaPlayer(source.name, ff_opts=options, loglevel="quiet", lib_opts={"threads": "1"})
