"""haq_web: the Django application for the people who do the work.

It keeps what they enter and calls the core to compute. See ``docs/map.md``.
"""
