"""`--since`: a day, a time or a duration as a time."""

import re
from datetime import datetime, timedelta, timezone

_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "y": 365 * 86400}  # seconds
_DURATION = re.compile(r"(\d{1,6})([mhdwy])")


def since(text: str, now: datetime) -> int | None:
    """Seconds since 1970 of `2026-03-01`, `2026-03-01T08:00` (UTC where it names no zone), `30d`; None for others.

    Units are m, h, d, w, y: minutes, hours, days, weeks, years of 365 days.
    """
    found = _DURATION.fullmatch(text)
    try:
        if found is not None:
            return int((now - timedelta(seconds=int(found[1]) * _UNITS[found[2]])).timestamp())
        given = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return int((given if given.tzinfo else given.replace(tzinfo=timezone.utc)).timestamp())
    except (ValueError, OverflowError):
        return None
