"""Convolution along one, two or three axes, each as one convolution of images."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array, lax

from lamina import kernels
from lamina._core import checks, windows
from lamina._core.windows import Sizes, plane
from lamina.errors import ShapeError
from lamina.kernels import Window

__all__ = ["convolve", "convolve_transpose"]


def convolve(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    strides: Sizes = 1,
    padding: str = "valid",
    dilation: Sizes = 1,
    activation: str = "linear",
) -> Array:
    """Return the convolution of `x` with a kernel, plus a bias, under an activation.

    Args:
        x: of shape (batch, ..., channels), with one, two or three axes between.
        kernel: of shape (..., channels / groups, outputs): where it has fewer channels than `x`, these are divided into
            groups, each with its share of the outputs.
        bias: of shape (outputs,); None for none.
        strides: how far the kernel moves at a time, one number or one for each axis.
        padding: "valid" for none, "same" for an output of size ⌈size / stride⌉, "causal" for the same, all in front.
        dilation: the distance between neighbouring numbers of the kernel, one number or one for each axis.
        activation: "linear", "relu", "sigmoid" or "tanh".

    Shape:
        (batch, ..., outputs).

    Raises:
        ShapeError: for a kernel that does not fit the channels, or is larger than what it moves over.
    """
    x, kernel = _of_one_type(x, kernel)
    rank, batch, groups = x.ndim - 2, x.shape[0], x.shape[-1] // kernel.shape[-2]
    if groups * kernel.shape[-2] != x.shape[-1]:
        raise _refusal("convolve", f"a kernel whose channels divide the {x.shape[-1]} of x", kernel.shape)
    strides, dilation = windows.per_axis(strides, rank), windows.per_axis(dilation, rank)
    moves = list(zip(x.shape[1:-1], map(windows.reach, kernel.shape[:-2], dilation), strides, strict=True))
    stops = [windows.stops(length, covered, stride=stride, padding=padding) for length, covered, stride in moves]
    if min(stops) < 1:
        raise _refusal("convolve", f"a kernel that fits into {x.shape[1:-1]}, dilated by {dilation}", kernel.shape)
    edges = [windows.edges(length, covered, stride=stride, padding=padding) for length, covered, stride in moves]
    if rank == 1:
        x, kernel = x[:, None], kernel[None]
    if rank == 3:
        x, kernel = _depth_in_channels(x, kernel, edges[0], strides[0], dilation[0])
    window = Window(plane(strides, 1), plane(edges, (0, 0)), plane(dilation, 1), groups)
    y = kernels.convolve(x, kernel, bias, window=window, activation=activation)
    return y.reshape(batch, *stops, y.shape[-1])


def convolve_transpose(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    strides: Sizes = 1,
    padding: str = "valid",
    dilation: Sizes = 1,
    output_padding: Sizes | None = None,
) -> Array:
    """Return what a convolution with `kernel` would send back to its input: a larger array, plus a bias.

    Args:
        x: of shape (batch, ..., channels), with one or two axes between.
        kernel: of shape (..., outputs, channels).
        bias: of shape (outputs,); None for none.
        strides: how far the kernel moves over the output for each place of `x`, one number or one for each axis.
        padding: "valid" for all that the kernel reaches, "same" for an output of size · stride.
        dilation: the distance between neighbouring numbers of the kernel, one number or one for each axis.
        output_padding: how many places are added at the end, one number or one for each axis, below the stride; by
            default as many as make every stride count.

    Shape:
        (batch, ..., outputs).

    Raises:
        ShapeError: for a kernel that does not have the channels of `x`.
    """
    if kernel.shape[-1] != x.shape[-1]:
        raise _refusal("convolve_transpose", f"a kernel of shape (..., outputs, {x.shape[-1]})", kernel.shape)
    x, kernel = _of_one_type(x, kernel)
    rank, batch = x.ndim - 2, x.shape[0]
    strides, dilation = windows.per_axis(strides, rank), windows.per_axis(dilation, rank)
    more = (None,) * rank if output_padding is None else windows.per_axis(output_padding, rank)
    sizes, edges = [], []
    for length, size, apart, stride, extra in zip(x.shape[1:-1], kernel.shape, dilation, strides, more, strict=False):
        covered = windows.reach(size, apart)
        sizes.append(windows.unrolled(length, covered, stride=stride, padding=padding, more=extra))
        cut = (length - 1) * stride + covered - sizes[-1]  # what the kernel reaches beyond the output
        edges.append((max(cut // 2, 0), max(cut - cut // 2, 0)))
    if rank == 1:
        x, kernel = x[:, None], kernel[None]
    window = Window(plane(strides, 1), plane(edges, (0, 0)), plane(dilation, 1))
    y = kernels.convolve_transpose(x, kernel, window=window, image=plane(sizes, 1))
    y = y.reshape(batch, *sizes, y.shape[-1])
    return y if bias is None else y + bias


def _of_one_type(x: Array, kernel: Array) -> tuple[Array, Array]:
    dtype = jnp.promote_types(x.dtype, kernel.dtype)
    return x.astype(dtype), kernel.astype(dtype)


def _depth_in_channels(
    x: Array, kernel: Array, edges: tuple[int, int], stride: int, dilation: int
) -> tuple[Array, Array]:
    """Return images and a kernel for volumes, what the kernel meets along the depth being more channels."""
    depth, height, width, inputs, outputs = kernel.shape
    x = jnp.pad(x, ((0, 0), edges, (0, 0), (0, 0), (0, 0)))
    last = x.shape[1] - windows.reach(depth, dilation)
    parts = [
        lax.slice_in_dim(x, start, start + last + 1, stride, axis=1) for start in range(0, depth * dilation, dilation)
    ]
    by_group = [part.reshape(-1, *x.shape[2:4], x.shape[4] // inputs, inputs) for part in parts]
    images = jnp.stack(by_group, axis=4)
    return images.reshape(*images.shape[:3], -1), jnp.moveaxis(kernel, 0, 2).reshape(
        height, width, depth * inputs, outputs
    )


def _refusal(name: str, expected: str, got: tuple[int, ...]) -> ShapeError:
    fix = "give a kernel of another shape, or pad x."
    return checks.problem(ShapeError, f"ops.{name}", expected=expected, got=f"one of shape {got}", fix=fix)
