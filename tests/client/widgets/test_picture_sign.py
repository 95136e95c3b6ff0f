"""The pictures of the file stand where their names say."""

from __future__ import annotations

import pytest

from client.vaults.secrets import PICTURE_NAMES
from tests.support.screens import prepare


@pytest.mark.screen
def test_each_picture_is_another_part_of_the_file():
    prepare()
    from client.widgets.picture_sign import texture_of

    pixels = {texture_of(name).pixels for name in PICTURE_NAMES}
    assert len(pixels) == len(PICTURE_NAMES)
    assert {texture_of(name).size for name in PICTURE_NAMES} == {(128, 128)}
    with pytest.raises(ValueError, match="not in"):
        texture_of("elephant")
