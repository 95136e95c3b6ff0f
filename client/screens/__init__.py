"""Screens: a model without kivy.uix, a view and a layout each."""

from __future__ import annotations
