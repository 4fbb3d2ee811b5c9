"""What the operator reads when something cannot be done."""


class Refused(Exception):
    """One sentence for the terminal: what is wrong, and what to do about it."""
