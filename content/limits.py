"""Limits: what a certificate covers. Each only narrows what the certificate above it covers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, Optional, Tuple

from content.fields import Fields

SUBJECT = re.compile(r"\S(.{0,98}\S)?\Z")
SCHOOL = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
PACKS = re.compile(r"([a-z0-9][a-z0-9-]{0,63}|[a-z0-9][a-z0-9-]{0,62}\*)\Z")
MAX_VERSIONS = 2**31 - 1
_MAX_NAMED = 1000


@dataclass(frozen=True)
class Limits:
    """None leaves a limit out: as much as the certificate above allows.

    ``subjects`` are those of manifests, ``schools`` the ids of schools' servers, ``packs`` ids or
    beginnings of ids that end in ``*``, ``versions`` a number of published versions.
    """

    subjects: Optional[Tuple[str, ...]] = None
    schools: Optional[Tuple[str, ...]] = None
    packs: Optional[Tuple[str, ...]] = None
    versions: Optional[int] = None

    def allows_subject(self, subject: str) -> bool:
        """Whether a manifest of this subject is covered."""
        return self.subjects is None or subject in self.subjects

    def allows_school(self, school: str) -> bool:
        """Whether this school may use what the key signs."""
        return self.schools is None or school in self.schools

    def allows_pack(self, pack: str) -> bool:
        """Whether the key may publish this pack."""
        return self.packs is None or any(covers(one, pack) for one in self.packs)

    def wider(self, below: Limits) -> str:
        """The first thing of which ``below`` allows more than these limits do, or nothing."""
        if not _within(below.subjects, self.subjects):
            return "subjects"
        if not _within(below.schools, self.schools):
            return "schools"
        if not all(self.allows_pack(one) for one in below.packs or ()):
            return "packs"
        if None not in (below.versions, self.versions) and _more(below.versions, self.versions):
            return "versions"
        return ""

    def narrowed(self, below: Limits) -> Limits:
        """What is left where ``below``, which is no wider, comes under these limits."""
        return Limits(
            self.subjects if below.subjects is None else below.subjects,
            self.schools if below.schools is None else below.schools,
            self.packs if below.packs is None else below.packs,
            self.versions if below.versions is None else below.versions,
        )

    def as_values(self) -> Dict[str, Any]:
        """The fields for JSON; what is left out is not there."""
        lists = {"subjects": self.subjects, "schools": self.schools, "packs": self.packs}
        values: Dict[str, Any] = {
            name: list(value) for name, value in lists.items() if value is not None
        }
        return values if self.versions is None else {**values, "versions": self.versions}


UNLIMITED = Limits()
"""As much as the certificate above allows; under a root, everything."""


def covers(pattern: str, pack: str) -> bool:
    """Whether a pack's id, or a narrower pattern, falls under ``pattern``."""
    return pack.startswith(pattern[:-1]) if pattern.endswith("*") else pack == pattern


def read_limits(fields: Fields) -> Limits:
    """Read what ``as_values`` wrote; raises the fields' error naming the place."""

    def named(name: str, pattern: re.Pattern[str], wanted: str) -> Optional[Tuple[str, ...]]:
        if not fields.has(name):
            return None
        if len(fields.sequence(name)) > _MAX_NAMED:
            raise fields.fail(name, f"has more than {_MAX_NAMED} entries")
        return fields.strings(name, pattern, wanted)

    return Limits(
        named("subjects", SUBJECT, "subjects"),
        named("schools", SCHOOL, "ids of schools"),
        named("packs", PACKS, "ids of packs, or beginnings such as aqsu-*"),
        fields.integer("versions", 0, MAX_VERSIONS) if fields.has("versions") else None,
    )


def _within(below: Optional[Tuple[str, ...]], above: Optional[Tuple[str, ...]]) -> bool:
    return above is None or below is None or set(below) <= set(above)


def _more(below: Optional[int], above: Optional[int]) -> bool:
    return (below or 0) > (above or 0)
