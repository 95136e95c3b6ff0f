"""Choosing what opens one's work: pictures, a PIN or a password."""

from __future__ import annotations
