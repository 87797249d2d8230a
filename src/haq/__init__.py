"""haq: check an election from beginning to end, and let strangers check you.

The core is pure: it takes values and returns values. See ``docs/map.md``.
"""

__version__ = "0.1.0"
