"""A teacher's class: who handed in what."""

from __future__ import annotations
