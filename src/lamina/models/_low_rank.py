"""Adapt a model to another task by training few numbers beside its dense layers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.layers import Graph, LowRank
from lamina.models._model import Model
from lamina.models._transformed import Replacement, check_model, chosen, transformed


def add_low_rank(model: Model, *patterns: str, rank: int = 8, alpha: float | None = None) -> Model:
    """Return a copy of a model that is trained only in small adapters.

    Dense layers get two matrices each, `a` and `b`, whose product is added to the kernel; see `LowRank`. All other
    weights are frozen, and ``unfreeze("head")`` trains a whole layer beside the adapters. At first the copy gives the
    same answers as the model. Compile's arguments and the settings are kept; the optimizer starts anew.

    Args:
        model: the model, which stays as it is.
        *patterns: paths of layers or parts of the model, where ``*`` stands for anything, as in `freeze`; all `Dense`
            layers when none is given.
        rank: how many columns `a` has, from 1 to the smaller side of each kernel.
        alpha: how much the adapters count: each product is multiplied by ``alpha / rank``; by default by 1.

    Raises:
        ArgumentError: for patterns that name no `Dense` layer, a rank that does not fit, and a model that has adapters.
        StageError: for a model whose input shape is not known yet.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((784,)), lm.layers.Dense(512, activation="relu"), lm.layers.Dense(10)])
        >>> adapted = lm.models.add_low_rank(model, rank=4)
        >>> adapted.count_params() - model.count_params()
        7272

    Reference:
        Hu et al. (2021), LoRA: low-rank adaptation of large language models, https://arxiv.org/abs/2106.09685
    """
    refuse_adapted(model, where="add_low_rank")
    fix = "name Dense layers; adapt a model before it is quantised."
    found = chosen(model.graph, patterns, LowRank.kinds, where="add_low_rank", fix=fix)
    _check_rank(model.graph, found, rank)
    replacements = {}
    for path, layer in found.items():
        adapted = LowRank(layer, rank, alpha, name=layer.name)
        arrays = {f"layer.{name}": array for name, array in model.get_weights(path).items()}
        replacements[path] = Replacement(adapted, arrays)
    return transformed(model, replacements, frozen=set(model.graph.layers()) - set(found))


def merge_low_rank(model: Model) -> Model:
    """Return a copy of a model with its adapters folded into the kernels.

    It gives the same answers, up to rounding, and has the layers that the model had before `add_low_rank`, so that it
    is as fast as that one. Nothing is frozen in it. Compile's arguments and the settings are kept; the optimizer
    starts anew.

    Args:
        model: a model that `add_low_rank` gave; it stays as it is.

    Raises:
        ArgumentError: for a model without adapters.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((784,)), lm.layers.Dense(10)])
        >>> lm.models.merge_low_rank(lm.models.add_low_rank(model)).layers
        [Dense(10)]
    """
    check_model(model, where="merge_low_rank")
    found = chosen(model.graph, (), (LowRank,), where="merge_low_rank", fix="call add_low_rank(model) first.")
    replacements = {
        path: Replacement(layer.layer.replace(name=layer.name), layer.merged(model.get_weights(path)))
        for path, layer in found.items()
    }
    return transformed(model, replacements, frozen=())


def refuse_adapted(model: Any, *, where: str) -> None:
    """Check that something is a model, and has no adapters."""
    check_model(model, where=where)
    adapted = [path for path, layer in model.graph.layers().items() if isinstance(layer, LowRank)]
    if adapted:
        raise checks.problem(
            ArgumentError,
            f"{where}(model)",
            expected="a model without adapters",
            got=f"one with an adapter around {adapted[0]}",
            fix=f"write {where}(merge_low_rank(model)).",
        )


def _check_rank(graph: Graph, paths: Iterable[str], rank: int) -> None:
    checks.integer("add_low_rank(rank)", rank)
    for path in paths:
        features, units = graph.declared()[path]["kernel"].shape
        most = min(features, units)
        if rank > most:
            raise checks.problem(
                ArgumentError,
                "add_low_rank(rank)",
                expected=f"at most {most}, the smaller side of {path}'s kernel of {features} by {units}",
                got=str(rank),
                fix="choose a smaller rank, or name the layers to adapt; unfreeze(path) trains another one whole.",
            )
