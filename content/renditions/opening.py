"""Opening recordings that anybody may have made: known formats, no other files, bounded frames.

A playlist names other files and addresses, and a few bytes may claim a frame of gigabytes: the
first is refused by lists of formats and protocols, the second by a limit of pixels.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, Iterator

import av
from av.error import FFmpegError

from content.plain_file import open_plain
from content.renditions.errors import UndecodableError
from content.storage import storage_errors

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,asf,mpeg,mpegts,flv,ogg,wav,w64,mp3,aac,flac,amr,"
    "aiff,caf,dv,rm,wtv,ac3,au,mpegvideo,h264,m4v"
)
MAX_PIXELS = 8192 * 4608
"""Of one frame: 8K, as no teacher's camera goes beyond."""
MAX_DURATION_S = 12 * 3600
NEEDED_PYAV = 18
"""The first that tells what filters measured of a sound."""
_OPEN_TIMEOUT_S = 20.0
_PROBE_BYTES = 8 << 20

_REASONS = {
    "InvalidDataError": "it is damaged or no recording",
    "DecoderNotFoundError": "its codec is not known",
    "DemuxerNotFoundError": "its format is not known",
    "PatchWelcomeError": "its codec uses what cannot be decoded",
    "EOFError": "it ends too early",
    "ExitError": "reading it took too long",
    "MemoryError": "it asks for too much memory",
    "ArgumentError": "it is damaged or no recording",
}


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open a recording for reading: an ``av.container.InputContainer``.

    Raises UndecodableError, also for what FFmpeg raises within the ``with``, and StorageError.
    """
    if int(av.__version__.partition(".")[0]) < NEEDED_PYAV:
        raise UndecodableError(
            f"{path} cannot be decoded: that needs PyAV {NEEDED_PYAV} (Python 3.11) or newer, "
            f"and here is {av.__version__}."
        )
    with storage_errors(path), open_plain(path) as file:
        whole = file.seek(0, 2)
    if not whole:
        raise UndecodableError(f"{path} is empty.")
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": FORMATS,
        "probesize": str(_PROBE_BYTES),
    }
    with decoding(path), contextlib.ExitStack() as stack:
        # "file:" because a name may hold a colon.
        address = f"file:{path}"
        container = av.open(
            address, container_options=options, timeout=_OPEN_TIMEOUT_S, metadata_errors="replace"
        )
        stack.callback(container.close)
        yield container


@contextlib.contextmanager
def decoding(path: Path) -> Iterator[None]:
    """Turn FFmpeg's errors into UndecodableError naming ``path`` and the reason in plain words."""
    try:
        yield
    except (FFmpegError, ValueError, MemoryError, OverflowError, EOFError) as problem:
        raise UndecodableError(f"{path} cannot be decoded: {reason_of(problem)}.") from problem


def reason_of(problem: BaseException) -> str:
    """Why FFmpeg gave up, in plain words."""
    known = (_REASONS.get(kind.__name__) for kind in type(problem).__mro__)
    words = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
    return next((one for one in known if one), words)


def prepared(stream: Any) -> Any:
    """Set a stream up for decoding: bounded frames, one thread (a process has one core)."""
    stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
    stream.codec_context.thread_count = 1
    return stream
