"""The order to erase, profile's own receipt, and the news that somebody is erased everywhere."""

from uuid import UUID

from shared.erasure import ORDER, Receipt, Subject
from shared.events import Fact


class ErasureOrdered(Fact, type=ORDER):
    """Every service removes this person. The order itself leaves the stream when all have."""

    erasure_id: UUID
    person: Subject


class ErasureReceipted(Receipt, type="waymark.profile.erasure.receipted.v1"):
    """Profile has removed the person."""


class SubjectErased(Fact, type="waymark.profile.subject.erased.v1"):
    """The person is erased everywhere; of them this id is left."""

    erasure_id: UUID
    person_id: UUID


FACTS: tuple[type[Fact], ...] = (ErasureOrdered, ErasureReceipted, SubjectErased)
