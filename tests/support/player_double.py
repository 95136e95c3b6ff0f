"""A player without a film: time passes when the test says so."""

from __future__ import annotations

from client.video.player import SPEEDS, Picture, State, clamp


class TurnedPlayer:
    """Keeps the rules of `client.video.player.Player`; `turn` lets seconds pass."""

    def __init__(self, duration_s=200.0):
        self.state, self.problem = State.CLOSED, None
        self.position_s, self.speed = 0.0, 1.0
        self.duration_s, self._length_s = 0.0, duration_s
        self.opened = []
        self.closed = 0

    def open(self, path, position_s=0.0):
        self.opened.append(path)
        self.state, self.position_s, self.duration_s = State.PAUSED, position_s, self._length_s

    def play(self):
        if self.state is State.ENDED:
            self.position_s = 0.0
        if self.state in (State.PAUSED, State.ENDED):
            self.state = State.PLAYING

    def pause(self):
        if self.state is State.PLAYING:
            self.state = State.PAUSED

    def seek(self, position_s):
        self.position_s = clamp(position_s, self.duration_s)

    def set_speed(self, speed):
        assert speed in SPEEDS
        self.speed = speed

    def take_picture(self):
        return Picture(2, 2, bytes(16), self.position_s)

    def close(self):
        self.closed += 1
        self.state = State.CLOSED

    def turn(self, seconds):
        """Let time pass."""
        if self.state is State.PLAYING:
            self.position_s = min(self.duration_s, self.position_s + seconds * self.speed)
            if self.position_s == self.duration_s:
                self.state = State.ENDED

    def fail(self, problem):
        """Say that the film is bad."""
        self.state, self.problem = State.FAILED, problem
