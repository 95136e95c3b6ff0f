"""The doctor: looks a laptop's folder over, explains what is wrong, and mends what can be."""

from __future__ import annotations
