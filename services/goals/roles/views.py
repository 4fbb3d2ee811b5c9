"""What the gateway reads of roles."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Table

from services.goals.roles.models import Role, RoleFamily, RoleSkill
from services.goals.roles.queries import readable
from services.goals.searching import holds
from shared.tenancy import Principal
from shared.views import Argument, Many, One, View, columns, elements, global_id


def _visible(principal: Principal, _row: Any) -> ColumnElement[bool]:
    return readable(principal)


ROLE_FAMILIES: View = View(
    name="role_families",
    source=cast(Table, RoleFamily.__table__),
    visible=_visible,
    fields={
        "id": global_id("RoleFamily"),
        **columns("name", "catalogue"),
        "roles": Many(lambda: ROLES, by="family"),
    },
    order=("name", "id"),
    arguments={"catalogue": Argument(str, lambda row, given: row.catalogue == given)},
)

ROLE_REQUIREMENTS: View = View(
    name="role_requirements",
    source=cast(Table, RoleSkill.__table__),
    visible=_visible,
    fields=columns("skillId", "requiredLevel", "importance", "mandatory"),
    key="skill_id",
    lists={"version": "version_id", "skill": "skill_id"},
    order=("-importance", "skill_id"),
)

ROLES: View = View(
    name="roles",
    source=cast(Table, Role.__table__),
    visible=_visible,
    fields={
        "id": global_id("Role"),
        **columns("catalogue", "code", "title", "level", "track", "description", "onetSocCode"),
        **columns("version", "publishedAt", "familyId", "familyName"),
        "family": One(lambda: ROLE_FAMILIES, on="family_id"),
        "requirements": Many(lambda: ROLE_REQUIREMENTS, by="version", on="version_id"),
        "experience": elements(
            "experience", "type", "minMonths", "minTeamSize", "text", "mandatory"
        ),
        "credentials": elements("credentials", "name", "issuer", "mandatory"),
    },
    lists={"family": "family_id", "onetSocCode": "onet_soc_code"},
    order=("title", "id"),
    orders={"TITLE": ("title", "id"), "NEWEST": ("-id",)},
    arguments={
        "search": Argument(
            str,
            lambda row, words: holds(words, row.title, row.code),
        ),
        "family": Argument(str, lambda row, given: row.family_name == given),
        "catalogue": Argument(str, lambda row, given: row.catalogue == given),
    },
)

VIEWS = (ROLES, ROLE_FAMILIES, ROLE_REQUIREMENTS)
