"""Experts on the wire."""

from uuid import UUID

from shared.schemas import Output


class ExpertRead(Output):
    """A card and the word of the scale; `estimate` and its interval are null unless you may read their levels."""

    person_id: UUID
    display_name: str
    preferred_name: str | None
    role_title: str | None
    org_unit_id: UUID | None
    skill_id: UUID
    band: str
    ordinal: int
    estimate: float | None
    interval_low: float | None
    interval_high: float | None
