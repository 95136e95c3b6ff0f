"""The Kivy programme for students and teachers."""

from __future__ import annotations

__version__ = "0.1.0"
