"""Every file of an export. A slice that keeps something about people adds its line here; a test asks for it."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, select

from services.profile.assessments.models import (
    AssessmentResult,
    AssessmentSession,
    SessionAnswers,
)
from services.profile.baselines.models import BaselineLevel, BaselineSnapshot
from services.profile.consents.models import ConsentGrant
from services.profile.credentials.models import Credential
from services.profile.experience.models import Experience, ExperienceRevision
from services.profile.exports.gathering import About, Entry, Exporter, Rows, camel
from services.profile.exports.rules import open_badge
from services.profile.interpretations.models import ConfidantInterpretation
from services.profile.journal.models import OWN as JOURNAL
from services.profile.network.models import Contact, Interaction, Introduction
from services.profile.people.models import (
    Assignment,
    ExternalIdentifier,
    OrgUnit,
    Person,
    PersonGrant,
)
from services.profile.ratings.models import Rating
from services.profile.skill_tests.models import SkillTestResult
from services.profile.skills.models import AssertionStep, Skill, SkillAssertion, SkillEstimate
from services.profile.tables import ACCESS_LOG
from shared.db import TableBase


def _table(model: type[TableBase]) -> Table:
    return cast(Table, model.__table__)


def _rows(name: str, model: type[TableBase] | Table, **how: object) -> Exporter:
    table = model if isinstance(model, Table) else _table(model)
    return Exporter(f"{name}.json", (table.name,), Rows(table, **how))  # type: ignore[arg-type]


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


async def _offered(of: About) -> Sequence[Entry]:
    """By which others would like to meet the person; an ask that nobody has offered yet is not theirs to know."""
    row = _table(Introduction).c
    wanted = select(row.id, row.requester_id, row.introducer_id, row.offered_at, row.accepted_at)
    theirs = wanted.where(row.target_id == of.person_id, row.offered_at.is_not(None))
    found = (await of.session.execute(theirs.order_by(row.id))).mappings()
    return [{camel(name): value for name, value in each.items()} for each in found]


def _with_badge(entry: Entry) -> Entry:
    return {**entry, "openBadge": open_badge(entry)}


def _file_of(model: type[TableBase]) -> str:
    return str(model.__tablename__).replace("_", "-")


TO_MAKE = ("id", "requester_id", "target_id", "asked_at", "offered_at")
EXPORTERS: tuple[Exporter, ...] = (
    _rows("person", Person, person="id"),
    _rows("assignments", Assignment),
    _rows("external-identifiers", ExternalIdentifier, leave_out=("org_unit_id",)),
    _rows("grants", PersonGrant),
    _rows("units-led", OrgUnit, person="leader_id", only=("id", "name", "type")),
    _rows("skill-assertions", SkillAssertion),
    _rows("skill-assertion-steps", AssertionStep, through=("assertion_id", _table(SkillAssertion))),
    _rows("skill-estimates", SkillEstimate),
    _rows("skill-tests", SkillTestResult),
    Exporter("skills.json", ("skills_skill",), _skills),
    _rows("credentials", Credential, shaped=_with_badge),
    _rows("assessment-sessions", AssessmentSession),
    _rows("assessment-answers", SessionAnswers, sealed=("sealed",)),
    _rows("assessment-results", AssessmentResult, sealed=("sealed",)),
    _rows("interpretations", ConfidantInterpretation, sealed=("sealed",)),
    _rows("experience", Experience),
    _rows("experience-revisions", ExperienceRevision, through=("record_id", _table(Experience))),
    _rows("baselines", BaselineSnapshot),
    _rows("baseline-levels", BaselineLevel, through=("snapshot_id", _table(BaselineSnapshot))),
    *(_rows(_file_of(model), model, sealed=("sealed",)) for model in JOURNAL),
    _rows("ratings-received", Rating),
    _rows("ratings-given", Rating, person="rater_id"),
    _rows("consents-given", ConsentGrant, person="subject_id"),
    _rows("consents-received", ConsentGrant, person="grantee_id"),
    _rows("access-log", ACCESS_LOG, person="subject_id"),
    _rows("contacts", Contact, person="owner_id", sealed=("name", "organisation", "note")),
    _rows("interactions", Interaction, person="owner_id", sealed=("summary", "questions", "notes")),
    _rows(
        "introductions-asked",
        Introduction,
        person="requester_id",
        sealed=("message",),
        leave_out=("offered_at", "declined_by", "declined_at"),
    ),
    _rows("introductions-to-make", Introduction, person="introducer_id", only=TO_MAKE),
    Exporter("introductions-offered.json", ("network_introduction",), _offered),
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
