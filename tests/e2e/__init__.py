"""A whole Waymark of separate processes, which is stopped when the last of these tests has ended."""
