"""Entries to the values that pages show."""
