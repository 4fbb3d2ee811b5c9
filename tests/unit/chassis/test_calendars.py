"""Calendars as RFC 5545 has them, read back by a parser and by eye."""

from datetime import UTC, date, datetime

from icalendar import Calendar

from shared.calendars import Entry, calendar
from shared.files import calendar as answer

CHANGED = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
DAY = Entry("1@here", "Pass the exam", date(2026, 12, 31), CHANGED, sequence=3, note="60 %")
HOUR = Entry("2@here", "Talk", datetime(2026, 12, 1, 9, 30, tzinfo=UTC), CHANGED)


def test_a_calendar_reads_like_this():
    assert calendar("Mine", [DAY, HOUR]).split("\r\n") == [
        "BEGIN:VCALENDAR",
        "PRODID:-//Waymark//Waymark//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Mine",
        "BEGIN:VEVENT",
        "UID:2@here",
        "DTSTAMP:20261122T070000Z",
        "SEQUENCE:0",
        "DTSTART:20261201T093000Z",
        "SUMMARY:Talk",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:1@here",
        "DTSTAMP:20261122T070000Z",
        "SEQUENCE:3",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:Pass the exam",
        "DESCRIPTION:60 %",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_titles_cannot_add_lines_of_their_own():
    title = "A; b, c\\d\r\nATTENDEE:mailto:x@example.org \x00" + "long " * 40

    text = calendar("N\nX:1", [Entry("1@here", title, date(2026, 12, 31), CHANGED)])

    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert (
        str(event["summary"])
        == f"A; b, c\\d ATTENDEE:mailto:x@example.org \ufffd{'long ' * 40}".strip()
    )
    assert "attendee" not in event
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_a_calendar_is_for_its_readers_own_program():
    headers = answer("goals.ics", calendar("Mine", [])).headers

    assert headers["content-type"] == "text/calendar; charset=utf-8"
    assert headers["content-disposition"] == 'attachment; filename="goals.ics"'
    assert headers["cache-control"] == "private, no-cache"
