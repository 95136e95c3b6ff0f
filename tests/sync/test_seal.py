from __future__ import annotations

from typing import Any, List

import pytest

from sync import seal as module
from sync.errors import MessageError
from sync.seal import OVERHEAD_BYTES, native_suite, open_sealed, pyhpke_suite, seal
from tests.support.hpke_reference import reference_open, reference_seal
from tests.support.records import identity

LAPTOP = identity("laptop")


def suites() -> List[Any]:
    """Every implementation that this interpreter has."""
    found = []
    for make in (native_suite, pyhpke_suite):
        try:
            found.append(pytest.param(make(), id=make.__name__))
        except ImportError:
            continue
    return found


def test_the_reference_agrees_with_rfc_9180_appendix_a_2_1() -> None:
    info = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
    private = bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
    public = bytes.fromhex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a")
    ephemeral = bytes.fromhex("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600")
    sealed = bytes.fromhex(
        "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
    )
    plaintext = b"Beauty is truth, truth beauty"
    assert reference_open(private, sealed, info, b"Count-0") == plaintext
    assert reference_seal(public, ephemeral, plaintext, info, b"Count-0") == sealed


@pytest.mark.parametrize("suite", suites())
def test_every_implementation_is_the_rfc_s(suite: Any) -> None:
    public, private = LAPTOP.public.sealing, LAPTOP.sealing_seed
    assert reference_open(private, suite.seal(public, b"plain", b"info"), b"info") == b"plain"
    assert suite.open(private, reference_seal(public, bytes(range(32)), b"plain", b"i"), b"i") == (
        b"plain"
    )


@pytest.mark.parametrize("suite", suites())
def test_every_implementation_refuses_alike(suite: Any) -> None:
    sealed = suite.seal(LAPTOP.public.sealing, b"plain", b"info")
    private = LAPTOP.sealing_seed
    damaged = [(sealed[:-1], b"info"), (sealed, b"other"), (bytes(60), b"info")]
    for at in range(len(sealed)):
        damaged.append((sealed[:at] + bytes([sealed[at] ^ 4]) + sealed[at + 1 :], b"info"))
    for data, info in damaged:
        with pytest.raises(MessageError) as caught:
            suite.open(private, data, info)
        assert caught.value.code == "message-unreadable"


def test_at_least_one_implementation_is_here() -> None:
    assert suites()


def test_sealing_costs_what_it_says() -> None:
    assert len(seal(LAPTOP.public.sealing, b"12345", b"")) == 5 + OVERHEAD_BYTES


def test_only_the_addressee_opens() -> None:
    sealed = seal(LAPTOP.public.sealing, b"plain", b"info")
    assert open_sealed(LAPTOP.sealing_seed, sealed, b"info") == b"plain"
    with pytest.raises(MessageError):
        open_sealed(identity("other").sealing_seed, sealed, b"info")


@pytest.mark.parametrize("size", [0, 1, 31, 32, 47])
def test_short_input_is_unreadable(size: int) -> None:
    with pytest.raises(MessageError) as caught:
        open_sealed(LAPTOP.sealing_seed, bytes(size), b"")
    assert caught.value.code == "message-unreadable"


def test_a_key_that_agrees_on_nothing_is_refused() -> None:
    with pytest.raises(MessageError) as caught:
        seal(bytes(32), b"plain", b"")
    assert caught.value.code == "identity-invalid"


def test_pyhpke_steps_in_where_the_library_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Any:
        raise ImportError

    stand_in = module._Suite(lambda *_: b"sealed", lambda *_: b"opened")
    monkeypatch.setattr(module, "_chosen", None)
    monkeypatch.setattr(module, "native_suite", missing)
    monkeypatch.setattr(module, "pyhpke_suite", lambda: stand_in)
    assert seal(LAPTOP.public.sealing, b"", b"") == b"sealed"
