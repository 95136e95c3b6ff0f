"""Packs that come with Keruen, and what draws them."""
