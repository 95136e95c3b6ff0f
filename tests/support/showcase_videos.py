"""Videos to show: some here, one kept, some on their way, one that nobody wants."""

from __future__ import annotations

from dataclasses import replace

from client.laptop.videos.videos import AWAY, COMING, HERE, Shelf, Video

MB = 1 << 20


class ShownVideos:
    """The videos of the laptop in pictures."""

    def __init__(self, cards) -> None:
        self.paused = False
        self.rendition = "240p"
        self._videos = {}
        for at, card in enumerate(cards):
            if card.has_video:
                state = HERE if card.video_ready else COMING
                size_bytes = (9 + 5 * (at % 4)) * MB
                here_bytes = size_bytes if state == HERE else 4 * MB
                self._videos[card.pack, card.lesson] = Video(
                    card.pack, card.lesson, state, size_bytes, here_bytes, kept=at == 1
                )
        for at, key in enumerate(list(self._videos)[:1]):
            self._videos[key] = replace(self._videos[key], seen=at == 0)

    @property
    def unwanted(self):
        return {key for key, one in self._videos.items() if one.state == AWAY}

    @property
    def skipped(self):
        return frozenset()

    def shelf(self) -> Shelf:
        videos = tuple(self._videos.values())
        may_go = sum(one.size_bytes for one in videos if one.seen and one.state == HERE)
        return Shelf(videos, 2300 * MB, may_go)

    def _change(self, key, **changes) -> None:
        self._videos[key] = replace(self._videos[key], **changes)

    def ask(self, *key) -> None:
        self._change(key, state=COMING, here_bytes=0, first=True)

    def cancel(self, *key) -> None:
        self._change(key, state=AWAY, here_bytes=0, first=False)

    def keep(self, pack, lesson, kept=True) -> None:
        self._change((pack, lesson), kept=kept)

    def let_go(self, *key) -> None:
        self.cancel(*key)

    def free_seen(self) -> None:
        for key, one in list(self._videos.items()):
            if one.seen:
                self.cancel(*key)

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False
