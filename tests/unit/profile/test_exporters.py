"""What an export is made of: every table that names people, and the names of open standards."""

from uuid import UUID

from sqlalchemy import Table

from services.profile.exports.registry import EXPORTERS, NOT_EXPORTED
from services.profile.exports.rules import open_badge
from services.profile.models import Base

OF_PEOPLE = (
    *("person_id", "owner_id", "subject_id", "grantee_id", "reader_id", "assessor_id"),
    *("author_id", "leader_id", "manager_id", "requester_id", "introducer_id", "target_id"),
)


def _names_people(table: Table) -> bool:
    named = {column.name for column in table.columns}
    return table.name == "people_person" or any(
        name.endswith(ending) for name in named for ending in (*OF_PEOPLE, "descendant_id")
    )


def test_every_table_that_names_people_has_an_exporter_or_a_reason():
    exported = {name for each in EXPORTERS for name in each.tables}
    tables = {table.name: table for table in Base.metadata.sorted_tables}
    named = {name for name, table in tables.items() if _names_people(table)}

    assert named - exported - NOT_EXPORTED.keys() == set()
    assert (exported | NOT_EXPORTED.keys()) - tables.keys() == set()
    assert exported & NOT_EXPORTED.keys() == set()
    assert len({each.name for each in EXPORTERS}) == len(EXPORTERS)


def test_a_credential_bears_the_names_of_open_badges():
    credential = {
        "id": UUID(int=7),
        "type": "CERTIFICATION",
        "name": "Cloud",
        "issuer": "Academy",
        "issuedOn": "2025-01-01",
        "expiresOn": None,
    }

    assert open_badge(credential) == {
        "id": "urn:uuid:00000000-0000-0000-0000-000000000007",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": "Cloud",
        "issuer": {"type": ["Profile"], "name": "Academy"},
        "validFrom": "2025-01-01",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "achievement": {
                "type": ["Achievement"],
                "achievementType": "Certification",
                "name": "Cloud",
            },
        },
    }
