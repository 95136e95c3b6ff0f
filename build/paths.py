"""Where things are in the repository. Nothing but `lock` ever writes into `build/` itself."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
CACHE = ROOT / ".cache"
"""Kept between runs and safe to delete: proofs, work files, tool caches."""
DIST = ROOT / "dist"
SHOTS = ROOT / "shots"

PYPROJECT = ROOT / "pyproject.toml"
LOCK = BUILD / "requirements.lock"
WINDOWS7_PINS = BUILD / "constraints-windows7.txt"
HELD_BACK = BUILD / "windows7.in"

PACKAGES = ("client", "content", "sync", "sync_server")
