"""zstd with a prefix ("patch-from"): new bytes written as their difference to old ones (RFC 8878).

A frame made against a prefix is read by any zstd that is given the same prefix as a raw dictionary.
The publisher uses the prefix interface of the standard library's ``compression.zstd`` (3.14) or of
``backports.zstd``; where neither is, ``zstandard`` takes the prefix as a raw dictionary, which can
cost more bytes. Clients only ever need ``zstandard``.
"""

from __future__ import annotations

import importlib
from typing import Any

from content.errors import DamagedError, TooLargeError

LEVEL = 19
MAX_WINDOW_LOG = 27
_MIN_WINDOW_LOG = 18
_MIN_PREFIX_BYTES = 8
"""The library takes no shorter one, and it would save nothing."""


def compress(data: bytes, prefix: bytes, level: int = LEVEL, far: bool = False) -> bytes:
    """One frame that unpacks to ``data`` beside ``prefix``; it declares its size.

    ``far`` looks for long runs anywhere in the prefix, which makes low levels useful for media.
    """
    log = max(_MIN_WINDOW_LOG, min(MAX_WINDOW_LOG, (len(data) + len(prefix)).bit_length()))
    zstd = _library()
    if zstd is None:
        return _with_dictionary(data, prefix, level, log, far)
    parameter = zstd.CompressionParameter
    options = {
        parameter.compression_level: level,
        parameter.window_log: log,
        parameter.enable_long_distance_matching: int(far),
        parameter.checksum_flag: 0,
        parameter.content_size_flag: 1,
    }
    if len(prefix) < _MIN_PREFIX_BYTES:
        return bytes(zstd.compress(data, options=options))
    dictionary = zstd.ZstdDict(prefix, is_raw=True).as_prefix
    return bytes(zstd.compress(data, options=options, zstd_dict=dictionary))


def decompress(frame: bytes, prefix: bytes, limit_bytes: int, place: str) -> bytes:
    """What ``frame`` holds, in the memory of prefix and content; never above ``limit_bytes``.

    Raises DamagedError or TooLargeError naming ``place``.
    """
    import zstandard

    try:
        size_bytes = zstandard.get_frame_parameters(frame).content_size
        if size_bytes > limit_bytes:
            raise TooLargeError(f"{place} unpacks to more than the {limit_bytes} bytes allowed.")
        dictionary = (
            zstandard.ZstdCompressionDict(prefix, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
            if prefix
            else None
        )
        del prefix
        opened = zstandard.ZstdDecompressor(
            dict_data=dictionary, max_window_size=1 << MAX_WINDOW_LOG
        )
        data = opened.decompress(frame, max_output_size=limit_bytes, allow_extra_data=False)
    except (zstandard.ZstdError, MemoryError) as problem:
        raise DamagedError(f"{place} cannot be decompressed: {problem}.") from None
    if len(data) != size_bytes:
        raise DamagedError(f"{place} has another size than it says.")
    return bytes(data)


def _library() -> Any:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


def _with_dictionary(data: bytes, prefix: bytes, level: int, log: int, far: bool) -> bytes:
    import zstandard

    parameters = zstandard.ZstdCompressionParameters.from_level(
        level, source_size=len(data), window_log=log, enable_ldm=far, write_content_size=1
    )
    dictionary = (
        zstandard.ZstdCompressionDict(prefix, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        if prefix
        else None
    )
    return zstandard.ZstdCompressor(compression_params=parameters, dict_data=dictionary).compress(
        data
    )
