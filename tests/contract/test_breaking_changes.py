"""Nothing that clients use goes away or changes unless the release before had deprecated it."""

from pathlib import Path

import pytest
from graphql import build_schema

from deploy.cli.contract import CURRENT, HEADER, RELEASED, PromiseBroken, broken_promises, release

SDL = """
type Query {
  person(id: ID!, lang: String, old: Int @deprecated(reason: "Leave it out.")): Person
  people(first: Int! = 25, order: Order): [Person!]!
  legacy: Legacy @deprecated(reason: "Use `person`.")
  node(id: ID!): Node
}
type Mutation { rename(input: RenameInput!): RenameResult }
interface Node { id: ID! }
type Person implements Node {
  id: ID!
  name: String!
  nick: String
  fax: String @deprecated(reason: "Nobody sends faxes. Use `phone`.")
  phones(kind: Kind): [String]!
}
type Legacy { text: String }
type Team implements Node { id: ID! }
type Refused { reason: String! }
union RenameResult = Person | Refused
input RenameInput {
  id: ID!
  name: String
  title: String @deprecated(reason: "Part of `name`.")
}
enum Order { NAME AGE SHOE_SIZE @deprecated(reason: "Not known any more.") }
enum Kind { HOME WORK }
"""
BREAKS = [
    ("  nick: String\n", "", "Field Person.nick was removed."),
    ("name: String!", "name: String", "Field Person.name changed type from String! to String."),
    ("nick: String", "nick: Int", "Field Person.nick changed type from String to Int."),
    ("fax: String", "fax: Int", "Field Person.fax changed type from String to Int."),
    (
        "  nick: String\n",
        '  nickname: String\n  nick: [String!] @deprecated(reason: "Use `nickname`.")\n',
        "Field Person.nick changed type from String to [String!].",
    ),
    (", lang: String", "", "Argument Query.person(lang:) was removed."),
    (
        "lang: String",
        "lang: String!",
        "Argument Query.person(lang:) has changed type from String to String!.",
    ),
    (
        "order: Order",
        "order: [Order!]",
        "Argument Query.people(order:) has changed type from Order to [Order!].",
    ),
    (
        "phones(kind: Kind)",
        "phones(kind: Kind, since: Int!)",
        "A required argument Person.phones(since:) was added.",
    ),
    ("  id: ID!\n  name: String\n", "  id: ID!\n", "Field RenameInput.name was removed."),
    (
        "  title: String",
        "  why: String!\n  title: String",
        "A required field RenameInput.why was added.",
    ),
    ("NAME AGE", "NAME", "Enum value Order.AGE was removed."),
    (
        "Person | Refused",
        "Person",
        "Refused was removed from union type RenameResult.",
    ),
    (
        "type Person implements Node",
        "type Person",
        "Person no longer implements interface Node.",
    ),
    ("type Team implements Node { id: ID! }", "", "Team was removed."),
    (
        "type Refused { reason: String! }",
        "interface Refused { reason: String! }",
        "Refused changed from an Object type to an Interface type.",
    ),
]
FITS = {
    "a deprecated field": (
        '  fax: String @deprecated(reason: "Nobody sends faxes. Use `phone`.")\n',
        "",
    ),
    "a deprecated argument": (', old: Int @deprecated(reason: "Leave it out.")', ""),
    "a deprecated input field": ('  title: String @deprecated(reason: "Part of `name`.")\n', ""),
    "a deprecated enum value": (' SHOE_SIZE @deprecated(reason: "Not known any more.")', ""),
    "a deprecated field, later its type": (
        '  legacy: Legacy @deprecated(reason: "Use `person`.")\n',
        "",
    ),
    "a new field": ("nick: String", "nick: String\n  phone: String"),
    "a new type": ("type Legacy", "type Fresh { text: String }\ntype Legacy"),
    "a new optional argument": ("lang: String", "lang: String, region: String"),
    "a new argument with a default": ("lang: String", 'lang: String, region: String! = "EU"'),
    "a new optional input field": ("  name: String\n", "  name: String\n  why: String\n"),
    "a new enum value": ("HOME WORK", "HOME WORK MOBILE"),
    "a new member of a union": ("Person | Refused", "Person | Refused | Team"),
    "another default": ("Int! = 25", "Int! = 50"),
    "an argument that need not be given": ("id: ID!, lang", "id: ID, lang"),
    "a field that is never null any more": ("nick: String", "nick: String!"),
    "a deprecation": ("nick: String", 'nick: String @deprecated(reason: "Use `name`.")'),
}
"""Also what graphql-core calls dangerous: a client is told to expect values, members and arguments it does not know."""


def _changed(before: str, after: str) -> str:
    assert SDL.count(before) == 1, before
    return SDL.replace(before, after)


def test_the_schema_keeps_what_the_last_release_promised() -> None:
    broken = broken_promises(RELEASED.read_text(), CURRENT.read_text())

    assert broken == [], "deprecate it, release (`waymark schema --release`), then remove it"


@pytest.mark.parametrize(("before", "after", "told"), BREAKS, ids=[told for *_, told in BREAKS])
def test_a_change_that_breaks_clients_is_found(before: str, after: str, told: str) -> None:
    assert broken_promises(SDL, _changed(before, after)) == [told]


@pytest.mark.parametrize("change", FITS)
def test_what_was_deprecated_may_go_and_what_adds_may_come(change: str) -> None:
    assert broken_promises(SDL, _changed(*FITS[change])) == []


def test_a_type_goes_with_the_deprecated_field_that_alone_led_to_it() -> None:
    field = '  legacy: Legacy @deprecated(reason: "Use `person`.")\n'
    without = _changed(field, "").replace("type Legacy { text: String }\n", "")
    type_alone = _changed("type Legacy { text: String }\n", "").replace("Legacy", "String")

    assert broken_promises(SDL, without) == []
    assert broken_promises(SDL, type_alone) == [
        "Field Query.legacy changed type from Legacy to String.",
        "Legacy was removed.",
    ]


def test_a_deprecation_that_comes_together_with_the_removal_is_too_late() -> None:
    both = SDL.replace("  nick: String\n", '  nick: String @deprecated(reason: "Soon gone.")\n')

    assert broken_promises(SDL, both) == []
    assert broken_promises(both, SDL.replace("  nick: String\n", "")) == []
    assert broken_promises(SDL, SDL.replace("  nick: String\n", "")) != []


@pytest.mark.parametrize(
    ("noun", "name", "told"),
    [
        ("type Person", "displayName", "Field Person.displayName was removed."),
        ("enum GoalState", "ACHIEVED", "Enum value GoalState.ACHIEVED was removed."),
        ("input GoalStepInput", "goalId", "Field GoalStepInput.goalId was removed."),
    ],
)
def test_the_committed_schema_is_really_compared(noun: str, name: str, told: str) -> None:
    sdl = RELEASED.read_text()
    at = sdl.index(f"\n  {name}", sdl.index(f"\n{noun} "))

    renamed = sdl[:at] + sdl[at:].replace(name, "renamed", 1)

    assert told in broken_promises(sdl, renamed)


@pytest.fixture
def committed(tmp_path: Path) -> tuple[Path, Path]:
    """A current and a released document, to move one over the other."""
    current, released = tmp_path / "schema.graphql", tmp_path / "schema.released.graphql"
    current.write_text(SDL)
    released.write_text(HEADER + SDL)
    return current, released


def test_a_release_moves_the_promise_to_the_schema_of_today(committed: tuple[Path, Path]) -> None:
    current, released = committed
    wider = _changed("nick: String", 'nick: String @deprecated(reason: "Use `name`.")')
    current.write_text(wider)

    moved = [release(current=current, released=released) for _ in range(2)]
    current.write_text(_changed("  nick: String\n", ""))
    after = release(current=current, released=released)

    assert (moved, after) == ([True, False], True)
    assert released.read_text() == HEADER + current.read_text()
    assert build_schema(released.read_text()).query_type is not None


def test_a_release_that_breaks_clients_is_refused(committed: tuple[Path, Path]) -> None:
    current, released = committed
    current.write_text(_changed("  nick: String\n", ""))

    with pytest.raises(PromiseBroken, match=r"Field Person\.nick was removed\. Deprecate it"):
        release(current=current, released=released)

    assert released.read_text() == HEADER + SDL
