"""What a file can carry: configuration as plain JSON values, and back through the closed registry.

`encode` writes ``Dense(10)`` as ``{"kind": "layer/Dense", "units": 10, ...}``. `decode` calls the constructor again, so
that what a class refuses from its users it refuses from a file. A kind is looked up in the registry or, where it starts
with ``custom/``, among the classes that the caller hands over. Nothing is imported, evaluated or opened.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lamina._core import checks, registry
from lamina._core.config import Config, fields_of
from lamina.errors import FormatError

CUSTOM = "custom/"
BASES = {
    "activation": "Layer",
    "constraint": "Constraint",
    "initializer": "Initializer",
    "layer": "Layer",
    "loss": "Loss",
    "metric": "Metric",
    "optimizer": "Optimizer",
    "regularizer": "Regularizer",
    "schedule": "Schedule",
}
"""The families that a file may name, and the class to subclass for one's own."""

ANNOTATED = {
    "ActivationLike": "activation",
    "ConstraintLike": "constraint",
    "Dense": "layer",
    "InitializerLike": "initializer",
    "Layer": "layer",
    "Link": "optimizer",
    "RNNCell": "layer",
    "RateFunction": "schedule",
    "Recurrent": "layer",
    "RegularizerLike": "regularizer",
}
"""Which family may stand in a field whose annotation has this word."""

KIND = re.compile(r"(custom/)?([a-z]+)/([A-Za-z_]\w{0,99})")
UPDATE = "update Lamina: pip install --upgrade lamina."
ADDRESS = re.compile(r"://|\\|^[/~]|^[A-Za-z]:/|(^|/)\.\.(/|$)")


def refusal(where: str, *, expected: str, got: str) -> FormatError:
    """Return the error for a file that says what `save` never writes."""
    return checks.problem(FormatError, where, expected=expected, got=got, fix="use the file as save wrote it.")


def encode(value: Any, *, where: str) -> Any:
    """Turn a configuration value into plain JSON values.

    Raises:
        FormatError: for a function or object that no file can carry, named by its place.
    """
    return _encode(value, where, "")


def decode(value: Any, family: str, *, where: str, custom: Mapping[str, type[Config]] | None = None) -> Any:
    """Make the object of one family that `encode` wrote.

    Raises:
        FormatError: for a kind that is unknown or of another family, an argument that does not exist, and one that the
            constructor refuses.
    """
    return _decode(value, [family], where, custom or {})


def custom_classes(value: Any) -> Iterator[type[Config]]:
    """Yield the classes in a configuration value that are not Lamina's own, which loading will ask for."""
    if isinstance(value, Config):
        if registry.name_of(type(value)) is None:
            yield type(value)
        value = list(fields_of(value).values())
    if isinstance(value, type) and issubclass(value, Config):
        yield from custom_classes(value())
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from custom_classes(item)


def entries(value: Any, names: Sequence[str], *, where: str) -> list[Any]:
    """Return what a saved object says under each of `names`, which must be all that it says."""
    got = None if isinstance(value, dict) else checks.plain(value)
    if got is None and not set(value) <= set(names):
        got = f"also {checks.plain(min(set(value) - set(names)))}"
    elif got is None and len(value) < len(names):
        got = f"one without {min(set(names) - set(value))!r}"
    if got is not None:
        raise refusal(where, expected=f"an object with {checks.listed(names, 'and')}", got=got)
    return [value[name] for name in names]


def sequence(value: Any, *, where: str) -> list[Any]:
    """Return a saved list, or refuse what is none."""
    if not isinstance(value, list):
        raise refusal(where, expected="a list", got=checks.plain(value))
    return value


def _encode(value: Any, where: str, family: str) -> Any:
    if isinstance(value, type) and issubclass(value, Config):
        value = value()  # a class stands for an object of it without arguments
    if isinstance(value, Config):
        own = registry.name_of(type(value)) is None
        saved = {"kind": f"{CUSTOM if own else ''}{value.family}/{type(value).__name__}"}
        for field in dataclasses.fields(value):  # type: ignore[arg-type]
            place = f"{where}: {value.place(field.name)}"
            saved[field.name] = _encode(getattr(value, field.name), place, [*_families(field), value.family][0])
        return saved
    if isinstance(value, (tuple, list)):
        return [_encode(item, where, family) for item in value]
    found = registry.name_of(value)
    if found:
        return {"kind": "/".join(found)}
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if isinstance(value, str):
        return _checked_text(value, where)
    if value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise checks.problem(
        FormatError,
        where,
        expected="what a file can carry: finite numbers, text, and classes of layers, losses and the like",
        got=checks.plain(value),
        fix=f"write it as a subclass of {BASES.get(family, 'Layer')}, and pass custom_objects= when you load.",
    )


def _decode(value: Any, families: Sequence[str], where: str, custom: Mapping[str, type[Config]]) -> Any:
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or not KIND.fullmatch(kind):
        raise refusal(where, expected="an object with a 'kind'", got=checks.plain(value))
    entry = _entry(kind, families, where, custom)
    arguments = {name: item for name, item in value.items() if name != "kind"}
    fields = {field.name: field for field in dataclasses.fields(entry)} if isinstance(entry, type) else {}
    for name in arguments:
        if name not in fields:
            raise checks.problem(
                FormatError,
                f"{where} ({kind})",
                expected=f"only {checks.listed(fields, 'and')}" if fields else "no arguments",
                got=checks.plain(name),
                fix="give the class this argument." if kind.startswith(CUSTOM) else UPDATE,
            )
    if not isinstance(entry, type):
        return entry
    # A user's own class decides by itself what its fields may hold; for Lamina's the annotations say it.
    allowed = {name: list(BASES) if kind.startswith(CUSTOM) else _families(fields[name]) for name in arguments}
    decoded = {name: _argument(item, allowed[name], f"{where}.{name}", custom) for name, item in arguments.items()}
    with checks.refusing(where):
        return entry(**decoded)


def _argument(value: Any, families: Sequence[str], where: str, custom: Mapping[str, type[Config]]) -> Any:
    if isinstance(value, list):
        return tuple(_argument(item, families, where, custom) for item in value)
    if isinstance(value, dict):
        return _decode(value, families, where, custom)
    return _checked_text(value, where) if isinstance(value, str) else value


def _entry(kind: str, families: Sequence[str], where: str, custom: Mapping[str, type[Config]]) -> Any:
    family, _, name = kind.removeprefix(CUSTOM).partition("/")
    if family not in families:
        expected = f"a kind of {checks.listed(families)}" if families else "a plain value"
        raise refusal(where, expected=expected, got=repr(kind))
    if kind.startswith(CUSTOM):
        if name in custom and custom[name].family == family:
            return custom[name]
        expected, fix = f"your own {family}", f"load with custom_objects={{{name!r}: {name}}}."
    else:
        if name in registry.names(family):
            return registry.resolve(family, name, where=where)
        expected, fix = f"a {family} that this version knows", UPDATE
    raise checks.problem(FormatError, where, expected=expected, got=repr(name), fix=fix)


def _families(field: dataclasses.Field[Any]) -> list[str]:
    words = re.findall(r"\w+", str(field.type))
    return [ANNOTATED[word] for word in words if word in ANNOTATED]


def _checked_text(text: str, where: str) -> str:
    """Return text that points at nothing outside the file, and does nothing to the screen it is shown on."""
    if ADDRESS.search(text) or not text.isprintable():
        raise checks.problem(
            FormatError,
            where,
            expected="plain text, no path and no address",
            got=checks.plain(text),
            fix="keep paths, addresses and control characters out of the model's configuration.",
        )
    return text
