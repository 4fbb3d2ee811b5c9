"""The schema: the contract with front ends, committed as `schema.graphql`."""

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from services.gateway.types.checkin import CheckIn
from services.gateway.types.learning import LearningRecord
from services.gateway.types.mutations import WRITES
from services.gateway.types.problems import PROBLEMS
from services.gateway.types.query import Query
from services.gateway.types.skill import SkillAssertion, SkillLevel
from services.gateway.types.subscription import Subscription
from services.gateway.types.writing import mutation_type


def build() -> strawberry.Schema:
    """A fresh schema; building takes a moment, so an application does it once."""
    return strawberry.Schema(
        Query,
        mutation_type(WRITES),
        Subscription,
        types=[CheckIn, LearningRecord, SkillAssertion, SkillLevel, *PROBLEMS],
        config=StrawberryConfig(disable_field_suggestions=True),
    )


def core(schema: strawberry.Schema) -> GraphQLSchema:
    """graphql-core's side of the schema, which documents are validated and planned against."""
    return schema._schema  # noqa: SLF001 - strawberry offers no public way


def sdl(schema: strawberry.Schema) -> str:
    """The committed text."""
    return schema.as_str() + "\n"
