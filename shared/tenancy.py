"""Who acts, and for which tenant: nothing is asked of a database without a principal."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Actor(StrEnum):
    """What kind of caller a principal is."""

    PERSON = "PERSON"
    CLIENT = "CLIENT"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True, slots=True)
class Grant:
    """A standing granted to a person inside Waymark, over a subtree of the organisation or, without one, over all."""

    role: str
    org_unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller of one request, or the service itself when it reacts to an event."""

    tenant_id: UUID
    subject: str
    actor: Actor
    person_id: UUID | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)
    grants: tuple[Grant, ...] = ()

    @classmethod
    def system(cls, tenant_id: UUID, name: str) -> "Principal":
        """The service acting on its own behalf, e.g. for `goals.people` applying an event."""
        return cls(tenant_id=tenant_id, subject=name, actor=Actor.SYSTEM)

    def has_scope(self, scope: str) -> bool:
        return scope in self.scopes

    def granted(self, role: str) -> tuple[Grant, ...]:
        """The grants of that role, each with the subtree that it covers."""
        return tuple(grant for grant in self.grants if grant.role == role)

    @property
    def shape(self) -> tuple[object, ...]:
        """Principals of one shape meet the same predicates, but for the values of their parameters."""
        grants = {(grant.role, grant.org_unit_id is None) for grant in self.grants}
        return (self.actor, self.person_id is None, frozenset(grants), self.scopes)

    def parameters(self) -> dict[str, object]:
        """The values of the parameters in those predicates, by their fixed names."""
        roots = {
            f"roots_{role}": [g.org_unit_id for g in self.granted(role)]
            for role in {grant.role for grant in self.grants}
        }
        return {"me": self.person_id, **roots}
