from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as some

from client.picture import CHANNELS, png

PIL = pytest.importorskip("PIL.Image")


@given(some.integers(1, 9), some.integers(1, 9), some.data())
def test_a_decoder_reads_the_rows_from_the_top(width, height, data):
    rows = data.draw(some.binary(min_size=width * height * CHANNELS, max_size=width * height * 4))
    image = PIL.open(io.BytesIO(png(width, height, rows)))
    assert image.size == (width, height)
    stride = width * CHANNELS
    upside_down = [rows[at * stride : (at + 1) * stride] for at in range(height)]
    assert image.tobytes() == b"".join(reversed(upside_down))
