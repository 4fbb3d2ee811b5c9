"""Values of arguments that hypothesis makes up: of the right kind, though not always of the right noun or list."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from hypothesis import strategies as st

IDS = {
    "personId": ("Person",),
    "orgUnitId": ("OrgUnit",),
    "roleId": ("Role",),
    "fromRoleId": ("Role",),
    "toRoleId": ("Role",),
    "frameworkId": ("SkillFramework",),
    "fromFrameworkId": ("SkillFramework",),
    "toFrameworkId": ("SkillFramework",),
    "baselineId": ("Baseline",),
    "skillId": ("Skill",),
    "node": (
        "Person",
        "Goal",
        "Milestone",
        "CheckIn",
        "SkillAssertion",
        "Role",
        "LearningRecord",
        "Task",
    ),
    "nodes": ("Person", "Skill", "OrgUnit", "RoleFamily", "SkillLevel", "LearningResource"),
}
ID_OF_FIELD = {
    "person": "Person",
    "orgUnit": "OrgUnit",
    "framework": "SkillFramework",
    "skill": "Skill",
    "role": "Role",
    "goal": "Goal",
    "checkIn": "CheckIn",
    "task": "Task",
}
BAD_IDS = ("<nothing>", "<foreign>", "<unknown>", "", "nonsense", "UGVyc29uOg==")
BAD_CURSORS = ("", "nonsense", "é", "<tampered>")
TEXTS = ("", "a", "Weaver", "100 %", "_", "back\\slash", 'Quote "', "Ünïcode", "Family 1", "test")
SIZES = (25, 2, 1, 0, 3, 5, 100)
OUTSIDE = (101, -1)


@dataclass
class Values:
    """Draws values; `outside` tells whether one may be more or less than a page can have."""

    names: Sequence[str]
    draw: Callable[[Any], Any]
    outside: bool = False

    def chance(self, one_in: int) -> bool:
        """Shrinks to no."""
        return bool(self.draw(st.integers(0, one_in - 1)) == one_in - 1)

    def pick(self, choices: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(choices))

    def value(self, name: str, owner: str, kind: Any) -> Any:
        inner = get_nullable_type(kind)
        if not is_non_null_type(kind) and self.chance(8):
            return None
        if is_list_type(inner):
            count = self.draw(st.integers(0, 3))
            return [self.value(name, owner, inner.of_type) for _ in range(count)]
        if isinstance(inner, GraphQLInputObjectType):
            needed = [each for each, told in inner.fields.items() if is_required_input_field(told)]
            members = [each for each in inner.fields if each in needed or self.chance(2)]
            return {each: self.value(each, owner, inner.fields[each].type) for each in members}
        if isinstance(inner, GraphQLEnumType):
            return self.pick(list(inner.values))
        return self.scalar(name, owner, inner.name)

    def scalar(self, name: str, owner: str, kind: str) -> Any:
        match kind:
            case "Int":
                if not self.chance(25):
                    return self.pick(SIZES)
                self.outside = True
                return self.pick(OUTSIDE)
            case "Float":
                return self.pick((2.5, 0.0, 1.25, 5.0))
            case "ID":
                return self.global_id(name, owner)
            case "Boolean":
                return self.chance(2)
            case "Date":
                return self.pick(("2099-01-31", "2020-02-29"))
            case "DateTime":
                return self.pick(("2099-01-31T12:00:00Z", "2020-02-29T00:00:00+01:00"))
        if name == "after":
            cursors = [each for each in self.names if "/" in each]
            if self.chance(4):
                return self.pick(BAD_CURSORS)
            own = [each for each in cursors if each.startswith(f"{owner}/")]
            return f"<{self.pick(own if own and not self.chance(5) else cursors)}>"
        return self.pick(TEXTS)

    def global_id(self, name: str, owner: str) -> str:
        if self.chance(8):
            return str(self.pick(BAD_IDS))
        nouns = IDS.get(owner) or IDS.get(name) or (ID_OF_FIELD.get(owner, "Person"),)
        if self.chance(12):
            nouns = ("Goal", "Person", "Skill")
        noun = self.pick(nouns)
        return f"<{self.pick([each for each in self.names if each.startswith(f'{noun}.')])}>"


def literal(kind: Any, value: Any) -> str:
    inner = get_nullable_type(kind)
    if value is None:
        return "null"
    if is_list_type(inner):
        return f"[{', '.join(literal(inner.of_type, each) for each in value)}]"
    if isinstance(inner, GraphQLInputObjectType):
        members = [f"{n}: {literal(inner.fields[n].type, v)}" for n, v in value.items()]
        return f"{{{', '.join(members)}}}"
    if isinstance(inner, GraphQLEnumType):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
