"""Fields of a fact that leave the process sealed: `Sealed[str]` there, `Unsealed[str]` in what its own service reads.

On the wire such a field is a `SealedField`, whatever its type.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, TypeAlias, TypeVar, Union, get_args, get_origin
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    ValidationInfo,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

Seal = Callable[[str, bytes], "SealedField"]
"""Given the field's name and its JSON."""
Open = Callable[[str, "SealedField"], bytes | None]
"""The field's JSON; None without the key."""

_SEAL, _OPEN = "seal", "open"


class NotSealed(TypeError):
    """A sealed field is written by `events.publish` alone, and not by its dumps."""


class SealedField(BaseModel):
    """Sealed (AES-256-GCM) with a data key of this person: only the producing service reads it, and nobody once the
    person is erased."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid"
    )
    person_id: UUID
    sealed: str


@dataclass(frozen=True, slots=True)
class _Sealed:
    """Makes the serializer seal; there is no other way to write the field."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema, name = handler(source), handler.field_name or ""

        def write(
            plain: Any, inner: SerializerFunctionWrapHandler, info: SerializationInfo
        ) -> dict[str, Any]:
            seal: Seal | None = (info.context or {}).get(_SEAL)
            if seal is None:
                raise NotSealed(NotSealed.__doc__)
            content = json.dumps(inner(plain), ensure_ascii=False)
            return seal(name, content.encode()).model_dump(mode="json", by_alias=True)

        writing = core_schema.wrap_serializer_function_ser_schema(
            write, info_arg=True, schema=schema
        )
        return core_schema.no_info_after_validator_function(
            lambda value: value, schema, serialization=writing
        )

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(SealedField.__pydantic_core_schema__)


@dataclass(frozen=True, slots=True)
class _Unsealed:
    """Makes the validator open. What never was sealed, in a fact from before the field was, is read as it is."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema, name = handler(source), handler.field_name or ""

        def read(told: Any, info: ValidationInfo) -> Any:
            if not (isinstance(told, Mapping) and told.keys() == {"personId", "sealed"}):
                return told
            opening: Open | None = (info.context or {}).get(_OPEN)
            content = opening(name, SealedField.model_validate(told)) if opening else None
            return None if content is None else json.loads(content)

        return core_schema.with_info_before_validator_function(read, schema)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(SealedField.__pydantic_core_schema__)


T = TypeVar("T")
Sealed: TypeAlias = Annotated[T, _Sealed(), Field(repr=False)]
"""Of a fact; plain in the process that says it."""
Unsealed: TypeAlias = Annotated[T | None, _Unsealed(), Field(repr=False)]
"""Of what the producing service reads of its own fact; None once the person's key is gone, and in other services."""


def writing(seal: Seal) -> dict[str, Any]:
    """The context of a serialization."""
    return {_SEAL: seal}


def reading(opening: Open) -> dict[str, Any]:
    """The context of a validation."""
    return {_OPEN: opening}


@lru_cache(maxsize=1024)
def seals(model: type[BaseModel]) -> bool:
    """Whether a model has sealed fields, however deep."""
    return any(isinstance(each, _Sealed) for each in _marks(model, {model}))


@lru_cache(maxsize=1024)
def unseals(model: type[BaseModel]) -> bool:
    return any(isinstance(each, _Unsealed) for each in _marks(model, {model}))


def fields_in(payload: Any) -> Iterator[SealedField]:
    """What is sealed in a payload, however deep."""
    match payload:
        case {"personId": str(person_id), "sealed": str(sealed), **others} if not others:
            yield SealedField(person_id=UUID(person_id), sealed=sealed)
        case dict():
            for each in payload.values():
                yield from fields_in(each)
        case list():
            for each in payload:
                yield from fields_in(each)


def _marks(annotation: Any, seen: set[Any]) -> Iterator[Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for each in annotation.model_fields.values():
            yield from each.metadata
            if each.annotation not in seen:
                yield from _marks(each.annotation, seen | {each.annotation})
    elif get_origin(annotation) is Annotated:
        yield from annotation.__metadata__
        yield from _marks(annotation.__origin__, seen)
    elif get_origin(annotation) in (Union, UnionType) or get_args(annotation):
        for each in get_args(annotation):
            yield from _marks(each, seen)
