"""What a file of Lamina's holds, and the text that describes it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from lamina._core import checks, portable
from lamina._version import __version__
from lamina.errors import FormatError
from lamina.saving._strict_json import canonical, parse

FORMAT = 1
"""The version of the format that is written; every version that was ever released is read."""

Kind: TypeAlias = Literal["model", "weights", "checkpoint"]


class Contents(NamedTuple):
    """What a file holds.

    Args:
        kind: "model" for all it takes to go on, "weights" for arrays alone, "checkpoint" for training that was stopped.
        config: plain JSON values that say what the tensors belong to; empty for weights.
        tensors: arrays by name.
    """

    kind: Kind
    config: dict[str, Any]
    tensors: dict[str, np.ndarray]


def describe(contents: Contents) -> str:
    """Return the text that stands beside the tensors in a file, its hash over all of both included."""
    fields = {"format": FORMAT, "lamina": __version__, "content": contents.kind, "config": contents.config}
    return canonical({**fields, "sha256": _digest(fields, contents.tensors)})


def understand(text: str, tensors: dict[str, np.ndarray], *, where: str) -> Contents:
    """Return what a file holds, once its hash is found to be that of what it says and of its tensors.

    Raises:
        FormatError: for a text that `describe` did not write, and for tensors it was not written for.
    """
    fields = parse(text, where=where)
    version = fields.get("format") if isinstance(fields, dict) else None
    if type(version) is not int or not 1 <= version <= FORMAT:
        raise checks.problem(
            FormatError,
            where,
            expected=f"format version {FORMAT} or lower",
            got=checks.plain(version),
            fix=portable.UPDATE,
        )
    names = ("format", "lamina", "content", "config", "sha256")
    *_, kind, config, digest = portable.entries(fields, names, where=where)
    del fields["sha256"]
    if digest != _digest(fields, tensors):
        raise checks.problem(
            FormatError,
            where,
            expected="contents with the hash that the file states",
            got="others: the file was damaged or changed",
            fix="copy or download it again, or use another copy.",
        )
    if kind not in get_args(Kind) or not isinstance(config, dict) or (kind == "weights" and config):
        expected = "a 'model', a 'checkpoint', or 'weights' alone"
        raise portable.refusal(where, expected=expected, got=checks.plain(kind))
    return Contents(kind, config, tensors)


def _digest(fields: Mapping[str, Any], tensors: Mapping[str, np.ndarray]) -> str:
    """Hash the description, and the name, type, shape and bytes of each tensor."""
    digest = hashlib.sha256(canonical(fields).encode())
    for name in sorted(tensors):
        array = tensors[name]
        digest.update(f"\n{name} {array.dtype} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
