"""Train a dictionary: ``python -m sync.dictionaries.train [SIZE_BYTES]``.

Writes it beside this file and prints its name and what it saves on payloads it has not seen. A new
one is put to use by naming it in ``sync.compression.NEWEST``; the older ones stay, for what was
written with them.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any, List

from sync.dictionaries.samples import payloads

SIZE_BYTES = 12 * 1024
SAMPLES = 4000
NAME_DIGITS = 8


def train(size_bytes: int = SIZE_BYTES) -> bytes:
    """Return a dictionary of at most ``size_bytes``, the same for the same version of zstd."""
    import zstandard

    samples: List[Any] = [*payloads(SAMPLES, seed=1)]
    return zstandard.train_dictionary(
        size_bytes, samples, k=400, d=8, level=19, dict_id=0x4B58, threads=0
    ).as_bytes()


def mean_bytes(dictionary: bytes, samples: List[bytes]) -> float:
    """Return the mean size of the samples, each compressed on its own."""
    import zstandard

    known = zstandard.ZstdCompressionDict(dictionary)
    compressor = zstandard.ZstdCompressor(level=19, dict_data=known, write_dict_id=False)
    return sum(len(compressor.compress(sample)) for sample in samples) / len(samples)


def main(size_bytes: int) -> None:
    """Train, write, and say what came out."""
    dictionary = train(size_bytes)
    path = Path(__file__).parent / f"{hashlib.sha256(dictionary).hexdigest()[:NAME_DIGITS]}.zdict"
    path.write_bytes(dictionary)
    unseen = payloads(500, seed=2)
    plain = sum(map(len, unseen)) / len(unseen)
    print(f"{path.name}: {len(dictionary)} bytes")
    print(f"mean payload {plain:.0f} bytes, {mean_bytes(dictionary, unseen):.0f} compressed")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE_BYTES)
