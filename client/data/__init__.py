"""Where a laptop's data lie, and how they are moved. Imports no kivy."""

from __future__ import annotations
