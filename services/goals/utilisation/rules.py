"""What it is to hold a skill; no database, no clock."""

HELD_FROM = 2.5
"""From the middle of the 0 to 5 on, unless a reader asks for more or less."""
