"""Every field of the schema is shown by a view or crosses by a declared join, and each join leads to a view."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from deploy.cli.schema import NOWHERE
from services.gateway import schema
from services.gateway.types.bindings import Spread, Target, ViewRef
from services.gateway.types.joins import BINDINGS
from shared.views import Elements, Embedded, Made, Many, One, Part, Scalar, Sealed, View

CORE = schema.core(schema.build())
CONNECTION_FIELDS = {"edges", "nodes", "pageInfo", "totalCount"}


def _views() -> dict[ViewRef, View]:
    found = {}
    for service in ("profile", "goals", "feedback"):
        module = import_module(f"services.{service}.app")
        app = module.create_app(module.SETTINGS(**NOWHERE))
        for view in app.state.service.blueprint.views:
            found[ViewRef(service, view.name, patient=view.patience is not None)] = view
    return found


VIEWS = _views()


def _views_of(target: Target) -> list[View]:
    """Several, where several services show a noun."""
    views = target.views if isinstance(target, Spread) else (target,)
    return [VIEWS[each] for each in views]


def _object(name: str) -> GraphQLObjectType:
    kind = CORE.get_type(name)
    assert isinstance(kind, GraphQLObjectType), name
    return kind


def _node_type(kind: GraphQLObjectType) -> GraphQLObjectType:
    """The type that a connection, a list or a reference leads to."""
    if kind.name.endswith("Connection"):
        return _object(get_named_type(kind.fields["nodes"].type).name)
    return kind


def _unshown(kind: GraphQLObjectType, shown: object, seen: set[tuple[str, int]]) -> Iterator[str]:
    """Fields of a type that what shows it does not have."""
    if (kind.name, id(shown)) in seen:
        return
    seen.add((kind.name, id(shown)))
    for name, field in kind.fields.items():
        join = BINDINGS.joins.get((kind.name, name))
        member = _member(shown, join.key if join else name)
        if join is not None:
            if join.key != "key" and not isinstance(member, Scalar | str):
                yield f"{kind.name}.{name}: no key {join.key}"
            continue
        if member is None:
            yield f"{kind.name}.{name}: not shown"
        elif not is_leaf_type(get_named_type(field.type)):
            target = _node_type(_object(get_named_type(field.type).name))
            yield from _unshown(target, _target(member), seen)
        elif not isinstance(member, Scalar | Sealed | str):
            yield f"{kind.name}.{name}: a leaf that is shown as an object"


def _member(shown: object, name: str) -> object:
    match shown:
        case View(fields=fields) | Embedded(fields=fields):
            return fields.get(name)
        case (
            Elements(members=members)
            | Part(members=members)
            | Sealed(members=members)
            | Made(members=members)
        ):
            return members.get(name)
    return None


def _target(member: object) -> object:
    return member.view() if isinstance(member, One | Many) else member


@pytest.mark.parametrize("noun", sorted(BINDINGS.nouns))
def test_each_field_of_a_noun_is_shown_by_its_view(noun: str) -> None:
    for view in _views_of(BINDINGS.nouns[noun]):
        assert list(_unshown(_object(noun), view, set())) == []


@pytest.mark.parametrize("edge", sorted(BINDINGS.joins))
def test_each_join_leads_to_a_view_that_shows_the_type_behind_it(edge: tuple[str, str]) -> None:
    join = BINDINGS.joins[edge]
    field = _object(edge[0]).fields[edge[1]]
    target = _node_type(_object(get_named_type(field.type).name))

    for view in _views_of(join.target):
        assert join.by == "id" or join.by in view.lists
        assert list(_unshown(target, view, set())) == []
    assert str(field.type)[-1] != "!", "an edge to another service may fail, so it is nullable"


@pytest.mark.parametrize("edge", sorted(BINDINGS.joins))
def test_each_argument_of_a_join_is_an_argument_of_its_view(edge: tuple[str, str]) -> None:
    arguments = set(_object(edge[0]).fields[edge[1]].args)

    for view in _views_of(BINDINGS.joins[edge].target):
        assert arguments <= view.arguments.keys() | {"first", "after", "orderBy"}


@pytest.mark.parametrize("name", sorted(BINDINGS.roots))
def test_each_start_of_a_query_has_a_view_that_answers_it(name: str) -> None:
    root = BINDINGS.roots[name]
    field = _object("Query").fields[name]
    kind = _node_type(_object(get_named_type(field.type).name))
    arguments = {
        inner
        for argument, declared in field.args.items()
        for inner in getattr(get_named_type(declared.type), "fields", {argument: None})
    }

    for view in _views_of(root.target):
        own = view.arguments.keys() | {"first", "after", "orderBy"}
        assert root.by in {"id", "all", "viewer", "first"} | view.lists.keys()
        assert arguments - {root.key_argument} <= own
        assert list(_unshown(kind, view, set())) == []


TARGETS = {join.target for join in BINDINGS.joins.values()}


@pytest.mark.parametrize("spread", [each for each in TARGETS if isinstance(each, Spread)])
def test_what_several_services_keep_is_ordered_by_the_same_instant_and_id(spread: Spread) -> None:
    assert {view.order for view in _views_of(spread)} == {("-last_at", "-id")}


def test_every_field_of_query_has_a_start() -> None:
    assert set(_object("Query").fields) == BINDINGS.roots.keys() | {"node", "nodes"}


def test_every_element_of_the_schema_is_described() -> None:
    undescribed = [
        f"{kind.name}.{name}"
        for kind in CORE.type_map.values()
        if not kind.name.startswith("__") and hasattr(kind, "fields")
        for name, field in kind.fields.items()
        if not field.description
    ]

    assert undescribed == []
