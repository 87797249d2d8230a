"""The public log: an append-only list of entries that nobody can quietly change.

Import from the files of this room: ``writer`` appends, ``reader`` and ``sources`` read, ``verify`` checks
bytes without any input or output, ``audit`` checks a whole log, ``mirror`` copies one, ``witness`` and
``cosigning`` stand on the two sides of a cosignature. How it works: ``docs/methods/log.md``.
"""
