"""Tests of content.variants."""
