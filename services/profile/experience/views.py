"""What the gateway reads of experience and of careers."""

from typing import cast

from sqlalchemy import Table

from services.profile.credentials.views import credentials
from services.profile.experience import timeline
from services.profile.experience.models import Experience
from services.profile.experience.queries import readable
from services.profile.policy import POLICY
from shared.views import Logged, One, View, columns, elements, global_id

experience: View = View(
    name="experience",
    source=cast(Table, Experience.__table__),
    visible=lambda principal, row: readable(principal, row) & row.withdrawn_at.is_(None),
    fields={
        "id": global_id("Experience"),
        **columns("personId", "type", "title", "organisation", "startedOn", "endedOn"),
        **columns("hoursPerWeek", "responsibilities", "teamSizeLed", "budgetAmount"),
        **columns("budgetCurrency", "achievements", "visibility", "verification"),
        **columns("verifiedById", "verifiedAt", "recordedAt", "version"),
        "skills": elements("skills", "skillId", "level"),
    },
    lists={"person": "person_id"},
    order=("-started_on", "-id"),
    logged=Logged("EXPERIENCE"),
)

timeline_entries: View = View(
    name="timeline",
    source=lambda principal, _: timeline.entries(principal),
    visible=lambda principal, row: POLICY.visible(principal, "PERSON", "READ_CARD", row.person_id),
    fields={
        "id": global_id("TimelineEntry"),
        **columns("personId", "kind", "title", "organisation", "startsOn", "endsOn"),
        **columns("level", "reason"),
        "changes": elements("changes", "part", "before", "after"),
        "experience": One(lambda: experience, on="experience_id"),
        "credential": One(lambda: credentials, on="credential_id"),
    },
    lists={"person": "person_id"},
    order=("starts_on", "id"),
    logged=Logged("TIMELINE"),
)

VIEWS = (experience, timeline_entries)
