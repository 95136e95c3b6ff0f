"""The commands of ``keruen-server``: their options, questions and answers."""

from __future__ import annotations
