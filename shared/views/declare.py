"""What a service shows of its nouns to the gateway: one declaration a noun, from field to column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from pydantic import TypeAdapter
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    String,
    Text,
    func,
    literal_column,
    true,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from shared.problems import BadRequest
from shared.tenancy import Principal

Columns: TypeAlias = ReadOnlyColumnCollection[str, Any]
Expression: TypeAlias = Callable[[Columns], ColumnElement[Any]]
SeenExpression: TypeAlias = Callable[[Principal, Columns], ColumnElement[Any]]
Visible: TypeAlias = Callable[[Principal, Columns], ColumnElement[bool]]
Filter: TypeAlias = Callable[[Columns, BindParameter[Any]], ColumnElement[bool]]
Arguments: TypeAlias = Mapping[str, BindParameter[Any]]
Source: TypeAlias = Callable[[Principal, Arguments], FromClause]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value of the row itself. Lists and objects come from JSONB columns or `json_…` expressions."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class One:
    """Another noun of the same service: the row of `view()` whose key stands in this row's column.

    If it `belongs` to this row, whoever sees the row sees it, and its view's own rule is not asked again.
    """

    view: Callable[[], "View"]
    on: str
    belongs: bool = False

    def target(self, within: "View") -> "View":
        return _belonging(self.view(), within) if self.belongs else self.view()


@dataclass(frozen=True, slots=True)
class Many:
    """Other rows of the same service: those of `view()` whose list column `by` names this row.

    `on` is this row's column that they name. Answers as a connection or as a plain list, as the gateway's type asks. If
    they `belong` to this row, whoever sees the row sees them, and their view's own rule is not asked again.
    """

    view: Callable[[], "View"]
    by: str
    on: str = "id"
    belong: bool = False

    def target(self, within: "View") -> "View":
        return _belonging(self.view(), within) if self.belong else self.view()


@dataclass(frozen=True, slots=True)
class Embedded:
    """An object made of the row's own values, e.g. the parts of a SMART goal."""

    fields: Mapping[str, "Scalar | Embedded"]


@dataclass(frozen=True, slots=True)
class Part:
    """An object, or a list of objects, inside a JSONB value: its name there, and what may be shown of it."""

    name: str
    members: Mapping[str, "str | Part"]


@dataclass(frozen=True, slots=True)
class Elements:
    """A list of objects kept in a JSONB array of the row; each field shows one member of an element.

    The first few alone are shown when the gateway asks with `first`. An array may be dear to make because of one
    member: `without` is the same array without the member `dear`, read when that is not asked for. `seen` makes the
    array for one caller, where some of it is not everybody's to see.
    """

    array: Expression
    members: Mapping[str, str | Part]
    dear: str = ""
    without: Expression | None = None
    seen: SeenExpression | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """A member of a JSON object that is sealed in the row: what `mark` marks is opened after the statement has run.

    `name` is the member; without `members` it is a value, else an object or a list of them of which those may be shown.
    With `made_by` the member is not there but made of the opened object: by the function of that name which the
    service gave to `sealing.marked.Opened`, out of the text `material` and the field's `first`. A row may hold the
    object in the open instead, as the JSONB `plain`.
    """

    mark: Expression
    name: str
    members: Mapping[str, str | Part] = field(default_factory=dict)
    made_by: str = ""
    material: Expression | None = None
    plain: Expression | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """Objects that no statement computes: the function `by` makes them of the JSON text `material`; see `making`."""

    by: str
    material: Expression
    members: Mapping[str, str | Part]


Field: TypeAlias = Scalar | One | Many | Embedded | Elements | Sealed | Made


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a list: its SQL type (as a Python type) and the predicate that it adds when given.

    With a `form` it is JSON of that form: checked as a body at a REST door is, and JSONB in the statement. `check`
    raises `Invalid` for a value that cannot be answered, as the REST door does.
    """

    python_type: type
    predicate: Filter | None = None
    many: bool = False
    form: TypeAdapter[Any] | None = None
    check: Callable[[Any], None] | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """That who is shown rows is noted in the access log, as `what`; `person` is the column of whom the rows are about.

    Or what finds the person of a row that does not name them. What is `certain` is written before the answer goes out.
    """

    what: str
    person: str | Expression = "person_id"
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Patience:
    """That records are read by a statement of their own, apart from those that are quick, within so many seconds.

    When that was not enough, the caller is told of `pointer` what to ask for instead.
    """

    seconds: float
    pointer: str
    instead: str


@dataclass(frozen=True, slots=True)
class View:
    """A noun as the gateway may ask for it.

    `source` is a table, or a function of principal and arguments that answers a subquery (for computed nouns; then
    `arguments` without a predicate reach it). `lists` names the ways to ask for many: by → column. `order` columns end
    with a unique one; a leading `-` turns a column round. `orders` are the values of an `orderBy` argument.
    """

    name: str
    source: FromClause | Source
    visible: Visible
    fields: Mapping[str, Field]
    key: str = "id"
    lists: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ("id",)
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    logged: Logged | None = None
    patience: Patience | None = None

    def list_column(self, by: str) -> str:
        """Raises `BadRequest`."""
        try:
            return self.lists[by]
        except KeyError:
            raise BadRequest(f"View {self.name} is not listed by {by}.") from None

    def is_code(self, column: str) -> bool:
        """Whether rows are found by texts there, and not by ids."""
        if not isinstance(self.source, FromClause):
            return False
        return isinstance(self.source.c[column].type, String)


def formed(form: Any) -> Argument:
    """An argument of JSON, e.g. `formed(list[WantedSkill])`: the form as pydantic takes it."""
    return Argument(object, form=TypeAdapter(form))


def _belonging(view: View, within: View) -> View:
    """What belongs to a row that is noted as the same is noted with it."""
    noted = view.logged and within.logged and view.logged.what == within.logged.what
    logged = None if noted else view.logged
    return replace(view, visible=lambda _principal, _row: true(), logged=logged)


def columns(*names: str) -> dict[str, Field]:
    """Fields that are just columns: `columns("displayName")` shows `display_name`."""
    return {name: column(_snake(name)) for name in names}


def column(name: str) -> Scalar:
    """A field that shows a column of another name."""
    return Scalar(lambda row: row[name])


def global_id(typename: str, name: str = "id") -> Scalar:
    """The Relay global id of a row: opaque to clients, `Type:uuid` in base64 for us."""
    prefix, encoding, base = (
        literal_column(f"'{text}'", Text()) for text in (f"{typename}:", "UTF8", "base64")
    )
    return Scalar(
        lambda row: func.encode(func.convert_to(func.concat(prefix, row[name]), encoding), base)
    )


def elements(name: str, *members: str | Part, dear: str = "", without: str = "") -> Elements:
    """The objects of the JSONB array column `name`, whose members have the wire's own names."""
    lighter = (lambda row: row[without]) if without else None
    return Elements(lambda row: row[name], _members(members), dear, lighter)


def sealed(
    mark: Expression, name: str, *members: str | Part, plain: Expression | None = None
) -> Sealed:
    """The member `name` of what is sealed, with the wire's own names."""
    return Sealed(mark, name, _members(members), plain=plain)


def computed(array: Expression, *members: str | Part) -> Elements:
    """The objects of an array that is made only where it is asked for."""
    return Elements(array, _members(members))


def computed_for_caller(array: SeenExpression, *members: str | Part) -> Elements:
    """As `computed`, of what the caller may see."""
    return Elements(_nothing, _members(members), seen=array)


def made(by: str, material: Expression, *members: str | Part) -> Made:
    """A list that the function `by` makes of the material, under the wire's own names."""
    return Made(by, material, _members(members))


def _nothing(_row: Columns) -> ColumnElement[Any]:
    return literal_column("'[]'::jsonb")


def part(name: str, *members: str | Part) -> Part:
    """A nested object or list of an element, under the wire's own names."""
    return Part(name, _members(members))


def _members(members: tuple[str | Part, ...]) -> dict[str, str | Part]:
    return {each if isinstance(each, str) else each.name: each for each in members}


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
