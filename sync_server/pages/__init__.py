"""Pages for the person in charge of a school's server: made here, plain HTML, no scripts needed."""

from __future__ import annotations
