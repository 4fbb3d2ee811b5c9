"""Kinds of text that callers send: a line, a point, a paragraph, a code; none may hold what PostgreSQL cannot store."""

from typing import Annotated

from pydantic import StringConstraints

Line = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Code = Annotated[
    str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Paragraph = Annotated[
    str, StringConstraints(min_length=1, max_length=20_000, pattern=r"^[^\x00]+$")
]
Point = Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=r"^[^\x00]+$")]
Email = Annotated[
    str,
    StringConstraints(
        max_length=254, to_lower=True, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$"
    ),
]
Uri = Annotated[
    str, StringConstraints(max_length=2_000, pattern=r"^(https?://|urn:)[^\s\x00-\x1f]+$")
]
Search = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00]*$")]
