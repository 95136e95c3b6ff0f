"""The vaults: both copies of each, without opening any."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Tuple

from client.health.finding import Finding, ill, mended, well
from client.laptop.errors import LaptopError
from client.laptop.people.people import Person
from client.laptop.storage.files import write_whole
from client.vaults.cabinet import COPY, FOLDER, GUESSES
from client.vaults.vault_file import MAX_BYTES, VaultFile, read_vault

CHECK = "vaults"


def look_at_vaults(folder: Path, people: Iterable[Person], mend: bool) -> List[Finding]:
    """Compare both copies of each vault; write the whole and newer one over the other."""
    place = folder / FOLDER
    names = {_name(one.id): one.name for one in people}
    found: List[Finding] = []
    vaults = _vaults(place)
    for vault in vaults:
        found += _look(place, vault, names.get(vault, ""), mend)
    if vaults and not found:
        return [well(CHECK, "doctor.vaults-whole", n=len(vaults))]
    return found


def _look(place: Path, vault: str, owner: str, mend: bool) -> List[Finding]:
    copies: Dict[Path, Optional[Tuple[VaultFile, bytes]]] = {
        path: _read(path) for path in (place / vault, place / (vault + COPY))
    }
    whole = [one for one in copies.values() if one is not None]
    if not whole:
        return [ill(CHECK, "doctor.vault-lost", vault, person=owner or vault)]
    _, newest = max(whole, key=lambda one: one[0].serial)
    if all(one is not None and one[1] == newest for one in copies.values()):
        return []
    if not mend:
        return [ill(CHECK, "doctor.vault-copy", vault, mendable=True, person=owner or vault)]
    for path, one in copies.items():
        if one is None or one[1] != newest:
            write_whole(path, newest)
    return [mended(CHECK, "doctor.vault-mended", vault, person=owner or vault)]


def _vaults(place: Path) -> List[str]:
    if not place.is_dir():
        return []
    names = {path.name.partition(".")[0] for path in place.iterdir() if path.is_file()}
    return sorted(names - {GUESSES, ""})


def _read(path: Path) -> Optional[Tuple[VaultFile, bytes]]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        return read_vault(data), data
    except (OSError, LaptopError):
        return None


def _name(person: str) -> str:
    return hashlib.sha256(person.encode("utf-8")).hexdigest()[:32]
