"""The laptop without its screens: people, lessons, work and syncing. Imports no kivy."""

from __future__ import annotations
