"""The frame around a screen: the rail of places, or the bar at the bottom."""

from __future__ import annotations
