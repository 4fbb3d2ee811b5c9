"""What the gateway reads of results of skill tests."""

from typing import cast

from sqlalchemy import Table

from services.profile.policy import POLICY
from services.profile.skill_tests.models import SkillTestResult
from shared.views import Logged, View, columns, global_id

skill_tests: View = View(
    name="skill_tests",
    source=cast(Table, SkillTestResult.__table__),
    visible=lambda principal, row: POLICY.visible(principal, "TEST_RESULT", "READ", row.person_id),
    fields={
        "id": global_id("SkillTest"),
        **columns("personId", "skillId", "publisher", "test", "scoreRaw", "scoreMin", "scoreMax"),
        **columns("success", "level", "takenOn", "expiresOn", "assertionId", "recordedAt"),
    },
    lists={"person": "person_id"},
    order=("-taken_on", "-id"),
    logged=Logged("SKILL_TESTS"),
)
