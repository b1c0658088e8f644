"""An optimizer with links before and after it."""

from __future__ import annotations

from typing import Any, cast

from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import ArgumentError
from lamina.ops import Array
from lamina.optimizers._from_optax import FromOptax
from lamina.optimizers._optimizer import Link, Optimizer, RateFunction
from lamina.optimizers._transformation import Transformation, stateless


@register("optimizer")
class Chain(Link):
    """One optimizer, with links that change what goes into it or comes out of it.

    A list given to `compile` becomes a chain. Gradients go through the links from left to right.

    Args:
        links: those that go before, the optimizer, and those that go after.

    Raises:
        ArgumentError: for a list without exactly one optimizer, or a link on the wrong side of it.

    Example:
        >>> from lamina import optimizers
        >>> chain = optimizers.get([optimizers.ClipNorm(1.0), "adam", optimizers.AverageWeights(0.99)])
        >>> chain.learning_rate
        0.001
    """

    links: tuple[Link, ...]

    def check(self) -> None:
        """Check that there is one optimizer, and that each link is on its side of it."""
        given: Any = self.links
        links = given if isinstance(given, tuple) else (given,)
        for link in links:
            if not isinstance(link, Link) or isinstance(link, Chain):
                raise self._problem(
                    expected="optimizers and links",
                    got=checks.plain(link),
                    fix='write optimizers.get([ClipNorm(1.0), "adam"]), one flat list, which takes names too.',
                )
        count = sum(link.side == "optimizer" for link in links)
        if count != 1:
            raise self._problem(
                expected="exactly one optimizer",
                got=f"{count} in {checks.plain(list(links))}",
                fix='write it as in [ClipNorm(1.0), "adam"].',
            )
        self._check_sides()

    def _check_sides(self) -> None:
        middle = self.links.index(self.optimizer)
        for index, link in enumerate(self.links):
            stands = "before" if index < middle else "after"
            if index != middle and link.side != stands:
                raise self._problem(
                    expected=f"{type(link).__name__} {link.side} the optimizer",
                    got=f"it {stands} {type(self.optimizer).__name__}",
                    fix=f"move it to the {'left' if link.side == 'before' else 'right'} of the optimizer in the list.",
                )
            if link.uses_rate and self.learning_rate is None:
                raise self._problem(
                    expected=f"an optimizer whose learning rate {type(link).__name__} can use",
                    got="FromOptax, which does not tell it",
                    fix="put it into the optax chain, as with optax.add_decayed_weights.",
                )

    def _problem(self, *, expected: str, got: str, fix: str) -> ArgumentError:
        return checks.problem(ArgumentError, self.place("links"), expected=expected, got=got, fix=fix)

    @property
    def optimizer(self) -> Optimizer | FromOptax:
        """The link that makes steps of gradients."""
        return next(cast("Optimizer | FromOptax", link) for link in self.links if link.side == "optimizer")

    @property
    def learning_rate(self) -> float | RateFunction | None:
        """The learning rate of the optimizer; None where optax keeps it to itself."""
        return self.optimizer.learning_rate

    def transformation(self) -> Transformation:
        """Return the links as one transformation, with one state for each link."""
        rest = stateless(lambda changes: changes)
        for link in reversed(self.links):
            rest = link.followed_by(rest, self._rate_at)
        return rest

    def finalize(self, state: Any, weights: Any) -> Any:
        """Let each link have its say, from left to right."""
        for link, own in zip(self.links, state, strict=True):
            weights = link.finalize(own, weights)
        return weights

    def _rate_at(self, step: Array) -> Any:
        return cast(Optimizer, self.optimizer).rate_at(step)
