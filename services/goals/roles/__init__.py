"""Roles in versions, with what they require."""
