"""Making one rendition: decode, turn, scale, even the sound out, encode."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Iterator, List, Tuple

import av
from av.error import FFmpegError

from content.errors import StorageError
from content.renditions.decoding import Decoder
from content.renditions.errors import UndecodableError
from content.renditions.opening import opened, prepared, reason_of
from content.renditions.pacing import Pacing
from content.renditions.plan import RenditionPlan
from content.renditions.tracks import PictureTrack, SoundTrack
from content.storage import sync_folder
from content.watch import UNWATCHED, Watch

_MISSED_S = 1.0
"""A second lost is told, and so is one that came out of nothing."""
_MOST_DAMAGED = 0.5


@dataclass(frozen=True)
class Made:
    """What was made and counted: read - dropped + repeated = written frames."""

    path: Path
    rendition: str
    size_bytes: int
    duration_s: float
    frames_read: int = 0
    frames_dropped: int = 0
    frames_repeated: int = 0
    frames_written: int = 0
    sound_s: float = 0.0
    notes: Tuple[str, ...] = ()
    """What an author should know, as sentences: damage that was passed over, a larger size."""


def make(source: Path, target: Path, plan: RenditionPlan, watch: Watch = UNWATCHED) -> Made:
    """Write a rendition to ``target``, whole or not at all; its folder must be there.

    Raises:
        UndecodableError: the source is damaged beyond what can be passed over.
        StorageError: the disk failed.
        CancelledError: the watch stopped it.
    """
    if target.exists() and target.samefile(source):
        raise StorageError(f"{target} is the recording itself; put renditions elsewhere.")
    draft = draft_of(target)
    try:
        with opened(source) as container:
            step = watch.step(f"{source.name}: {plan.rendition}", container.size or 1)
            streams = [
                prepared(container.streams[one.index])
                for one in (plan.probe.picture if plan.picture else None, plan.probe.sound)
                if one is not None
            ]
            decoder = Decoder(container, streams, step)
            with _writing(draft) as out:
                making = _Making(out, plan, _origin_s(streams))
                for index, frame in decoder.frames():
                    making.take(index, frame)
                making.finish()
        _refuse_ruins(source, decoder, making)
        size_bytes = draft.stat().st_size
        draft.replace(target)
        sync_folder(target.parent)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
    return making.made(target, size_bytes, decoder)


def draft_of(target: Path) -> Path:
    """What a rendition is called while it is being made; a killed process leaves it."""
    return target.with_name(f".{target.name}.part")


class _Making:
    """The tracks of one rendition, fed with decoded frames."""

    def __init__(self, out: Any, plan: RenditionPlan, origin_s: float) -> None:
        self._plan = plan
        self._origin_s = origin_s
        source = plan.probe.picture
        self._index = source.index if source else -1
        self._picture = (
            PictureTrack(out, plan.picture, source.rotation) if plan.picture and source else None
        )
        self._sound = SoundTrack(out, plan.sound, origin_s) if plan.sound else None

    def take(self, index: int, frame: Any) -> None:
        """Encode a frame of either stream."""
        if self._picture is not None and index == self._index:
            self._picture.take(frame, self._origin_s)
        elif self._sound is not None:
            self._sound.take(frame)

    def finish(self) -> None:
        """Encode what is held back, and end both tracks."""
        if self._sound is not None:
            self._sound.finish()
        if self._picture is not None:
            self._picture.finish(self.sound_s)

    @property
    def sound_s(self) -> float:
        """Seconds of sound that were encoded."""
        return self._sound.written_s if self._sound else 0.0

    @property
    def picture_s(self) -> float:
        """Seconds of picture that were encoded."""
        return self._picture.written_s if self._picture else 0.0

    def made(self, path: Path, size_bytes: int, decoder: Decoder) -> Made:
        """Count what was made."""
        pacing = self._picture.pacing if self._picture else Pacing(Fraction(1), 1)
        duration_s = max(self.sound_s, self.picture_s)
        return Made(
            path,
            self._plan.rendition,
            size_bytes,
            duration_s,
            pacing.read,
            pacing.dropped,
            pacing.repeated,
            pacing.written,
            self.sound_s,
            tuple(_notes(self._plan, size_bytes, duration_s, decoder)),
        )


def _origin_s(streams: List[Any]) -> float:
    """Where the first of both begins: they start together at 0."""
    starts = [
        float(one.start_time * one.time_base) for one in streams if one.start_time is not None
    ]
    return min(starts, default=0.0)


@contextlib.contextmanager
def _writing(draft: Path) -> Iterator[Any]:
    """An MP4 whose index comes first, so that it plays while it arrives."""
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    try:
        with av.open(f"file:{draft}", "w", format="mp4", options=options) as out:
            yield out
    except FFmpegError as problem:
        raise StorageError(
            f"{draft.parent}: the rendition could not be written ({reason_of(problem)})."
        ) from problem


def _refuse_ruins(source: Path, decoder: Decoder, making: _Making) -> None:
    if decoder.damaged > decoder.packets * _MOST_DAMAGED:
        raise UndecodableError(f"{source} cannot be decoded: most of it is damaged.")
    if not making.picture_s and not making.sound_s:
        raise UndecodableError(f"{source} cannot be decoded: it holds no picture and no sound.")


def _notes(
    plan: RenditionPlan, size_bytes: int, duration_s: float, decoder: Decoder
) -> Iterator[str]:
    if decoder.damaged:
        yield f"{decoder.damaged} of {decoder.packets} parts are damaged and were passed over."
    if decoder.broken is not None:
        yield f"Reading it stopped early: {reason_of(decoder.broken)}."
    if abs(duration_s - plan.duration_s) > _MISSED_S:
        yield f"It was to play {plan.duration_s:.1f} s and plays {duration_s:.1f} s."
    if size_bytes > plan.at_most_bytes:
        yield f"It takes {size_bytes} bytes; at most {plan.at_most_bytes} were expected."
