"""From a source folder to a version in a repository, and what is wrong with a source."""

from __future__ import annotations
