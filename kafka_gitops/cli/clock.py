"""What time it is, for what a plan judges by the day: ends of waivers and of holds."""

from datetime import datetime, timezone


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(timezone.utc)
