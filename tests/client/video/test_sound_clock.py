from __future__ import annotations

from client.video.sound_clock import SoundClock


def test_time_passes_only_while_it_runs_and_as_fast_as_the_sound():
    now = [100.0]
    clock = SoundClock(3.0, 1.5, lambda: now[0])
    now[0] += 5
    assert clock.position_s == 3.0
    clock.run(True)
    now[0] += 2
    assert clock.position_s == 6.0
    clock.run(True)
    assert clock.position_s == 6.0
    clock.run(False)
    now[0] += 9
    assert clock.position_s == 6.0
    clock.run(True)
    now[0] += 1
    assert clock.position_s == 7.5
