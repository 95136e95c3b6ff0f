"""zstd with dictionaries that ship with the code.

A dictionary is a file ``dictionaries/<hash>.zdict`` named by the first 8 hex digits of its SHA-256;
the first two bytes of that hash refer to it in a message. New dictionaries are added beside the old
ones, so that what an older program wrote can always be read. Frames carry no magic number, no
checksum and no dictionary id: the message around them does all that. (The magic number is cut off
and put back here: zstandard 0.23 cannot decompress without it.)
"""

from __future__ import annotations

import functools
import hashlib
import threading
from pathlib import Path
from typing import Any, Dict, Tuple

from sync.errors import MessageError

DICTIONARY_ID_BYTES = 2
NO_DICTIONARY = bytes(DICTIONARY_ID_BYTES)
LEVEL = 19
_FOLDER = Path(__file__).parent / "dictionaries"
_MAGIC = b"\x28\xb5\x2f\xfd"
_SIZE_CLASSES = (1 << 12, 1 << 16, 1 << 20, 1 << 23)

# The dictionary that is written with. Reading knows all in the folder.
NEWEST = "c6a38008"

# zstd's contexts must not be shared between threads; making one is dear enough to keep it.
_contexts = threading.local()


def compress(data: bytes) -> bytes:
    """Return the newest dictionary's id (2 bytes) and the zstd frame."""
    size_class = next((size for size in _SIZE_CLASSES if len(data) <= size), _SIZE_CLASSES[-1])
    identifier, compressor = _kept(("compress", size_class), lambda: _compressor(size_class))
    return bytes(identifier + compressor.compress(data)[len(_MAGIC) :])


def decompress(data: bytes, limit_bytes: int) -> bytes:
    """Return what ``compress`` was given, if it is at most ``limit_bytes``.

    Raises:
        MessageError: ``dictionary-unknown``, ``message-too-large`` or ``message-malformed``.
    """
    import zstandard

    identifier, frame = data[:DICTIONARY_ID_BYTES], _MAGIC + data[DICTIONARY_ID_BYTES:]
    decompressor = _kept(("decompress", identifier), lambda: _decompressor(identifier))
    try:
        size_bytes = zstandard.frame_content_size(frame)
        if size_bytes < 0:
            raise MessageError("message-malformed", "a zstd frame without its size")
        if size_bytes > limit_bytes:
            raise MessageError("message-too-large", f"{size_bytes} bytes unpacked")
        return bytes(decompressor.decompress(frame, allow_extra_data=False))
    except zstandard.ZstdError as error:
        raise MessageError("message-malformed", "not a zstd frame") from error


def _kept(key: Tuple[str, object], make: Any) -> Any:
    contexts: Dict[Any, Any] = _contexts.__dict__
    if key not in contexts:
        contexts[key] = make()
    return contexts[key]


def _compressor(size_class: int) -> Tuple[bytes, Any]:
    """Return the newest dictionary's id and a compressor whose tables fit inputs of a size.

    Without the size, level 19 reserves some 80 MB: too much beside a video on an old laptop.
    """
    import zstandard

    dictionary = dictionaries()[NEWEST[: 2 * DICTIONARY_ID_BYTES]] if NEWEST else b""
    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL,
        source_size=size_class,
        dict_size=len(dictionary),
        write_checksum=False,
        write_content_size=True,
        write_dict_id=False,
    )
    if not dictionary:
        return NO_DICTIONARY, zstandard.ZstdCompressor(compression_params=parameters)
    prepared = zstandard.ZstdCompressionDict(dictionary)
    prepared.precompute_compress(compression_params=parameters)
    compressor = zstandard.ZstdCompressor(dict_data=prepared, compression_params=parameters)
    return bytes.fromhex(NEWEST)[:DICTIONARY_ID_BYTES], compressor


def _decompressor(identifier: bytes) -> Any:
    import zstandard

    if identifier == NO_DICTIONARY:
        return zstandard.ZstdDecompressor()
    dictionary = dictionaries().get(identifier.hex())
    if dictionary is None:
        raise MessageError("dictionary-unknown", identifier.hex())
    return zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(dictionary))


@functools.lru_cache(maxsize=1)
def dictionaries() -> Dict[str, bytes]:
    """Return the dictionaries in the folder by the hex of their ids; a damaged file is left out."""
    found = {}
    for path in sorted(_FOLDER.glob("*.zdict")):
        data = path.read_bytes()
        name = hashlib.sha256(data).hexdigest()
        if name.startswith(path.stem):
            found[name[: 2 * DICTIONARY_ID_BYTES]] = data
    return found
