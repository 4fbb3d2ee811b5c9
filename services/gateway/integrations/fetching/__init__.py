"""Asking the source: what a webhook only hinted at, and at night the whole listing against what has been told."""
