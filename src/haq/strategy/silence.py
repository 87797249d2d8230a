"""When nothing may be published: the days of a law's blackout."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from haq.law import Blackout

#: The first and the last place on earth to see a day: a profile names no time zone, and silence is safe.
_FIRST, _LAST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))


def is_silent(blackout: Blackout, polling_day: date, now: datetime) -> bool:
    """Tell whether a moment lies in the period in which nothing may be published.

    Args:
        blackout: of the law profile.
        polling_day: of the election.
        now: the moment, with its time zone.

    Returns:
        Whether it is such a day anywhere on earth: the days before the polling day, and the day itself where
        the law says so.
    """
    begins = polling_day - timedelta(days=blackout.days_before)
    ends = polling_day if blackout.polling_day else polling_day - timedelta(days=1)
    return now.astimezone(_FIRST).date() >= begins and now.astimezone(_LAST).date() <= ends
