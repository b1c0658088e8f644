"""Configuration objects: frozen dataclasses whose fields are arguments, saved form and repr at once.

Subclassing `Config` (directly or through `Layer`, `Loss`, ...) is enough: the class becomes a frozen dataclass, its
``check`` method runs after construction, an unknown or outdated keyword gets an error with today's name, and the module
`portable` turns it into plain JSON values and back.
"""

from __future__ import annotations

import copy
import dataclasses
import inspect
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self, TypeAlias, dataclass_transform

import numpy as np

from lamina._core import checks
from lamina._core.renamed import explain, misuse
from lamina.errors import ArgumentError

Setting: TypeAlias = Annotated[float, "Setting"]
"""Annotates a field whose number may change, or differ between networks, without compiling again."""

OptionalSetting: TypeAlias = Annotated[float, "Setting"]
"""Annotates a `Setting` of which nothing is computed while it is 0; only a change from 0 compiles again."""


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(dataclasses.field,))
class Config:
    """A frozen dataclass made by subclassing; equality is identity, as two equal layers are still two layers."""

    family: ClassVar[str] = ""

    def __init_subclass__(cls, **options: Any) -> None:
        """Make the subclass a frozen dataclass."""
        super().__init_subclass__(**options)
        if "__init__" in vars(cls):
            raise checks.problem(
                ArgumentError,
                cls.__name__,
                expected="arguments as annotated fields in the class body, which make the constructor",
                got="an __init__ of its own",
                fix="write a line like `units: int` or `rate: float = 0.5` for each argument, and remove __init__.",
            )
        dataclasses.dataclass(frozen=True, eq=False, repr=False)(cls)
        cls.__setattr__ = Config.__setattr__  # type: ignore[method-assign] # in place of dataclass's, for its words

    def __new__(cls, *values: Any, **named: Any) -> Self:
        """Refuse what the constructor does not take in the user's words, before the dataclass does in Python's."""
        error = misuse(cls.__name__, inspect.signature(cls.__init__), (None, *values), named)
        if error is not None:
            raise error
        return super().__new__(cls)

    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Any]]:
        """Return what `copy` and `pickle` make the same object from."""
        return (), fields_of(self)

    def __post_init__(self) -> None:
        """Store lists as tuples and NumPy's numbers as Python's, then run the class's own check."""
        for name, value in fields_of(self).items():
            object.__setattr__(self, name, _plain(value))
        self.check()

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse, with what to do instead: who else holds this object must not see it change."""
        known = list(fields_of(self))
        if name not in known:
            raise explain(type(self).__name__, name, known)
        raise checks.problem(
            ArgumentError,
            self.place(name),
            expected="a configuration to stay as it was made",
            got=f"{checks.plain(value)} in place of {checks.plain(getattr(self, name, None))}",
            fix=f"make another one, as in replace({name}={checks.plain(value)}).",
        )

    def check(self) -> None:
        """Raise `ArgumentError` for a field outside its range; subclasses say which."""

    def place(self, field: str) -> str:
        """Return how errors name one argument of this object: ``Dense(units)``."""
        return f"{type(self).__name__}({field})"

    def replace(self, **changes: Any) -> Self:
        """Return a new object with some arguments changed."""
        return type(self)(**{**fields_of(self), **changes})

    def __repr__(self) -> str:
        """Show what the user would have to write: required fields and those that differ from the default."""
        shown = []
        for field in sorted(_fields(type(self)), key=lambda field: bool(field.kw_only)):  # as a call has to have them
            value = getattr(self, field.name)
            if _is_required(field) and not field.kw_only:
                shown.append(_short(value))
            elif not _same(value, field.default):
                shown.append(f"{field.name}={_short(value)}")
        return f"{type(self).__name__}({', '.join(shown)})"


def fields_of(config: Config) -> dict[str, Any]:
    """Return the fields of a configuration object by name, in the order of the constructor."""
    return {field.name: getattr(config, field.name) for field in _fields(type(config))}


def settings_of(config: Config, prefix: str = "") -> Iterator[tuple[str, float]]:
    """Yield the numbers annotated `Setting`, here and in nested objects, as ``("kernel_regularizer/l2", 0.01)``."""
    for field in _fields(type(config)):
        value = getattr(config, field.name)
        if isinstance(value, Config):
            yield from settings_of(value, f"{prefix}{field.name}/")
        elif isinstance(value, tuple) and value and all(isinstance(item, Config) for item in value):
            for index, item in enumerate(value):
                yield from settings_of(item, f"{prefix}{field.name}/{index}/")
        elif _is_setting(field, value):
            yield f"{prefix}{field.name}", float(value)


def _is_setting(field: dataclasses.Field[Any], value: Any) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return "Setting" in str(field.type) and is_number and (value != 0 or "OptionalSetting" not in str(field.type))


def recheck(config: Config) -> None:
    """Run the checks of a configuration object, and of those inside it, once more; settings may have changed."""
    for value in fields_of(config).values():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Config):
                recheck(item)
    config.check()


def with_settings(config: Config, values: Mapping[str, Any]) -> Any:
    """Return a copy with some settings replaced, traced arrays included, without checking them again."""
    result = copy.copy(config)
    nested: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        head, _, rest = path.partition("/")
        if rest:
            nested.setdefault(head, {})[rest] = value
        else:
            object.__setattr__(result, head, value)
    for head, inner in nested.items():
        object.__setattr__(result, head, _replace_nested(getattr(config, head), inner))
    return result


def _replace_nested(value: Any, inner: dict[str, Any]) -> Any:
    if isinstance(value, Config):
        return with_settings(value, inner)
    items = list(value)
    for index, item in enumerate(items):
        own = {path.partition("/")[2]: number for path, number in inner.items() if path.partition("/")[0] == str(index)}
        items[index] = with_settings(item, own) if own else item
    return tuple(items)


def _fields(cls: type) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else ()


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    return tuple(_plain(item) for item in value) if type(value) in (list, tuple) else value


def _same(value: Any, default: Any) -> bool:
    return value is default or (
        type(value) is type(default) and not isinstance(value, Config) and bool(value == default)
    )


def _short(value: Any) -> str:
    if isinstance(value, tuple) and not any(isinstance(item, Config) for item in value):
        return checks.plain(value)  # many numbers are cut short
    return value.__name__ if callable(value) and hasattr(value, "__name__") else repr(value)
