"""The school's laptops, one by one, and what became of those that were copied or set back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Dict, List, Mapping, Optional, Tuple

from sync.fleet import TOLD_MS, Branched, Told, tell
from sync.fleet import laptops as machines
from sync.record import Record
from sync_server.days import utc_text
from sync_server.pages.words import LANGUAGES, Words
from sync_server.records.routing import REPORTS
from sync_server.store.model import Device
from sync_server.store.protocol import Transaction

SOON_MS = 120_000
"""A laptop speaks under its former name just before it claims a branch."""


@dataclass(frozen=True)
class Laptop:
    """A device: whose journal it ``continues`` (empty: nobody's), and what it reported last.

    ``former`` says that its laptop is another device by now.
    """

    device: Device
    people: int
    records: int
    continues: str = ""
    former: bool = False
    report: Optional[Mapping[str, Any]] = None


def happened(transaction: Transaction, now_ms: int) -> Tuple[Told, ...]:
    """Tell what happened to laptops in the last two weeks, by the names that they have here."""
    devices = {one.id: one for one in transaction.devices()}
    told = tell(_reports(transaction), now_ms - TOLD_MS, _branches(transaction))
    return tuple(_named(one, devices) for one in told if devices.keys() & one.devices)


def standing(transaction: Transaction) -> Tuple[Device, ...]:
    """Return a device for each laptop: that under which it was here last.

    A laptop that is set back every night was a device every day. Where no mark tells a copied
    machine from that one, a device that came by after it was continued is a laptop of its own.
    """
    devices, branches = transaction.devices(), _branches(transaction)
    names = machines((one.id for one in devices), _reports(transaction), branches)
    continued_ms = {
        one.parent: one.time_ms for one in sorted(branches, key=lambda one: one.time_ms)
    }
    last: Dict[str, Device] = {}
    for one in devices:
        alive = _contact(one) > continued_ms.get(one.id, 0) + SOON_MS
        name = names.get(one.id, one.id if alive else None)
        if name is not None and (name not in last or _contact(one) >= _contact(last[name])):
            last[name] = one
    return tuple(last.values())


def _contact(device: Device) -> int:
    return device.last_contact_ms or 0


def _branches(transaction: Transaction) -> List[Branched]:
    devices = {one.id: one for one in transaction.devices()}
    return [
        Branched(child, parent, devices[child].name, devices[child].enrolled_ms)
        for child, parent in transaction.branches()
        if child in devices
    ]


def laptops(transaction: Transaction) -> Tuple[Laptop, ...]:
    """List all laptops that were enrolled here, in the order of their enrolment."""
    parents = dict(transaction.branches())
    last = {one.device: one.body for one in _reports(transaction)}
    now = {one.id for one in standing(transaction)}
    return tuple(
        Laptop(
            one,
            len(transaction.granted(one.id)),
            end.seq if (end := transaction.journal_end(one.id)) else 0,
            parents.get(one.id, ""),
            one.id not in now,
            last.get(one.id),
        )
        for one in transaction.devices()
    )


def describe(transaction: Transaction, now_ms: int) -> Dict[str, Any]:
    """Return both as JSON."""
    return {
        "laptops": [_laptop_json(one) for one in laptops(transaction)],
        "happened": [told_json(one) for one in happened(transaction, now_ms)],
    }


def told_json(told: Told) -> Dict[str, Any]:
    """Return what happened for scripts, with its sentence in three languages."""
    return {
        "change": told.change.value,
        "laptop": told.laptop,
        "count": told.count,
        "time_ms": told.time_ms,
        "devices": sorted(told.devices),
        "sentence": {language: sentence(Words(language), told) for language in LANGUAGES},
    }


def sentence(words: Words, told: Told) -> str:
    """Say what happened."""
    return words(f"laptop.{told.change.value}", name=told.laptop, n=told.count)


def as_text(value: Mapping[str, Any]) -> str:
    """Return what ``describe`` says as lines for people."""
    now = sum(not one["former"] for one in value["laptops"])
    lines = [f"Laptops: {now}", *map(_line, value["laptops"])]
    return "\n".join([*lines, *(one["sentence"]["en"] for one in value["happened"])])


def _line(laptop: Mapping[str, Any]) -> str:
    parts = [
        f"{laptop['records']} records, {laptop['people']} people",
        f"last contact {laptop['last_contact'] or 'never'}",
    ]
    if laptop["continues"]:
        parts.append(f"continues {laptop['continues']}")
    if laptop["former"]:
        parts.append("goes on as another one")
    if laptop["free_bytes"] is not None:
        free = Words("en").size(laptop["free_bytes"])
        parts.append(f"{laptop['system']}, version {laptop['program']}, {free} free")
    return f"  {laptop['id']}  {laptop['name']}: {', '.join(parts)}"


def _laptop_json(laptop: Laptop) -> Dict[str, Any]:
    report = laptop.report or {}
    return {
        "id": laptop.device.id,
        "name": laptop.device.name,
        "people": laptop.people,
        "records": laptop.records,
        "last_contact": utc_text(laptop.device.last_contact_ms),
        "continues": laptop.continues,
        "former": laptop.former,
        "program": report.get("program"),
        "system": report.get("system"),
        "free_bytes": report.get("free_bytes"),
    }


def _named(told: Told, devices: Mapping[str, Device]) -> Told:
    """Call a laptop as it was called at its enrolment: the school knows it by that."""
    names = [one.name for one in devices.values() if one.id in told.devices and one.name]
    return replace(told, laptop=names[0] if names else told.laptop)


def _reports(transaction: Transaction) -> List[Record]:
    found = transaction.deliveries((REPORTS,), "", 0, transaction.last_serial())
    return [one.record for one in found]
