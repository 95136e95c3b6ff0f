"""Vaults and the school's rules as records: a person is not a laptop.

A vault's file travels to every laptop of its person, where the same secret opens it; a newer state
of it too, whichever laptop made that. The rules of the school come from its server.
"""

from __future__ import annotations

import contextlib
from typing import Any, Container, Dict, Iterable, List, Mapping, NamedTuple, Optional, Tuple

from client.laptop.account import Problem
from client.laptop.errors import Fault, LaptopError
from client.laptop.problems import failure, problem_of
from client.vaults.cabinet import Cabinet
from client.vaults.secrets import Policy
from client.vaults.vault_file import VaultFile, key_id, read_vault
from sync import fields
from sync.errors import MessageError
from sync.journals.folds import Fold
from sync.kinds import SCHOOL_RULES, VAULT
from sync.record import Record


class Arrived(NamedTuple):
    """Whose vaults are news here, and what could not be taken."""

    people: Tuple[str, ...]
    problems: Tuple[Problem, ...]


class Rules(NamedTuple):
    """What a school demands, and the public recovery keys (32 bytes) by their ids."""

    policy: Policy
    schools: Mapping[str, bytes]


def vault_body(file: VaultFile) -> Dict[str, Any]:
    """Return the body of the record that tells a person's laptops of their vault."""
    return {"person": file.person, "file": fields.to_text(file.to_bytes())}


def vault_of(record: Record) -> VaultFile:
    """Read the vault that a record brings.

    Raises LaptopError as ``read_vault``, and ``vault-damaged`` where it is not its author's.
    """
    text = str(record.body.get("file", ""))
    try:
        data = fields.binary(text, "vault.file", len(text) * 3 // 4)
    except MessageError as error:
        raise failure("vault-damaged", Fault.THEIR_DATA, record.person) from error
    file = read_vault(data)
    if file.person != record.person:
        raise failure("vault-damaged", Fault.THEIR_DATA, record.person)
    return file


def is_told(file: VaultFile, told: Iterable[Record]) -> bool:
    """Tell whether records (of one person, of any kind) say a vault's state, or a newer one."""
    for record in told:
        if record.kind == VAULT:
            with contextlib.suppress(LaptopError):
                other = vault_of(record)
                if other.public == file.public and other.serial >= file.serial:
                    return True
    return False


def take(cabinet: Cabinet, arrived: Iterable[Record], people: Container[str]) -> Arrived:
    """Keep the vaults that came for people of this laptop. One that is known changes nothing.

    One that cannot be taken is told as a problem and keeps no other from being taken.
    """
    taken: List[str] = []
    problems: List[Problem] = []
    for record in arrived:
        if record.kind != VAULT or record.person not in people:
            continue
        try:
            if cabinet.bring(vault_of(record)):
                taken.append(record.person)
        except (LaptopError, OSError) as error:
            problems.append(problem_of(error, record.person))
    return Arrived(tuple(dict.fromkeys(taken)), tuple(problems))


def rules_of(told: Iterable[Record]) -> Rules:
    """Return what the newest of the server's rules says; without any, what holds everywhere."""
    fold = Fold(record for record in told if record.kind == SCHOOL_RULES)
    newest = fold.latest((SCHOOL_RULES,))
    if newest is None:
        return Rules(Policy(), {})
    body = newest.body
    policy = Policy(
        pin_digits=body["pin_digits"],
        password_letters=body["password_letters"],
        pictures=body["pictures"],
        required=body["required"],
    )
    public = _public_key(body["recovery"])
    return Rules(policy, {} if public is None else {key_id(public): public})


def _public_key(text: str) -> Optional[bytes]:
    return fields.binary(text, "recovery", 32) if text else None
