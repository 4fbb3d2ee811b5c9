"""Baselines: what was known of a person's skills on a day, kept as it was, with a hash that proves it."""
