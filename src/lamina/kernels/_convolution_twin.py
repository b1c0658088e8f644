"""Convolution in pure JAX: what the native kernels must equal, and what runs where there are none.

XLA's own convolution takes several times as long on a CPU as a matrix product of the same size, and its gradients more
so. Here what the kernel meets at each of its stops is written into one row, for a few images at a time so that the rows
stay in the cache, and one matrix product does the rest.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable

import jax.numpy as jnp
from jax import Array, lax

from lamina.kernels._activations import activate
from lamina.kernels._window import Sizes, Window, taps

BLOCK = 1 << 20
"""How many numbers the rows of a block of images may hold together: a few megabytes."""


def forward(x: Array, kernel: Array, bias: Array | None, window: Window, activation: str) -> Array:
    """Return ``activation(convolution + bias)``."""

    def convolved(images: Array) -> Array:
        y = _products(taps(images, kernel.shape[:2], window), kernel, window.groups)
        return activate(activation, y if bias is None else y + bias)

    stops = math.prod(window.stops(x.shape[1:3], kernel.shape[:2]))
    return _by_blocks(convolved, x, stops * _area(kernel.shape) * x.shape[3])


def input_gradient(dy: Array, kernel: Array, window: Window, x_shape: Sizes) -> Array:
    """Return the convolution of `dy`, its numbers a stride apart, with the kernel turned around."""
    edges = [
        (reach - low, size + low - (stops - 1) * stride - 1, stride - 1)
        for reach, (low, _), size, stops, stride in zip(
            window.reach(kernel.shape[:2]), window.padding, x_shape[1:3], dy.shape[1:3], window.strides, strict=True
        )
    ]
    turned = _turned(kernel, window.groups)
    inside = Window(dilation=window.dilation, groups=window.groups)

    def convolved(slopes: Array) -> Array:
        slopes = lax.pad(slopes, slopes.dtype.type(0), ((0, 0, 0), *edges, (0, 0, 0)))
        return _products(taps(slopes, kernel.shape[:2], inside), turned, window.groups)

    return _by_blocks(convolved, dy, math.prod(x_shape[1:3]) * _area(kernel.shape) * dy.shape[3])


def kernel_gradient(x: Array, dy: Array, window: Window, kernel_shape: Sizes) -> Array:
    """Return, for each number of the kernel, the sum of what it met times `dy`."""

    def add(total: Array, block: tuple[Array, Array]) -> tuple[Array, None]:
        images, slopes = block
        return total + _slopes(taps(images, kernel_shape[:2], window), slopes, window.groups), None

    images = _block_of(len(x), math.prod(dy.shape[1:3]) * _area(kernel_shape) * x.shape[3])
    blocks = x.reshape(-1, images, *x.shape[1:]), dy.reshape(-1, images, *dy.shape[1:])
    total, _ = lax.scan(add, jnp.zeros(_by_groups(kernel_shape, window.groups), _sums(x)), blocks)
    return total.reshape(kernel_shape).astype(x.dtype)


def _products(parts: list[Array], kernel: Array, groups: int) -> Array:
    """Return the sum of products of what the kernel meets, by `taps`, with its numbers."""
    numbers = kernel.reshape(_by_groups(kernel.shape, groups))
    _, inputs, _, outputs = numbers.shape
    if groups == 1:
        rows = jnp.concatenate(parts, axis=-1)
        y = jnp.matmul(rows, numbers.reshape(-1, outputs), preferred_element_type=_sums(kernel))
    elif 1 in (inputs, outputs):  # narrow groups, as in a depthwise convolution: no matrices worth the name
        split = [part.reshape(*part.shape[:3], groups, inputs, 1) for part in parts]
        by_group = jnp.swapaxes(numbers, 1, 2)
        each = [jnp.sum(part * own, axis=-2) for part, own in zip(split, by_group, strict=True)]
        y = functools.reduce(operator.add, each)
    else:
        rows = jnp.stack([part.reshape(*part.shape[:3], groups, inputs) for part in parts], axis=3)
        y = jnp.einsum("bhwtgi,tigo->bhwgo", rows, numbers, preferred_element_type=_sums(kernel))
    return y.reshape(*parts[0].shape[:3], groups * outputs).astype(kernel.dtype)


def _slopes(parts: list[Array], dy: Array, groups: int) -> Array:
    """Return the sum of products of what each number of the kernel meets with the slopes of the output."""
    inputs, outputs = parts[0].shape[3] // groups, dy.shape[3] // groups
    if groups == 1:
        rows = jnp.concatenate(parts, axis=-1)
        total = jnp.tensordot(rows, dy, axes=((0, 1, 2), (0, 1, 2)), preferred_element_type=_sums(dy))
        return total.reshape(len(parts), inputs, 1, outputs)
    slopes = dy.reshape(*dy.shape[:3], groups, outputs)
    split = [part.reshape(*part.shape[:3], groups, inputs) for part in parts]
    if 1 in (inputs, outputs):
        each = [jnp.sum(part[..., None] * slopes[..., None, :], axis=(0, 1, 2)) for part in split]
        return jnp.swapaxes(jnp.stack(each), 1, 2)
    return jnp.einsum("bhwtgi,bhwgo->tigo", jnp.stack(split, axis=3), slopes, preferred_element_type=_sums(dy))


def _turned(kernel: Array, groups: int) -> Array:
    """Return the kernel turned around, its inputs and outputs exchanged."""
    area, inputs, _, outputs = _by_groups(kernel.shape, groups)
    exchanged = kernel[::-1, ::-1].reshape(area, inputs, groups, outputs).swapaxes(1, 3)
    return exchanged.reshape(*kernel.shape[:2], outputs, groups * inputs)


def _by_blocks(function: Callable[[Array], Array], x: Array, row_numbers: int) -> Array:
    """Return a function of images, computed for a few of them at a time."""
    blocks = x.reshape(-1, _block_of(len(x), row_numbers), *x.shape[1:])
    y: Array = lax.map(function, blocks)
    return y.reshape(-1, *y.shape[2:])


def _block_of(images: int, row_numbers: int) -> int:
    """Return how many images are worked on at a time: a divisor of their number, so that no block is short."""
    most = max(1, min(images, BLOCK // max(1, row_numbers)))
    return next(count for count in range(most, 0, -1) if images % count == 0)


def _by_groups(kernel_shape: Sizes, groups: int) -> tuple[int, int, int, int]:
    """Return the shape of a kernel as (area, inputs of a group, groups, outputs of a group)."""
    return _area(kernel_shape), kernel_shape[2], groups, kernel_shape[3] // groups


def _area(kernel_shape: Sizes) -> int:
    return kernel_shape[0] * kernel_shape[1]


def _sums(array: Array) -> jnp.dtype:
    """Return the type that sums are kept in: at least float32."""
    return jnp.promote_types(array.dtype, "float32")
