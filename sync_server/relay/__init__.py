"""Servers above and below: what a relay sends up and takes down, and what its upstream answers."""

from __future__ import annotations
