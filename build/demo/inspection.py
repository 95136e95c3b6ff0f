"""What really lies on a laptop's disk, read and hashed again, whatever the programme said of it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Dict

from build.demo.account import Value
from client.laptop.people import membership as memberships
from content.installation import Installation
from content.manifest import core_root
from sync.clock import SystemClock
from sync.database import open_database
from sync.identity import PublicIdentity
from sync.journals.journal import Journal
from sync.journals.receipt import verify_receipt


def inspect_packs(data: Path) -> Dict[str, Value]:
    """Hash every file of the installed packs against its manifest.

    Raises:
        RuntimeError: a file is not what its manifest says, or no pack is there.
    """
    installed = Installation(data / "packs").installed()
    if not installed:
        raise RuntimeError("no pack is on the laptop's disk")
    small = large = size_bytes = 0
    for pack in installed:
        files = []
        for entry in pack.manifest.core.files:
            content = (pack.folder / entry.path).read_bytes()
            files.append((entry.path, len(content), hashlib.sha256(content).digest()))
            size_bytes += len(content)
        if core_root(files) != pack.manifest.core.root:
            raise RuntimeError(f"the small files of {pack.manifest.pack} are not as published")
        for media in pack.manifest.media:
            content = (pack.folder / media.path).read_bytes()
            if hashlib.sha256(content).hexdigest() != media.sha256:
                raise RuntimeError(f"{media.path} is not as published")
            size_bytes += len(content)
        small += len(files)
        large += len(pack.manifest.media)
    return {
        "packs verified on disk": len(installed),
        "small files hashed": small,
        "videos and other large files hashed": large,
        "bytes hashed": size_bytes,
    }


def inspect_receipt(data: Path, seq: int) -> bool:
    """Verify the last receipt on a laptop's disk with the school's key against the journal there.

    Returns whether it covers record ``seq``.

    Raises:
        RuntimeError: there is none. sync.errors.ReceiptError: it is not the school's.
    """
    membership = memberships.load(data)
    if membership is None:
        raise RuntimeError("the laptop belongs to no school")
    device = PublicIdentity.from_bytes(membership.device)
    db = open_database(data / "keruen.db")
    try:
        journal = Journal(db, device, SystemClock())
        receipt = journal.last_receipt()
        if receipt is None:
            raise RuntimeError("there is no receipt on the laptop's disk")
        verify_receipt(receipt, device.device_id, PublicIdentity.from_bytes(membership.server))
        return receipt.seq >= seq and journal.hash_at(receipt.seq) == receipt.hash
    finally:
        db.close()
