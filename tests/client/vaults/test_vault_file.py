from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, Callable, Dict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.laptop.errors import LaptopError
from client.vaults.keys import OpenVault, public_of
from client.vaults.secrets import pin
from client.vaults.stretching import Cost
from client.vaults.vault_file import (
    VaultFile,
    key_id,
    make_vault,
    read_vault,
    rewrapped,
)
from tests.client.vaults.doubles import CHEAP

SECRET = pin("2705")
PRIVATE = bytes(range(32))
PUBLIC = public_of(PRIVATE)
SCHOOLS = {key_id(PUBLIC): PUBLIC}


@pytest.fixture(scope="module")
def file() -> VaultFile:
    return make_vault("p1", SECRET, CHEAP, SCHOOLS)


def changed(
    file: VaultFile, change: Callable[[Dict[str, Any]], None], vault: OpenVault | None = None
) -> bytes:
    """Change a file's content; with its vault, whose signature then fits, or as a stranger."""
    values = json.loads(file.content())
    change(values)
    content = json.dumps(values, sort_keys=True).encode("utf-8")
    signature = vault.sign(b"keruen vault file 1\0" + content) if vault else file.signature
    rest = base64.b64encode(signature) + b"\n" + content
    return hashlib.sha256(rest).hexdigest().encode("ascii") + b"\n" + rest


def opened(file: VaultFile) -> OpenVault:
    vault = file.open_with(SECRET)
    assert vault is not None
    return vault


def code_of(data: bytes) -> str:
    with pytest.raises(LaptopError) as caught:
        read_vault(data)
    return caught.value.code


def test_it_opens_with_its_secret_and_no_other(file: VaultFile) -> None:
    read = read_vault(file.to_bytes())
    assert read == file
    assert opened(read).public == file.public
    assert read.open_with(pin("2706")) is None


def test_the_school_opens_it_too(file: VaultFile) -> None:
    schools = file.open_for_school(PRIVATE)
    assert schools is not None
    assert schools.data_key == opened(file).data_key
    assert file.open_for_school(bytes(32)) is None


def test_a_new_secret_leaves_what_is_locked(file: VaultFile) -> None:
    vault = opened(file)
    row = vault.lock(b"answer", "row")
    newer = rewrapped(file, vault, pin("8153"), Cost(14, 2), {})
    assert newer.serial == file.serial + 1
    assert newer.is_signed()
    assert newer.is_state_of(file)
    assert newer.open_with(SECRET) is None
    again = newer.open_with(pin("8153"))
    assert again is not None
    assert again.unlock(row, "row") == b"answer"
    assert newer.open_for_school(PRIVATE) is not None


def test_the_file_tells_no_secret_and_no_key(file: VaultFile) -> None:
    vault = opened(file)
    data = file.to_bytes()
    assert b"2705" not in file.content()
    assert vault.data_key not in data
    assert vault.data_key.hex().encode() not in data


@pytest.mark.parametrize(
    ("cost", "code"),
    [
        ([10, 1], "vault-cost"),
        ([1, 1], "vault-cost"),
        ([30, 1], "vault-cost"),
        ([14, 0], "vault-cost"),
        ([14, 1 << 20], "vault-cost"),
        (["14", 1], "vault-damaged"),
        ([True, 1], "vault-damaged"),
        ([14.5, 1], "vault-damaged"),
    ],
)
def test_weak_and_monstrous_parameters_are_refused(file: VaultFile, cost: Any, code: str) -> None:
    def weaken(values: Dict[str, Any]) -> None:
        values["scrypt"] = [*cost, values["scrypt"][2]]

    assert code_of(changed(file, weaken)) == code


@pytest.mark.parametrize(
    ("name", "value"),
    [("person", "p2"), ("kind", "password"), ("serial", 9), ("for_school", {})],
)
def test_only_who_has_opened_a_vault_makes_a_newer_state(
    file: VaultFile, name: str, value: Any
) -> None:
    """Else a stranger's state with a high serial would lock its owner out, or the school."""
    data = changed(file, lambda values: values.update({name: value}))
    assert code_of(data) == "vault-damaged"
    read_vault(changed(file, lambda values: values.update({name: value}), opened(file)))


def test_terms_cannot_be_changed_under_the_key(file: VaultFile) -> None:
    """Another person's name or kind on the same wrapped key opens nothing, signed or not."""
    for name, value in (("person", "p2"), ("kind", "password")):
        spoilt = changed(file, lambda v: v.update({name: value}), opened(file))  # noqa: B023
        assert read_vault(spoilt).open_with(SECRET) is None


@pytest.mark.parametrize("name", ["public", "signer"])
def test_a_public_key_that_is_not_the_vaults_is_noticed(file: VaultFile, name: str) -> None:
    """Else what comes while the vault is locked would be sealed to whoever changed the file."""
    thief = make_vault("p1", SECRET, CHEAP, {})
    foreign = json.loads(thief.content())

    def swap(values: Dict[str, Any]) -> None:
        values.update({"signer": foreign["signer"], name: foreign[name]})

    spoilt = read_vault(changed(file, swap, opened(thief)))
    assert not spoilt.is_state_of(file)
    with pytest.raises(LaptopError) as caught:
        spoilt.open_with(SECRET)
    assert caught.value.code == "vault-damaged"


def test_a_newer_format_is_named(file: VaultFile) -> None:
    assert code_of(changed(file, lambda values: values.update(format=2))) == "vault-newer"


@pytest.mark.parametrize(
    "name", ["person", "public", "signer", "kind", "scrypt", "wrapped", "for_school", "serial"]
)
@pytest.mark.parametrize("value", [None, 0, "", [], {}, "AAAA", -1, {"a": 1}])
def test_nonsense_is_refused_by_its_code(file: VaultFile, name: str, value: Any) -> None:
    def spoil(values: Dict[str, Any]) -> None:
        values[name] = value

    if (name, value) in (("for_school", {}), ("person", "AAAA")):
        read_vault(changed(file, spoil, opened(file)))
    else:
        assert code_of(changed(file, spoil)) == "vault-damaged"


@given(st.binary(max_size=300))
def test_any_bytes_give_an_error_of_ours(data: bytes) -> None:
    assert code_of(data) == "vault-damaged"


def test_every_flipped_bit_is_noticed(file: VaultFile) -> None:
    data = file.to_bytes()
    for place in range(0, len(data), 7):
        flipped = bytearray(data)
        flipped[place] ^= 4
        assert code_of(bytes(flipped)) == "vault-damaged"
