"""Whom somebody knows and what they talked about, for their eyes alone; and introductions between colleagues."""
