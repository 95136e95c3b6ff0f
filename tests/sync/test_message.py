from __future__ import annotations

import os
from typing import Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import MessageError
from sync.identity import Identity, PublicIdentity
from sync.message import (
    MAX_MESSAGE_BYTES,
    MAX_PAYLOAD_BYTES,
    Kind,
    OpenedMessage,
    make_message,
    message_digest,
    open_message,
)
from tests.support.records import identity

LAPTOP, SERVER, OTHER = identity("laptop"), identity("server"), identity("other")
PAYLOAD = b'{"q":1}'


def known(device: str) -> Optional[PublicIdentity]:
    return {LAPTOP.public.device_id: LAPTOP.public}.get(device)


def made(payload: bytes = PAYLOAD, signer: Identity = LAPTOP) -> bytes:
    return make_message(Kind.EXCHANGE_REQUEST, payload, signer, SERVER.public)


def opened(data: bytes, recipient: Identity = SERVER) -> OpenedMessage:
    return open_message(data, Kind.EXCHANGE_REQUEST, recipient, known)


def code_of(data: bytes, recipient: Identity = SERVER) -> str:
    with pytest.raises(MessageError) as caught:
        opened(data, recipient)
    assert str(caught.value).endswith((".", ")"))
    return caught.value.code


@given(st.binary(max_size=500))
def test_payloads_round_trip(payload: bytes) -> None:
    message = made(payload)
    result = opened(message)
    assert (result.payload, result.signer) == (payload, LAPTOP.public)
    assert result.digest == message_digest(message)


def test_a_flip_of_any_byte_is_refused() -> None:
    message = made()
    codes = set()
    for at in range(len(message)):
        for flip in (0x01, 0x80):
            codes.add(code_of(message[:at] + bytes([message[at] ^ flip]) + message[at + 1 :]))
    assert codes == {"message-malformed", "message-version", "message-kind", "message-unreadable"}


def test_a_cut_anywhere_is_refused() -> None:
    message = made()
    for size in range(len(message)):
        assert code_of(message[:size]) in ("message-malformed", "message-unreadable")
    assert code_of(message + b"x") == "message-unreadable"


@given(st.binary(max_size=400))
def test_garbage_is_refused(data: bytes) -> None:
    code_of(data)
    code_of(b"KX\x01\x01" + data)


def test_an_answer_does_not_pass_for_a_request() -> None:
    answer = make_message(Kind.EXCHANGE_ANSWER, PAYLOAD, LAPTOP, SERVER.public)
    assert code_of(answer) == "message-kind"
    assert code_of(answer[:3] + b"\x01" + answer[4:]) == "message-unreadable"


def test_another_recipient_cannot_read_it() -> None:
    assert code_of(made(), OTHER) == "message-unreadable"


def test_a_stranger_is_named() -> None:
    assert code_of(made(signer=OTHER)) == "device-unknown"


def test_a_name_without_its_key_is_a_forgery() -> None:
    forger = Identity(OTHER.signing_seed, OTHER.sealing_seed, LAPTOP.public)
    assert code_of(made(signer=forger)) == "message-forged"


def test_a_message_cannot_be_passed_on_as_meant_for_another() -> None:
    from sync.message import _CONTEXT
    from sync.seal import open_sealed, seal

    message = make_message(Kind.EXCHANGE_REQUEST, PAYLOAD, LAPTOP, OTHER.public)
    info = _CONTEXT + message[:4]
    inner = open_sealed(OTHER.sealing_seed, message[4:], info)
    assert code_of(message[:4] + seal(SERVER.public.sealing, inner, info)) == "message-forged"


def test_a_directory_that_mixes_up_devices_is_noticed() -> None:
    with pytest.raises(MessageError) as caught:
        open_message(made(), Kind.EXCHANGE_REQUEST, SERVER, lambda _: OTHER.public)
    assert caught.value.code == "device-unknown"


def test_sizes_are_bounded() -> None:
    assert code_of(b"KX\x01\x01" + bytes(MAX_MESSAGE_BYTES)) == "message-too-large"
    for payload in (bytes(MAX_PAYLOAD_BYTES + 1), os.urandom(MAX_MESSAGE_BYTES)):
        with pytest.raises(MessageError) as caught:
            made(payload)
        assert caught.value.code == "message-too-large"


def test_a_payload_beyond_the_bound_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.message.MAX_PAYLOAD_BYTES", 64 << 20)
    bomb = made(bytes(32 << 20))
    monkeypatch.undo()
    assert code_of(bomb) == "message-too-large"


def test_the_same_payload_never_looks_the_same() -> None:
    assert made() != made()
