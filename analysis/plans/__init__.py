"""Ladders as data."""
