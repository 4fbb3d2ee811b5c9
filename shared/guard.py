"""One statement that brings its own tenant: what a reading transaction would set up first, it does itself."""

from sqlalchemy import ColumnElement, Select, Text, bindparam, case, func, literal_column, select

from shared.callers import Callers
from shared.tenancy import Actor, Principal

TENANT, PERSON, STANDING = "tenant", "person", "standing"


def within_tenant(statement: Select[str]) -> Select[str]:
    """The one value of `statement`, read as the tenant of the parameter `tenant`.

    A CASE runs what it chooses after its condition, and only then; the sub-select in a row-level policy reads the
    setting when the first row is looked for. Were the order ever another, no row would be seen. The setting ends with
    the statement, which is a transaction of its own.
    """
    return select(case((_set("app.tenant", TENANT), statement.scalar_subquery())))


def as_caller(callers: Callers, principal: Principal, statement: Select[str]) -> Select[str]:
    """The same, for the caller whose `standing` the parameter is: NULL when they are not who they were any more."""
    value = case((_set("app.person", PERSON), statement.scalar_subquery()))
    if principal.actor is Actor.PERSON:
        standing = func.coalesce(callers.standing.scalar_subquery(), literal_column("''", Text()))
        value = case((standing == _parameter(STANDING), value))
    return select(case((_set("app.tenant", TENANT), value)))


def _set(name: str, parameter: str) -> ColumnElement[bool]:
    value = _parameter(parameter)
    constant = literal_column(f"'{name}'", Text())
    return func.set_config(constant, value, literal_column("true"), type_=Text()) == value


def _parameter(name: str) -> ColumnElement[str]:
    return bindparam(name, type_=Text(), required=False)
