"""The base of every value, event and entry: a frozen pydantic model that takes no other fields.

One declaration reads text from outside and stored rows, writes them, and gives the JSON Schema of
lines. The validator of a class is built for its first value, so a command builds only those of the
kinds that an issuer has.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema

__all__ = ["Field", "Unstated", "Value", "must_hold", "optional"]

_AnyValue = TypeVar("_AnyValue", bound="Value")
_Stated = TypeVar("_Stated")


class Unstated(Generic[_Stated]):
    """An attribute that is None if the event has no field of its name.

    It has no setter, so the field of a subclass takes precedence. The class itself does not have
    the attribute, so it is not a default of that field.
    """

    def __get__(self, event: object | None, kind: type) -> _Stated | None:
        if event is None:
            raise AttributeError(kind)
        return None


def optional(description: str, **more: Any) -> Any:
    """A described field that may be absent."""
    return Field(default=None, description=description, **more)


def must_hold(check: Callable[[_AnyValue], None]) -> Any:
    """Mark a method of a value that raises ValueError if its fields contradict each other."""

    @wraps(check)
    def checked(self: _AnyValue) -> _AnyValue:
        check(self)
        return self

    return model_validator(mode="after")(checked)


class Value(BaseModel):
    """A frozen value. Only the fields that were stated are written."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        defer_build=True,
        ignored_types=(Unstated,),
        validate_by_alias=True,
        json_schema_extra=lambda schema: schema.pop("description", None),
    )

    nullable: ClassVar[frozenset[str]] = frozenset()
    """Fields in which null has a meaning; elsewhere null is the same as absent."""

    def __init__(self, **values: Any) -> None:
        """A value of these fields, by either of their names.

        None is the same as absent, except in `nullable` fields. Raises pydantic's ValidationError.
        """
        stated = {n: v for n, v in values.items() if v is not None or n in self.nullable}
        self.__pydantic_validator__.validate_python(
            stated, self_instance=self, by_alias=True, by_name=True
        )

    # Reading makes the instance without __init__, which is only for Python.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler, /
    ) -> CoreSchema:
        """Accept None only in `nullable` fields; text, numbers and flags only as such."""
        schema = handler(source)
        part: Any = schema
        while part["type"] != "model-fields":
            if part["type"] == "definition-ref":  # seen before, and made strict then
                return schema
            part = part["schema"]
        for name, field in part["fields"].items():
            stated = field["schema"]
            may_be_absent = stated["type"] == "default" and stated["schema"]["type"] == "nullable"
            if may_be_absent and name not in cls.nullable:
                stated["schema"] = stated["schema"]["schema"]
            while "schema" in stated:
                stated = stated["schema"]
            if stated["type"] in ("str", "int", "bool"):
                stated["strict"] = True
        return schema

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        """The value that an object of JSON states; raises pydantic's ValidationError."""
        made: Self = cls.__pydantic_validator__.validate_python(data)
        return made

    @classmethod
    def read(cls, text: str | bytes) -> Self:
        """The value in a JSON text; raises pydantic's ValidationError naming every wrong field."""
        made: Self = cls.__pydantic_validator__.validate_json(text)
        return made

    def checked(self) -> Self:
        """An equal value, with every field checked, however this one was made.

        Raises pydantic's ValidationError.
        """
        return type(self)(**taken_apart(self))

    def to_json(self) -> bytes:
        """The stored form, as compact JSON: the stated fields, in the order of declaration."""
        return self.__pydantic_serializer__.to_json(
            self, by_alias=True, exclude_unset=True, warnings="error"
        )

    def as_stored(self) -> dict[str, Any]:
        """The stored form, ready for JSON; the form of lines too."""
        stored: dict[str, Any] = self.__pydantic_serializer__.to_python(
            self, mode="json", by_alias=True, exclude_unset=True
        )
        return stored

    @property
    def stated(self) -> set[str]:
        """The names of the fields that were stated."""
        return self.__pydantic_fields_set__

    def replaced(self, **values: Any) -> Self:
        """This value with other fields, which are checked when it is recorded."""
        # As model_copy does, without its steps for features that no value uses.
        made = type(self).__new__(type(self))
        fields = self.__dict__ | values
        for name in fields.keys() - self.__pydantic_fields__.keys():
            del fields[name]  # what was worked out from other fields stays behind
        object.__setattr__(made, "__dict__", fields)
        object.__setattr__(made, "__pydantic_fields_set__", self.stated | values.keys())
        object.__setattr__(made, "__pydantic_extra__", None)
        object.__setattr__(made, "__pydantic_private__", None)
        return made

    @classmethod
    def stored_name(cls, name: str) -> str:
        """The name of a field in JSON."""
        return cls.model_fields[name].alias or name


def taken_apart(value: Any) -> Any:
    """The stated fields of a value and its parts, so that a model can check them again."""
    if isinstance(value, Value):
        fields = value.__dict__
        return {name: taken_apart(fields[name]) for name in value.stated & fields.keys()}
    return tuple(map(taken_apart, value)) if isinstance(value, tuple | list) else value
