"""What a case of a layer is, and the arguments that many of them take."""

from dataclasses import dataclass

from lamina import constraints, initializers, regularizers
from lamina.layers import Layer

L1, L2 = regularizers.L1(0.03), regularizers.L2(0.02)
POSITIVE, SHORT = constraints.NonNeg(), constraints.MaxNorm(0.5)
SOME, OTHER = initializers.RandomNormal(stddev=0.5, seed=1), initializers.Constant(0.7)


@dataclass(frozen=True)
class Case:
    """A layer, the shape of one row of each of its inputs, and what is promised for them.

    Args:
        layer: the layer.
        inputs: the shape of one row of each input.
        output: the shape of one row of the output; of several outputs, how many numbers all of them have in a row.
        training: what is different while training: nothing, "random" numbers, or that rows of the "batch" are coupled.
        tokens: how many whole numbers there are to choose inputs from; None for real numbers.
    """

    layer: Layer
    inputs: tuple[tuple[int, ...], ...]
    output: tuple[int, ...]
    training: str = ""
    tokens: int | None = None

    @property
    def label(self):
        return f"{self.layer!r} on {self.inputs}"


def one(layer, shape, output=None, **more):
    """Return the case of a layer with one input, whose output has its shape where no other is given."""
    return Case(layer, (shape,), shape if output is None else output, **more)
