"""Answering over HTTP: limits, files, numbers and logs."""

from __future__ import annotations
