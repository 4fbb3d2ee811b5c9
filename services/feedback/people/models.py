"""The copy's tables and the two trees beside them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, Table, text
from sqlalchemy.orm import Mapped

from services.feedback.tables import Base
from shared.db import TenantRow
from shared.trees import tree_table

TERMINATED = "TERMINATED"
NOBODY = "Erased person"
"""How a person is called who has been erased."""


class Person(TenantRow, Base):
    """A person as profile last told; `id` is profile's.

    `placed_under` is the manager that the tree knows: behind `manager_id` only while a circle waits for another event.
    """

    __tablename__ = "people_person"

    subject: Mapped[str | None]
    display_name: Mapped[str]
    status: Mapped[str]
    manager_id: Mapped[UUID | None]
    placed_under: Mapped[UUID | None]
    org_unit_id: Mapped[UUID | None]
    grants: Mapped[list[dict[str, Any]]]

    __table_args__ = (
        Index(None, "tenant_id", "subject"),
        Index(None, "tenant_id", "org_unit_id"),
        Index(
            "ix_people_person_partner",
            "tenant_id",
            "id",
            postgresql_where=text("""grants @> '[{"role": "HR_PARTNER"}]'::jsonb"""),
        ),
        Index(
            "ix_people_person_misplaced",
            "tenant_id",
            "id",
            postgresql_where=text("manager_id IS DISTINCT FROM placed_under"),
        ),
    )


class OrgUnit(TenantRow, Base):
    """An organisation unit as profile last told; `placed_under` as for persons."""

    __tablename__ = "people_org_unit"

    name: Mapped[str]
    parent_id: Mapped[UUID | None]
    placed_under: Mapped[UUID | None]
    leader_id: Mapped[UUID | None]

    __table_args__ = (
        Index(
            "ix_people_org_unit_misplaced",
            "tenant_id",
            "id",
            postgresql_where=text("parent_id IS DISTINCT FROM placed_under"),
        ),
    )


REPORTING: Table = tree_table("people_reporting", Base.metadata)
UNIT_TREE: Table = tree_table("people_unit_tree", Base.metadata)
