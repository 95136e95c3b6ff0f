"""All vaults of one laptop: made, opened, given a new secret, reset, brought from elsewhere.

A vault lies twice on the disk, in ``vaults/<name>`` and ``vaults/<name>.copy``, written one after
the other: whenever the machine stops, one of them is whole, and opens with the old secret or with
the new one. Of two whole ones the newer counts.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from pathlib import Path
from typing import Callable, List, Mapping, Optional

from client.laptop.errors import Fault, LaptopError
from client.laptop.problems import as_laptop_error, failure
from client.laptop.storage.files import write_whole
from client.vaults import stretching
from client.vaults.guessing import Guesses, Monotonic
from client.vaults.keys import OpenVault
from client.vaults.secrets import Policy, Secret, check_new
from client.vaults.stretching import Cost
from client.vaults.vault_file import MAX_BYTES, VaultFile, make_vault, read_vault, rewrapped

FOLDER = "vaults"
GUESSES = "guesses"
COPY = ".copy"


class Cabinet:
    """The vaults in one laptop's folder."""

    def __init__(
        self,
        folder: Path,
        *,
        policy: Policy = Policy(),  # noqa: B008 - a value
        schools: Mapping[str, bytes] = {},
        fit: Optional[Callable[[], Cost]] = None,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        """Use the vaults below a folder.

        ``policy`` is what the school demands of secrets, ``schools`` are the public recovery keys
        that every vault is made openable with, ``fit`` finds what a try should cost here,
        where it is not measured.
        """
        self._root = folder
        self._folder = folder / FOLDER
        self._policy = policy
        self._schools = schools
        self._fit = fit or stretching.fitted
        self._cost: Optional[Cost] = None
        self._monotonic = monotonic
        self._guesses = Guesses(self._folder / GUESSES, monotonic, expected=self._any())

    def has(self, person: str) -> bool:
        """Tell whether a person has a vault here, whole or not."""
        return any(path.is_file() for path in self._paths(person))

    def file(self, person: str) -> VaultFile:
        """Read a person's vault.

        Raises LaptopError ``vault-missing``, or as ``read_vault`` where no copy is whole.
        """
        whole: List[VaultFile] = []
        problem: Optional[LaptopError] = None
        for path in self._paths(person):
            try:
                with path.open("rb") as file:
                    data = file.read(MAX_BYTES + 1)
                found = read_vault(data)
                if found.person == person:
                    whole.append(found)
            except FileNotFoundError:
                continue
            except OSError as error:
                problem = as_laptop_error(error, str(path))
            except LaptopError as error:
                problem = error
        if whole:
            return max(whole, key=lambda one: one.serial)
        if problem is not None:
            raise problem
        raise failure("vault-missing", Fault.YOUR_DATA, person)

    def create(self, person: str, secret: Secret) -> OpenVault:
        """Make a person's vault and open it. One that is there already is never replaced.

        Raises LaptopError ``vault-there``, as ``check_new``, and of the disk.
        """
        check_new(secret, self._policy)
        if self.has(person):
            raise failure("vault-there", Fault.YOUR_DATA, person)
        file = make_vault(person, secret, self._fitted(), self._schools)
        opened = file.open_with(secret)
        assert opened is not None  # noqa: S101 - it was wrapped with this secret
        if self.has(person):
            # Another window made one while this one was being made.
            raise failure("vault-there", Fault.YOUR_DATA, person)
        self._save(file)
        self._guesses.right(person)
        return opened

    def wait_s(self, person: str) -> float:
        """Return how long a person must wait until the next try."""
        return self._guesses.remaining_s(person)

    def open(self, person: str, secret: Secret) -> OpenVault:
        """Open a vault with what its person knows.

        One that came from a quicker or slower machine is then fitted to this one, and one that the
        school's recovery key of now does not open is made openable with it.

        Raises LaptopError ``secret-wrong``, ``vault-wait`` and as ``file``.
        """
        file = self.file(person)
        self._guesses.begin(person)
        start_s = self._monotonic()
        opened = file.open_with(secret)
        took_s = self._monotonic() - start_s
        if opened is None:
            raise failure("secret-wrong", Fault.YOUR_DATA)
        self._guesses.right(person)
        cost = file.own.cost if stretching.fits(took_s) else self._fitted()
        if cost != file.own.cost or not set(self._schools) <= set(file.for_school):
            with contextlib.suppress(OSError):
                self._save(rewrapped(file, opened, secret, cost, self._schools))
        return opened

    def change(self, person: str, old: Secret, new: Secret) -> OpenVault:
        """Give a vault another secret. Raises as ``open`` and ``check_new``."""
        check_new(new, self._policy)
        opened = self.open(person, old)
        self._save(rewrapped(self.file(person), opened, new, self._fitted(), self._schools))
        return opened

    def reset(self, person: str, recovery: bytes, new: Secret) -> OpenVault:
        """Give a vault another secret with the school's recovery key (32 bytes, private).

        Raises LaptopError ``recovery-other`` where the vault was not made for this key, and as
        ``file`` and ``check_new``.
        """
        check_new(new, self._policy)
        file = self.file(person)
        opened = file.open_for_school(recovery)
        if opened is None:
            raise failure("recovery-other", Fault.YOUR_DATA, person)
        self._save(rewrapped(file, opened, new, self._fitted(), self._schools))
        self._guesses.right(person)
        return opened

    def bring(self, file: VaultFile) -> bool:
        """Keep a vault that came from another laptop; tell whether it is news here.

        Of the same vault the newer file counts; only who has opened it can have made that one.
        Another vault of the same person is not taken: what was locked here would open no more.
        Raises LaptopError ``vault-other`` then. Where no copy here is whole, what came is better.
        """
        here = self._whole(file.person)
        if here is not None:
            if not file.is_state_of(here):
                raise failure("vault-other", Fault.THEIR_DATA, file.person)
            if here.serial >= file.serial:
                return False
        self._save(file)
        return True

    def _whole(self, person: str) -> Optional[VaultFile]:
        try:
            return self.file(person)
        except LaptopError as error:
            if error.code in ("vault-missing", "vault-damaged"):
                return None
            raise

    def remove(self, person: str) -> None:
        """Let go of a vault: what was locked in it can be read here no more."""
        for path in self._paths(person):
            path.unlink(missing_ok=True)

    def _fitted(self) -> Cost:
        if self._cost is None:
            self._cost = self._fit()
        return self._cost

    def _save(self, file: VaultFile) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._guesses.keep()
        data = file.to_bytes()
        for path in self._paths(file.person):
            write_whole(path, data)

    def _any(self) -> bool:
        """Tell whether there is a vault of anybody."""
        if not self._folder.is_dir():
            return False
        return any(not path.name.startswith(GUESSES) for path in self._folder.iterdir())

    def _paths(self, person: str) -> List[Path]:
        return vault_paths(self._root, person)


def vault_paths(folder: Path, person: str) -> List[Path]:
    """Tell where the two copies of a person's vault lie in a laptop's folder."""
    # A person's id may hold what a file system does not take.
    name = hashlib.sha256(person.encode("utf-8")).hexdigest()[:32]
    return [folder / FOLDER / name, folder / FOLDER / (name + COPY)]
