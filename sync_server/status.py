"""How a server stands, as one value for people and scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterator, Mapping

from sync_server.commands.output import counted
from sync_server.days import utc_text
from sync_server.pages.advice import advise, written
from sync_server.pages.morning import look
from sync_server.pages.words import Words
from sync_server.relay.night import problem_name
from sync_server.relay.planning import waiting_records
from sync_server.settings import SCHOOL
from sync_server.store.model import Code, Device, School, Upstream
from sync_server.store.protocol import Store, Transaction


def describe(store: Store, data: Path, now_ms: int) -> Dict[str, Any]:
    """Return counts, devices with their last contact (UTC), open codes and publishers, as JSON.

    And under ``morning`` what the page of the morning shows. Nobody is named in it: it may be shown
    to whoever looks after the machine.
    """
    morning = look(store, data, now_ms)
    advice = [{"do": one.key, **one.values} for one in advise(morning)]
    with store.transaction() as transaction:
        devices = [_device(transaction, device) for device in transaction.devices()]
        contacts = [device["last_contact"] for device in devices if device["last_contact"]]
        return {
            "school": transaction.setting(SCHOOL) or "",
            **transaction.counts(),
            "last_contact": max(contacts, default=None),
            "laptops": devices,
            "codes": [_code(transaction, code) for code in transaction.codes()],
            "schools": [_school(transaction, school) for school in transaction.schools()],
            "upstreams": [_upstream(transaction, one) for one in transaction.upstreams()],
            "publishers": [
                {"id": publisher.key_id, "catalogue": publisher.serial}
                for publisher in transaction.publishers()
            ],
            "morning": {**morning.to_json(), "advice": advice},
        }


def as_text(value: Mapping[str, Any]) -> str:
    """Return what ``describe`` says as lines for people."""
    lines = [
        value["school"],
        f"  {counted(value['records'], 'record')}, {value['refused']} refused",
        f"  {_people(value['people'])} in {counted(value['classes'], 'class', 'classes')}",
        f"  last contact: {value['last_contact'] or 'none yet'}",
        f"Laptops: {value['devices']}",
        *(_laptop_line(laptop) for laptop in value["laptops"]),
        f"Codes: {len(value['codes'])}",
        *(_code_line(code) for code in value["codes"]),
        *(_school_line(school) for school in value["schools"]),
        *(_upstream_line(one) for one in value["upstreams"]),
        f"Publishers: {len(value['publishers'])}",
        *(f"  {one['id']}  catalogue {one['catalogue'] or 'none'}" for one in value["publishers"]),
        *_morning_lines(value["morning"]),
    ]
    return "\n".join(lines)


def _morning_lines(morning: Mapping[str, Any]) -> Iterator[str]:
    words = Words("en")
    free, total = words.size(morning["free_bytes"]), words.size(morning["total_bytes"])
    yield f"Disk: {free} free of {total}"
    yield f"Laptops here today: {morning['here_today']} of {morning['laptops']}"
    for one in morning["away"]:
        yield f"  {one['name']}: " + (
            "never here" if one["days"] is None else f"away {counted(one['days'], 'day')}"
        )
    for one in morning["happened"]:
        yield f"  {one['sentence']['en']}"
    for line in morning["lines"]:
        night = line["night"]
        yield (
            f"Last night with {line['name']}: {night['records_up']} records up, "
            f"{night['records_down']} down, {night['packs']} packs, {night['media']} media files, "
            f"{words.size(night['sent_bytes'] + night['received_bytes'])} in "
            f"{words.duration(night['line_s'])}"
        )
        if night["missing"]:
            yield f"  to come: {night['missing']} media files, {words.size(night['missing_bytes'])}"
        for one in line["missing"]:
            yield f"  missing soon: {words.title(one['pack'])}: {words.title(one['lesson'])}"
    for one in morning["advice"]:
        yield "To do: " + words(f"advice.{one['do']}", **written(words, one))


def _laptop_line(laptop: Mapping[str, Any]) -> str:
    contact = laptop["last_contact"] or "never"
    return (
        f"  {laptop['id']}  {laptop['name']}: {counted(laptop['records'], 'record')}, "
        f"{_people(laptop['people'])}, last contact {contact}"
    )


def _school_line(school: Mapping[str, Any]) -> str:
    contact = school["last_contact"] or "never"
    return (
        f"School below: {school['id']}  {school['name']}: {_people(school['people'])}, "
        f"last contact {contact}"
    )


def _upstream_line(one: Mapping[str, Any]) -> str:
    problem = f", last turn: {one['problem']}" if one["problem"] else ""
    return (
        f"Relays to: {one['id']}  {one['name']} at {one['address']}: {one['waiting']} records "
        f"waiting, {one['refused']} refused there, last contact {one['last_contact'] or 'never'}, "
        f"last receipt {one['last_receipt'] or 'none yet'}{problem}"
    )


def _people(number: int) -> str:
    return counted(number, "person", "people")


def _code_line(code: Mapping[str, Any]) -> str:
    state = "withdrawn" if code["withdrawn"] else f"used by {code['used']} of {code['laptops']}"
    whom = "a server" if code["relay"] else _people(code["people"])
    return f"  {code['id']}  for {whom}, {state}, given out {code['given_out']}"


def _device(transaction: Transaction, device: Device) -> Dict[str, Any]:
    end = transaction.journal_end(device.id)
    return {
        "id": device.id,
        "name": device.name,
        "people": len(transaction.granted(device.id)),
        "records": end.seq if end else 0,
        "last_contact": utc_text(device.last_contact_ms),
    }


def _school(transaction: Transaction, school: School) -> Dict[str, Any]:
    return {
        "id": school.id,
        "name": school.name,
        "through": school.parent,
        "people": len(transaction.people_of_school(school.id)),
        "last_contact": utc_text(school.last_contact_ms),
    }


def _upstream(transaction: Transaction, one: Upstream) -> Dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "address": one.address,
        "waiting": waiting_records(transaction, one.id),
        "refused": len(transaction.upstream_refused(one.id)),
        "last_contact": utc_text(one.last_contact_ms),
        "last_receipt": utc_text(one.receipt_ms),
        "problem": transaction.setting(problem_name(one.id)) or "",
    }


def _code(transaction: Transaction, code: Code) -> Dict[str, Any]:
    return {
        "id": code.id.hex(),
        "people": len(code.person_ids),
        "laptops": code.laptops,
        "relay": code.relay,
        "used": len(transaction.code_devices(code.id)),
        "withdrawn": code.withdrawn,
        "given_out": utc_text(code.created_ms),
    }
