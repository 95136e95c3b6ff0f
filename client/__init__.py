"""The Kivy programme for students and teachers."""

from __future__ import annotations
