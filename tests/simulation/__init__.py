"""A school in simulation: the real protocol code, a modelled network, time, and people."""

from __future__ import annotations
