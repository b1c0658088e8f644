"""One line for each layer and way of using it: what `test_layers.py` holds every one of them to.

The arguments of each class must all appear with values that are not their defaults, so that none can be lost unseen.
"""

from dataclasses import dataclass

from lamina import constraints, initializers, layers, regularizers
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
        output: the shape of one row of the output.
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


CASES = [
    one(layers.Activation("tanh"), (3,)),
    one(layers.ActivityRegularization(l1=0.1, l2=0.2), (3,)),
    Case(layers.Add(), ((3,), (3,), (3,)), (3,)),
    Case(layers.Add(), ((4, 3), (3,)), (4, 3)),
    one(layers.AlphaDropout(0.3, (None, 1), 4), (3,), training="random"),
    Case(layers.Average(), ((3,), (3,), (1,)), (3,)),
    one(layers.BatchNormalization(), (3,), training="batch"),
    one(
        layers.BatchNormalization(
            1,
            momentum=0.8,
            epsilon=0.1,
            beta_initializer=SOME,
            gamma_initializer=OTHER,
            moving_mean_initializer=SOME,
            moving_variance_initializer=OTHER,
            beta_regularizer=L1,
            gamma_regularizer=L2,
            beta_constraint=POSITIVE,
            gamma_constraint=SHORT,
        ),
        (3, 2),
        training="batch",
    ),
    one(layers.BatchNormalization(center=False, scale=False), (2, 3), training="batch"),
    Case(layers.Concatenate(), ((3,), (2,), (1,)), (6,)),
    Case(layers.Concatenate(axis=1), ((3, 2), (4, 2)), (7, 2)),
    one(layers.Dense(4), (3,), (4,)),
    one(
        layers.Dense(
            2,
            "tanh",
            kernel_initializer=SOME,
            bias_initializer=OTHER,
            kernel_regularizer=L1,
            bias_regularizer=L2,
            activity_regularizer=L2,
            kernel_constraint=SHORT,
            bias_constraint=POSITIVE,
        ),
        (5, 3),
        (5, 2),
    ),
    one(layers.Dense(2, use_bias=False), (3,), (2,)),
    Case(layers.Dot(1), ((3,), (3,)), (1,)),
    Case(layers.Dot((1, -1), normalize=True), ((3, 2), (4, 3)), (2, 4)),
    one(layers.Dropout(0.4), (3,), training="random"),
    one(layers.Dropout(0.4, noise_shape=(None, 1, 3), seed=5), (2, 3), training="random"),
    one(layers.Embedding(9, 4), (3,), (3, 4), tokens=9),
    one(
        layers.Embedding(9, 4, embeddings_initializer=SOME, embeddings_regularizer=L2, embeddings_constraint=SHORT),
        (),
        (4,),
        tokens=9,
    ),
    one(layers.Flatten(), (2, 3, 2), (12,)),
    one(layers.Flatten(), (), (1,)),
    one(layers.GaussianDropout(0.3, seed=2), (3,), training="random"),
    one(layers.GaussianNoise(0.3, seed=2), (3,), training="random"),
    one(layers.Identity(), (3,)),
    one(layers.LayerNormalization(), (3,)),
    one(
        layers.LayerNormalization(
            (1, 2),
            epsilon=0.1,
            beta_initializer=SOME,
            gamma_initializer=OTHER,
            beta_regularizer=L1,
            gamma_regularizer=L2,
            beta_constraint=POSITIVE,
            gamma_constraint=SHORT,
        ),
        (3, 2, 2),
    ),
    one(layers.LayerNormalization(center=False, scale=False), (3,)),
    one(layers.LeakyReLU(0.2), (3,)),
    Case(layers.Maximum(), ((3,), (3,)), (3,)),
    Case(layers.Minimum(), ((3,), (3,)), (3,)),
    Case(layers.Multiply(), ((2, 3), (1, 3)), (2, 3)),
    one(layers.Normalization(mean=(1.0, 2.0, 3.0), variance=(4.0, 0.0, 0.25)), (3,)),
    one(
        layers.Normalization((1, 2), mean=((1.0, 2.0, 3.0),) * 2, variance=((4.0, 1.0, 2.0),) * 2, invert=True), (2, 3)
    ),
    one(layers.Normalization(None, mean=1.0, variance=4.0), (2, 3)),
    one(layers.PReLU(), (2, 3)),
    one(
        layers.PReLU(alpha_initializer=SOME, alpha_regularizer=L1, alpha_constraint=POSITIVE, shared_axes=(1,)), (2, 3)
    ),
    one(layers.Permute((2, 1)), (2, 3), (3, 2)),
    one(layers.RepeatVector(4), (3,), (4, 3)),
    one(layers.Rescaling(0.5, 1.5), (3,)),
    one(layers.Rescaling((0.5, 2.0, 1.0), offset=(1.0, 0.0, 3.0)), (2, 3)),
    one(layers.Reshape((3, -1)), (2, 6), (3, 4)),
    one(layers.SpatialDropout1D(0.4, seed=3), (4, 3), training="random"),
    Case(layers.Subtract(), ((3,), (2, 3)), (2, 3)),
    one(layers.UnitNormalization(), (3,)),
    one(layers.UnitNormalization(axis=(1, 2)), (2, 3)),
]
