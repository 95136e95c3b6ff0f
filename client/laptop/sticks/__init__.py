"""USB sticks as a road of this laptop, in both directions. Imports no kivy."""

from __future__ import annotations
