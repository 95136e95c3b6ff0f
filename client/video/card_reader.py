"""Reads the square of an enrolment card from a camera's picture."""

from __future__ import annotations

from typing import Optional

from client.video.player import Picture
from sync.card import Card, read_card


def can_read() -> bool:
    """Tell whether this machine has what reads such squares."""
    try:
        import zxingcpp  # noqa: F401
    except ImportError:
        return False
    return True


def card_in(picture: Picture) -> Optional[Card]:
    """Return the card in a picture; None where there is none. Takes some hundredths of a second."""
    import zxingcpp

    # Green alone says enough of light and dark, and is a quarter of the bytes.
    green = picture.rgba[1::4]
    rows = memoryview(green).cast("B", (picture.height, picture.width))
    for found in zxingcpp.read_barcodes(rows, formats=zxingcpp.BarcodeFormat.QRCode):
        card = read_card(found.text)
        if card is not None:
            return card
    return None
