"""Days and hours as iCalendar (RFC 5545), for the calendar that somebody keeps elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vText

from shared.drawing import clean

PRODUCT = "-//Waymark//Waymark//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole day, or a moment in UTC. Read again with the same `uid` and a higher `sequence`, it replaces itself."""

    uid: str
    title: str
    at: date | datetime
    changed_at: datetime
    sequence: int = 0
    note: str | None = None


def calendar(name: str, entries: Iterable[Entry]) -> str:
    """By day. Nobody is kept busy by an entry, and calendars that are shared keep it to their owner."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", vText(_one_line(name)))
    for entry in sorted(entries, key=_place):
        made.add_component(_event(entry))
    return str(made.to_ical(sorted=False).decode())


def _place(entry: Entry) -> tuple[str, str]:
    return entry.at.isoformat(), entry.uid


def _one_line(words: str) -> str:
    return " ".join(clean(words).split())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.at)
    if not isinstance(entry.at, datetime):
        event.add("dtend", entry.at + timedelta(days=1))
    event.add("summary", _one_line(entry.title))
    if entry.note:
        event.add("description", clean(entry.note))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
