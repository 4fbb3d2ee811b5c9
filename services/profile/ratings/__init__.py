"""Asking a named colleague to rate named skills of somebody, and what they answer."""
