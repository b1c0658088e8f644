"""One line for each layer and way of using it: what `test_layers.py` holds every one of them to.

The arguments of each class must all appear with values that are not their defaults, so that none can be lost unseen.
"""

from contracts.augmentation_cases import AUGMENTATION_CASES
from contracts.case import L1, L2, OTHER, POSITIVE, SHORT, SOME, Case, one
from contracts.image_cases import IMAGE_CASES
from contracts.recurrent_cases import RECURRENT_CASES
from lamina import layers

PROJECTIONS = {
    "sliding_window": 2,
    "kernel_initializer": SOME,
    "bias_initializer": OTHER,
    "kernel_regularizer": L1,
    "bias_regularizer": L2,
    "activity_regularizer": L2,
    "kernel_constraint": SHORT,
    "bias_constraint": POSITIVE,
}
"""What all layers of attention that project their inputs can be told."""


CASES = [
    one(layers.Activation("tanh"), (3,)),
    one(layers.ActivityRegularization(l1=0.1, l2=0.2), (3,)),
    Case(layers.Add(), ((3,), (3,), (3,)), (3,)),
    Case(layers.Add(), ((4, 3), (3,)), (4, 3)),
    Case(layers.AdditiveAttention(), ((3, 2), (4, 2)), (3, 2)),
    Case(
        layers.AdditiveAttention(
            use_scale=False, dropout=0.3, seed=4, use_causal_mask=True, return_attention_scores=True
        ),
        ((3, 2), (4, 5), (4, 2)),
        (3 * 5 + 3 * 4,),
        training="random",
    ),
    one(layers.AlphaDropout(0.3, (None, 1), 4), (3,), training="random"),
    Case(layers.Attention(), ((3, 2), (4, 2)), (3, 2)),
    Case(
        layers.Attention(
            use_scale=True,
            score_mode="concat",
            dropout=0.3,
            seed=4,
            use_causal_mask=True,
            return_attention_scores=True,
        ),
        ((3, 2), (4, 5), (4, 2), (3, 4)),
        (3 * 5 + 3 * 4,),
        training="random",
    ),
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
    one(layers.ELU(0.5), (3,)),
    one(layers.Embedding(9, 4), (3,), (3, 4), tokens=9),
    one(
        layers.Embedding(9, 4, embeddings_initializer=SOME, embeddings_regularizer=L2, embeddings_constraint=SHORT),
        (),
        (4,),
        tokens=9,
    ),
    one(layers.Embedding(9, 4, mask_zero=True), (3,), (3, 4), tokens=9),
    one(layers.Flatten(), (2, 3, 2), (12,)),
    one(layers.Flatten(), (), (1,)),
    one(layers.GaussianDropout(0.3, seed=2), (3,), training="random"),
    one(layers.GaussianNoise(0.3, seed=2), (3,), training="random"),
    Case(
        layers.GroupQueryAttention(3, 4, 2, use_causal_mask=True, return_attention_scores=True, use_bias=False),
        ((3, 4), (5, 6)),
        (3 * 4 + 4 * 3 * 5,),
    ),
    Case(
        layers.GroupQueryAttention(3, 2, 1, dropout=0.3, seed=4, use_gate=True, **PROJECTIONS),
        ((3, 4), (5, 6)),
        (3, 4),
        training="random",
    ),
    one(layers.Identity(), (3,)),
    one(layers.Int8(layers.Dense(2, "tanh")), (5, 3), (5, 2)),
    one(layers.Int8(layers.Conv1D(4, 2, groups=2)), (5, 2), (4, 4)),
    one(layers.Int8(layers.Embedding(9, 4)), (3,), (3, 4), tokens=9),
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
    one(layers.LowRank(layers.Dense(9)), (8,), (9,)),
    one(
        layers.LowRank(
            layers.Dense(4, "tanh", kernel_regularizer=L2, activity_regularizer=L1), rank=2, alpha=0.5, name="adapted"
        ),
        (5, 3),
        (5, 4),
    ),
    one(layers.Masking(), (3, 2)),
    one(layers.Masking(mask_value=1.0), (3, 2), tokens=2),
    Case(layers.Maximum(), ((3,), (3,)), (3,)),
    Case(layers.Minimum(), ((3,), (3,)), (3,)),
    Case(
        layers.MultiHeadAttention(2, 3, 4, units=5, use_causal_mask=True, return_attention_scores=True, use_bias=False),
        ((3, 4), (5, 6), (5, 2), (3, 5)),
        (3 * 5 + 2 * 3 * 5,),
    ),
    Case(
        layers.MultiHeadAttention(2, 3, dropout=0.3, seed=4, use_gate=True, **PROJECTIONS),
        ((3, 4), (5, 6)),
        (3, 4),
        training="random",
    ),
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
    one(layers.PositionEmbedding(5, initializer=SOME), (4, 3)),
    one(layers.ReLU(), (3,)),
    one(layers.ReLU(0.5, 0.5, 0.25), (3,)),
    one(layers.RepeatVector(4), (3,), (4, 3)),
    one(layers.Rescaling(0.5, 1.5), (3,)),
    one(layers.Rescaling((0.5, 2.0, 1.0), offset=(1.0, 0.0, 3.0)), (2, 3)),
    one(layers.Reshape((3, -1)), (2, 6), (3, 4)),
    one(layers.SinePositionEncoding(), (4, 3)),
    one(layers.SinePositionEncoding(max_wavelength=10.0), (4, 3)),
    one(layers.Softmax(), (3,)),
    one(layers.Softmax((1, -1)), (2, 3)),
    one(layers.SpatialDropout1D(0.4, seed=3), (4, 3), training="random"),
    Case(layers.Subtract(), ((3,), (2, 3)), (2, 3)),
    one(layers.UnitNormalization(), (3,)),
    one(layers.UnitNormalization(axis=(1, 2)), (2, 3)),
]
CASES += AUGMENTATION_CASES + IMAGE_CASES + RECURRENT_CASES
