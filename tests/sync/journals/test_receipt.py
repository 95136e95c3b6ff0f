from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from sync.errors import ReceiptError
from sync.journals.receipt import Receipt, sign_receipt, verify_receipt
from sync.record import Head
from tests.support.records import identity

DEVICE = identity("laptop").public.device_id
SERVER = identity("server")


def receipt() -> Receipt:
    return sign_receipt(SERVER, DEVICE, Head(12, bytes(range(32))), 1_788_000_000_000)


def test_a_receipt_proves_itself() -> None:
    verify_receipt(receipt(), DEVICE, SERVER.public)


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 13},
        {"hash": bytes(32)},
        {"hash": bytes(31)},
        {"time_ms": 1},
        {"time_ms": -1},
        {"time_ms": 2**64},
        {"seq": -1},
        {"signature": bytes(64)},
        {"signature": b""},
    ],
)
def test_a_changed_receipt_proves_nothing(changes: Any) -> None:
    with pytest.raises(ReceiptError) as caught:
        verify_receipt(dataclasses.replace(receipt(), **changes), DEVICE, SERVER.public)
    assert caught.value.code == "receipt-forged"


def test_another_device_s_receipt_proves_nothing() -> None:
    with pytest.raises(ReceiptError) as caught:
        verify_receipt(receipt(), identity("other").public.device_id, SERVER.public)
    assert caught.value.code == "receipt-misdirected"


def test_another_server_s_receipt_proves_nothing() -> None:
    with pytest.raises(ReceiptError):
        verify_receipt(receipt(), DEVICE, identity("other").public)
