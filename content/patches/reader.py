"""Reading a patch: old files and a patch go in, the new manifest and the new files come out.

It touches no disk: whoever uses it brings a function that reads old files, and keeps what comes out
from being seen until the root of all files has been compared (``content.patches.patching``).
"""

from __future__ import annotations

import io
from typing import BinaryIO, Callable, Dict, Iterator, Set, Tuple, Union

from content.errors import DamagedError, MismatchError, TooLargeError
from content.manifest import Manifest
from content.patches.media_patch import count_parts
from content.patches.patch import (
    GROUP_BYTES,
    MAX_FRAME_BYTES,
    Group,
    Lead,
    MediaPatch,
    PatchFile,
    base_prefix,
    join_envelope,
    parse_carried,
    parse_lead,
)
from content.patches.prefix import decompress
from content.varint import Cursor

ReadOld = Callable[[int], bytes]
"""The content of an old small file, by its place in the old manifest's list."""
OpenManifest = Callable[[bytes], Manifest]
"""Verifies a manifest's envelope."""
NewFile = Tuple[int, Union[bytes, int]]
"""The place of a new small file, and its content, or the place of the old file that it equals."""


class PatchReader:
    """A patch from ``old`` whose manifest is open and verified."""

    def __init__(
        self,
        data: Union[bytes, BinaryIO],
        old: Manifest,
        read_old: ReadOld,
        open_manifest: OpenManifest,
    ) -> None:
        """Open a patch that is in memory, or in a file that stays open meanwhile.

        Raises FormatError, UnknownFormatError, DamagedError, MismatchError and its like.
        """
        self.place = f"The patch of {old.pack} from version {old.version}"
        self._old = old
        self._read_old = read_old
        file = io.BytesIO(data) if isinstance(data, bytes) else data
        self._file = PatchFile(file, self.place)
        self._patch = self._file.patch
        if self._patch.old_version != old.version:
            raise MismatchError(f"{self.place} is for version {self._patch.old_version}.")
        self._first = self._unpack(0, base_prefix(old.to_bytes(), old.publisher))
        self._lead: Lead = parse_lead(self._first)
        self.envelope = join_envelope(self._lead.payload, self._lead.signatures)
        self.manifest = open_manifest(self.envelope)
        found = (self.manifest.pack, self.manifest.version)
        if found != (old.pack, self._patch.new_version):
            raise MismatchError(f"{self.place} leads to {found[0]} version {found[1]}.")
        self.media = self._checked_media()

    def files(self) -> Iterator[NewFile]:
        """Every new small file once, in the memory of one frame.

        Raises DamagedError; only when the last one came without may any be used.
        """
        left = dict(self._moved())
        unseen: Set[int] = set(range(len(self.manifest.core.files))) - set(left)
        for number, group in enumerate(self._patch.groups):
            cursor = self._unpack(number, b"") if number else self._first
            # Only one frame's content is to be in memory.
            self._first = Cursor(b"", self.place)
            for new, content in self._carried(group, cursor, unseen):
                unseen.discard(new)
                yield new, content
            del cursor
        yield from sorted(left.items())
        yield from self._kept(unseen)

    def _carried(
        self, group: Group, cursor: Cursor, unseen: Set[int]
    ) -> Iterator[Tuple[int, bytes]]:
        places = parse_carried(cursor).places(group.sources, self._old, self.manifest)
        for new in places:
            if new not in unseen:
                raise DamagedError(f"{self.place} gives a file twice or one that is not there.")
            yield new, cursor.take(self.manifest.core.files[new].size_bytes)
        if cursor.left:
            raise DamagedError(f"{self.place} holds more than its list says.")

    def _moved(self) -> Iterator[Tuple[int, int]]:
        for new, old in self._lead.moved:
            self._check_same(new, old)
            yield new, old

    def _kept(self, unseen: Set[int]) -> Iterator[Tuple[int, int]]:
        by_path: Dict[str, int] = {
            file.path: place for place, file in enumerate(self._old.core.files)
        }
        for new in sorted(unseen):
            old = by_path.get(self.manifest.core.files[new].path, len(self._old.core.files))
            self._check_same(new, old)
            yield new, old

    def _check_same(self, new: int, old: int) -> None:
        news, olds = self.manifest.core.files, self._old.core.files
        if new >= len(news) or old >= len(olds) or news[new].size_bytes != olds[old].size_bytes:
            raise DamagedError(f"{self.place} takes over a file that is not the same.")

    def _checked_media(self) -> Tuple[MediaPatch, ...]:
        for one in self._patch.media:
            if one.new >= len(self.manifest.media) or one.old >= len(self._old.media):
                raise DamagedError(f"{self.place} names a media file that is not there.")
            if len(one.objects) not in (1, count_parts(self.manifest.media[one.new].size_bytes)):
                raise DamagedError(f"{self.place} divides a media patch in another way.")
        return self._patch.media

    def _unpack(self, number: int, base: bytes) -> Cursor:
        files, group = self._old.core.files, self._patch.groups[number]
        if any(source >= len(files) for source in group.sources):
            raise DamagedError(f"{self.place} wants an old file that is not there.")
        prefix_bytes = sum(files[source].size_bytes for source in group.sources)
        if prefix_bytes > GROUP_BYTES:
            raise TooLargeError(f"{self.place} wants more old files at once than are allowed.")
        prefix = base + b"".join(self._read_old(source) for source in group.sources)
        frame = self._file.frame(number)
        return Cursor(decompress(frame, prefix, MAX_FRAME_BYTES, self.place), self.place)
