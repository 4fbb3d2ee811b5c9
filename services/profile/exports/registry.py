"""Every file of an export. A slice that keeps something about people adds its line here; a test asks for it."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, select

from services.profile.consents.models import ConsentGrant
from services.profile.credentials.models import Credential
from services.profile.exports.gathering import About, Entry, Exporter, Rows, camel
from services.profile.exports.rules import open_badge
from services.profile.network.models import Contact, Interaction, Introduction
from services.profile.people.models import (
    Assignment,
    ExternalIdentifier,
    OrgUnit,
    Person,
    PersonGrant,
)
from services.profile.skills.models import AssertionStep, Skill, SkillAssertion, SkillEstimate
from services.profile.tables import ACCESS_LOG
from shared.db import TableBase


def _table(model: type[TableBase]) -> Table:
    return cast(Table, model.__table__)


def _rows(name: str, model: type[TableBase] | Table, **how: object) -> Exporter:
    table = model if isinstance(model, Table) else _table(model)
    return Exporter(f"{name}.json", (table.name,), Rows(table, **how))  # type: ignore[arg-type]


async def _steps(of: About) -> Sequence[Entry]:
    """What became of what was said, and by whom."""
    step = _table(AssertionStep)
    said = select(SkillAssertion.id).where(SkillAssertion.person_id == of.person_id)
    wanted = select(step).where(step.c.assertion_id.in_(said)).order_by(step.c.id)
    names = ("assertion_id", "from_state", "to_state", "reason", "taken_at")
    return [
        {**{camel(name): row[name] for name in names}, "by": of.part(row["by_person_id"])}
        for row in (await of.session.execute(wanted)).mappings()
    ]


async def _skills(of: About) -> Sequence[Entry]:
    """The names of the skills that the other files speak of."""
    said = select(SkillAssertion.skill_id).where(SkillAssertion.person_id == of.person_id)
    known = select(SkillEstimate.skill_id).where(SkillEstimate.person_id == of.person_id)
    row = _table(Skill).c
    wanted = select(row.id, row.code, row.statement, row.alignments).where(
        row.id.in_(said.union(known))
    )
    found = (await of.session.execute(wanted.order_by(row.id))).mappings()
    return [{camel(name): value for name, value in each.items()} for each in found]


def _with_badge(entry: Entry) -> Entry:
    return {**entry, "openBadge": open_badge(entry)}


EXPORTERS: tuple[Exporter, ...] = (
    _rows("person", Person, person="id", others=("manager_id",)),
    _rows("assignments", Assignment, others=("manager_id",)),
    _rows("external-identifiers", ExternalIdentifier, leave_out=("org_unit_id",)),
    _rows("grants", PersonGrant),
    _rows("units-led", OrgUnit, person="leader_id", only=("id", "name", "type")),
    _rows("skill-assertions", SkillAssertion, others=("assessor_id", "author_id")),
    Exporter("skill-assertion-steps.json", ("skills_assertion_step",), _steps),
    _rows("skill-estimates", SkillEstimate),
    Exporter("skills.json", ("skills_skill",), _skills),
    _rows("credentials", Credential, shaped=_with_badge),
    _rows("consents-given", ConsentGrant, person="subject_id", others=("grantee_id",)),
    _rows("consents-received", ConsentGrant, person="grantee_id", others=("subject_id",)),
    _rows(
        "access-log",
        ACCESS_LOG,
        person="subject_id",
        others=("reader_id",),
        leave_out=("reader",),
    ),
    _rows(
        "contacts",
        Contact,
        person="owner_id",
        others=("contact_person_id",),
        sealed=("name", "organisation", "note"),
    ),
    _rows("interactions", Interaction, person="owner_id", sealed=("summary", "questions", "notes")),
    _rows(
        "introductions-asked",
        Introduction,
        person="requester_id",
        others=("introducer_id", "target_id"),
        sealed=("message",),
        leave_out=("offered_at", "declined_by", "declined_at"),
    ),
)

NOT_EXPORTED = {
    "erasure_request": "made when the person is erased, and names them only until that is done",
    "exports_export": "the exports themselves",
    "idempotency_key": "answers that the person has been given, for a day",
    "people_org_tree": "follows from the units",
    "people_reporting_line": "follows from the assignments",
    "person_key": "the key that opens the person's texts; what it opens stands in the other files",
    "unresolved_entry": "what another system said and nobody is known for; it becomes theirs when it is resolved",
}
"""Tables that name people and are in no file, with the reason."""
