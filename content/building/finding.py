"""A finding: something in a source folder that its author should know."""

from __future__ import annotations

from dataclasses import dataclass

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """``severity`` is "error" (it does not build) or "warning"; ``path`` is within the folder.

    ``place`` says where in the file, such as "line 12", or is empty. ``code``, with the figures
    ``figure`` and ``other``, lets a page say it in another language; empty where there is none.
    """

    severity: str
    path: str
    place: str
    text: str
    code: str = ""
    figure: str = ""
    other: str = ""

    def __str__(self) -> str:
        place = f", {self.place}" if self.place else ""
        return f"{self.severity}: {self.path}{place}: {self.text}"
