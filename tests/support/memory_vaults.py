"""Vaults over a real cabinet whose tries cost the least: for screens, without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from client.laptop.errors import Fault
from client.laptop.problems import failure
from client.vaults.keys import OpenVault
from client.vaults.recovery import RecoveryCode
from client.vaults.secrets import Policy, Secret
from client.vaults.vault_file import key_id
from tests.client.vaults.doubles import cabinet

USUAL = Policy()


class MemoryVaults:
    """Who sits here, and what opens whose vault.

    ``recovery`` is the school's code; ``policy`` what it demands.
    """

    def __init__(self, folder: Path, policy: Policy = USUAL, **given: Any) -> None:
        self.recovery = RecoveryCode.generate()
        self.policy = policy
        self._given, self._folder = given, folder
        self._cabinet: Any = None
        self._vault: Optional[OpenVault] = None
        self.sitting = ""
        self.got_up = 0

    @property
    def cabinet(self):
        """Made when it is wanted first: deriving the school's key takes a moment."""
        if self._cabinet is None:
            public = self.recovery.public_key()
            schools = {key_id(public): public}
            self._cabinet = cabinet(
                self._folder, policy=self.policy, schools=schools, **self._given
            )
        return self._cabinet

    def kind(self, person: str) -> str:
        if not (self._folder / "vaults").is_dir() or not self.cabinet.has(person):
            return ""
        return self.cabinet.file(person).own.kind

    def wait_s(self, person: str) -> float:
        return self.cabinet.wait_s(person)

    def create(self, person: str, secret: Secret) -> None:
        self._sit(person, self.cabinet.create(person, secret))

    def open(self, person: str, secret: Secret) -> None:
        self._sit(person, self.cabinet.open(person, secret))

    def change(self, person: str, old: Secret, new: Secret) -> None:
        self._sit(person, self.cabinet.change(person, old, new))

    def reset(self, person: str, code: str, new: Secret) -> None:
        private = RecoveryCode.parse(code).private_key()
        self._sit(person, self.cabinet.reset(person, private, new))

    def sit_down_open(self, person: str) -> None:
        if self.kind(person):
            raise failure("vault-closed", Fault.YOUR_DATA)
        self._sit(person, None)

    def get_up(self) -> None:
        self.got_up += 1
        self._sit("", None)

    def can_read(self, person: str) -> bool:
        return not self.kind(person) or self.sitting == person

    def _sit(self, person: str, vault: Optional[OpenVault]) -> None:
        self.sitting, self._vault = person, vault
