"""One piece of work in a process of its own, so that its memory can be told from all else.

Run as ``python -m tests.bench.patch_process small|media|verify ...``; prints JSON: seconds, and how
many bytes of memory the work took above the process as it stood ready.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Callable, Dict


def resident_bytes(field: str) -> int:
    """VmRSS or VmHWM of this process (Linux)."""
    for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    return 0


def measured(work: Callable[[], object]) -> Dict[str, float]:
    """Do the work; the highest memory is counted from here on."""
    idle_bytes = resident_bytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    start_s = time.perf_counter()
    work()
    seconds = time.perf_counter() - start_s
    return {"seconds": seconds, "memory_bytes": resident_bytes("VmHWM") - idle_bytes}


def main() -> int:
    """Prepare, measure, tell."""
    import zstandard

    from content.installation import Installation
    from content.installed import open_installed
    from content.manifest import parse_manifest
    from content.patches import patched_media, patching
    from content.reader import read_manifest
    from content.trust.keys import PublicKey

    kind, *arguments = sys.argv[1:]
    zstandard.ZstdDecompressor().decompress(zstandard.ZstdCompressor().compress(b"ready"))
    if kind == "small":
        patch, packs, old_folder, key = arguments
        public = PublicKey.from_text(key)
        trusted = {public.key_id: public.raw}
        old = open_installed(Path(old_folder))

        def work() -> object:
            installation = Installation(Path(packs))
            with Path(patch).open("rb") as data:
                return patching.stage_patch(
                    data, old, installation, lambda envelope: read_manifest(envelope, trusted)
                ).finish()

    elif kind == "media":
        old_file, manifest, part, *patches = arguments
        entry = parse_manifest(Path(manifest).read_bytes()).media[0]

        def work() -> object:
            return patched_media.apply_media_patch(
                [Path(one) for one in patches], Path(old_file), entry, Path(part)
            )

    else:
        installed = open_installed(Path(arguments[0]))

        def work() -> object:
            assert installed.problems() == ()
            return None

    print(json.dumps(measured(work)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
