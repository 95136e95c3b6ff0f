"""The laptop's place in its school: both copies of the file that says so."""

from __future__ import annotations

from pathlib import Path
from typing import List

from client.health.finding import Finding, ill, mended, well
from client.laptop.people import membership as memberships

CHECK = "membership"


def look_at_membership(folder: Path, mend: bool) -> List[Finding]:
    """Compare both copies; write the whole one over a damaged or missing one."""
    copies = memberships.copies(folder)
    if not copies:
        return [well(CHECK, "doctor.membership-none")]
    whole = [one for one in copies.values() if one is not None]
    if not whole:
        return [ill(CHECK, "doctor.membership-lost", ", ".join(copies))]
    if len(whole) == len(memberships.NAMES) and whole[0] == whole[1]:
        return [well(CHECK, "doctor.membership-whole")]
    if not mend:
        return [ill(CHECK, "doctor.membership-copy", ", ".join(copies), mendable=True)]
    memberships.save(folder, whole[0])
    return [mended(CHECK, "doctor.membership-mended")]
