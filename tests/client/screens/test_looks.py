"""Every screen under a critic's eye: nothing cut, overlapping or outside of the window."""

from __future__ import annotations

import pytest

from client.messages import LANGUAGES
from tests.support.screens import SIZES, stage
from tests.support.stops import STOPS, arrive, laptop_for

pytestmark = [pytest.mark.screen, pytest.mark.slow]


@pytest.mark.parametrize("scale", [1.0, 1.3])
@pytest.mark.parametrize("name", STOPS)
def test_nothing_is_cut_overlapping_or_outside(name, scale, tmp_path):
    stop, found = STOPS[name], []
    here = stage(laptop_for(stop, tmp_path))
    try:
        here.app.set_text_scale(scale)
        for size in SIZES:
            here.resize(size)
            for language in LANGUAGES:
                here.app.set_language(language)
                while here.app.person is not None:
                    here.app.sign_out()
                arrive(here, stop)
                found += [(size, language, *finding) for finding in here.findings()]
    finally:
        here.app.set_text_scale(1.0)
        here.close()
    assert found == []
