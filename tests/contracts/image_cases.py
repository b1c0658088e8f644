"""The cases of layers that move a window over sequences, images and volumes, and of those that reshape them."""

from contracts.case import L1, L2, OTHER, POSITIVE, SHORT, SOME, one
from lamina import layers

BIAS = {"bias_initializer": OTHER, "bias_regularizer": L1, "bias_constraint": POSITIVE, "activity_regularizer": L2}
KERNEL = {"kernel_initializer": SOME, "kernel_regularizer": L1, "kernel_constraint": SHORT}
DEPTHWISE = {"depthwise_initializer": SOME, "depthwise_regularizer": L1, "depthwise_constraint": SHORT}
POINTWISE = {"pointwise_initializer": OTHER, "pointwise_regularizer": L2, "pointwise_constraint": POSITIVE}

IMAGE_CASES = [
    one(layers.AveragePooling1D(3, 2, "same"), (6, 2), (3, 2)),
    one(layers.AveragePooling2D((3, 2), (2, 1), "same"), (5, 4, 2), (3, 4, 2)),
    one(layers.AveragePooling3D((2, 3, 2), (1, 2, 1), "same"), (3, 4, 3, 2), (3, 2, 3, 2)),
    one(layers.Conv1D(4, 3, 2, "causal", groups=2, activation="tanh", **KERNEL, **BIAS), (6, 2), (3, 4)),
    one(layers.Conv1D(2, 3, dilation_rate=2, use_bias=False), (7, 3), (3, 2)),
    one(
        layers.Conv2D(4, (3, 2), (2, 1), "same", groups=2, activation="sigmoid", **KERNEL, **BIAS), (5, 4, 2), (3, 4, 4)
    ),
    one(layers.Conv2D(2, 2, dilation_rate=(1, 2), activation="gelu", use_bias=False), (4, 5, 3), (3, 3, 2)),
    one(
        layers.Conv3D(4, (2, 3, 2), (1, 2, 1), "same", groups=2, activation="tanh", **KERNEL, **BIAS),
        (3, 4, 3, 2),
        (3, 2, 3, 4),
    ),
    one(layers.Conv3D(2, 2, dilation_rate=(2, 1, 1), use_bias=False), (4, 3, 3, 3), (2, 2, 2, 2)),
    one(layers.Conv1DTranspose(2, 3, 2, "same", 0, activation="tanh", **KERNEL, **BIAS), (3, 2), (5, 2)),
    one(layers.Conv1DTranspose(2, 2, dilation_rate=2, use_bias=False), (3, 3), (5, 2)),
    one(
        layers.Conv2DTranspose(2, (3, 2), (2, 3), "same", (0, 1), activation="tanh", **KERNEL, **BIAS),
        (3, 2, 2),
        (5, 4, 2),
    ),
    one(layers.Conv2DTranspose(2, 2, dilation_rate=(1, 2), use_bias=False), (2, 3, 3), (3, 5, 2)),
    one(layers.Cropping1D(2), (6, 2), (2, 2)),
    one(layers.Cropping2D(((1, 0), (0, 2))), (4, 4, 2), (3, 2, 2)),
    one(layers.Cropping3D((0, 1, 2)), (2, 3, 5, 2), (2, 1, 1, 2)),
    one(layers.DepthwiseConv1D(3, 2, "same", 2, activation="tanh", **DEPTHWISE, **BIAS), (5, 2), (3, 4)),
    one(layers.DepthwiseConv1D(2, dilation_rate=2, use_bias=False), (5, 2), (3, 2)),
    one(layers.DepthwiseConv2D((3, 2), 2, "same", 2, activation="tanh", **DEPTHWISE, **BIAS), (4, 4, 2), (2, 2, 4)),
    one(layers.DepthwiseConv2D(2, dilation_rate=(2, 1), use_bias=False), (4, 4, 3), (2, 3, 3)),
    one(layers.GlobalAveragePooling1D(keepdims=True), (4, 2), (1, 2)),
    one(layers.GlobalAveragePooling2D(keepdims=True), (3, 4, 2), (1, 1, 2)),
    one(layers.GlobalAveragePooling3D(keepdims=True), (2, 3, 4, 2), (1, 1, 1, 2)),
    one(layers.GlobalMaxPooling1D(keepdims=True), (4, 2), (1, 2)),
    one(layers.GlobalMaxPooling2D(keepdims=True), (3, 4, 2), (1, 1, 2)),
    one(layers.GlobalMaxPooling3D(keepdims=True), (2, 3, 4, 2), (1, 1, 1, 2)),
    one(
        layers.GroupNormalization(
            2,
            axis=1,
            epsilon=0.1,
            beta_initializer=SOME,
            gamma_initializer=OTHER,
            beta_regularizer=L1,
            gamma_regularizer=L2,
            beta_constraint=POSITIVE,
            gamma_constraint=SHORT,
        ),
        (4, 3),
    ),
    one(layers.GroupNormalization(-1, center=False, scale=False), (3, 3, 2)),
    one(layers.MaxPooling1D(3, 2, "same"), (6, 2), (3, 2)),
    one(layers.MaxPooling2D((3, 2), (2, 1), "same"), (5, 4, 2), (3, 4, 2)),
    one(layers.MaxPooling3D((2, 3, 2), (1, 2, 1), "same"), (3, 4, 3, 2), (3, 2, 3, 2)),
    one(
        layers.SeparableConv1D(3, 3, 2, "same", 1, 2, activation="tanh", **DEPTHWISE, **POINTWISE, **BIAS),
        (5, 2),
        (3, 3),
    ),
    one(layers.SeparableConv1D(3, 2, dilation_rate=2, use_bias=False), (5, 2), (3, 3)),
    one(
        layers.SeparableConv2D(3, (3, 2), 2, "same", 1, 2, activation="tanh", **DEPTHWISE, **POINTWISE, **BIAS),
        (4, 4, 2),
        (2, 2, 3),
    ),
    one(layers.SeparableConv2D(3, 2, dilation_rate=(2, 1), use_bias=False), (4, 4, 2), (2, 3, 3)),
    one(layers.SpatialDropout2D(0.4, seed=3), (4, 3, 2), training="random"),
    one(layers.SpatialDropout3D(0.4, seed=3), (2, 3, 2, 2), training="random"),
    one(layers.UpSampling1D(3), (2, 2), (6, 2)),
    one(layers.UpSampling2D((3, 1), interpolation="bilinear"), (3, 3, 2), (9, 3, 2)),
    one(layers.UpSampling3D((1, 2, 3)), (2, 2, 2, 1), (2, 4, 6, 1)),
    one(layers.ZeroPadding1D((2, 0)), (3, 2), (5, 2)),
    one(layers.ZeroPadding2D(((1, 0), (0, 2))), (3, 2, 2), (4, 4, 2)),
    one(layers.ZeroPadding3D((0, 1, 2)), (2, 2, 2, 1), (2, 4, 6, 1)),
]
