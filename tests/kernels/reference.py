"""Convolution and pooling in float64 NumPy, one stop of the window after the other, and windows drawn at random."""

from __future__ import annotations

import jax
import numpy as np
from hypothesis import strategies as st

from lamina.kernels import Window

QUICKLY = {"xla_backend_optimization_level": 0, "xla_llvm_disable_expensive_passes": True}
"""How XLA compiles programs that run once."""


def stops(image, size, window):
    """Yield where the window stops in the output, and what it covers of the padded image there."""
    reach = [(length - 1) * apart + 1 for length, apart in zip(size, window.dilation, strict=True)]
    padded = [length + sum(edges) for length, edges in zip(image, window.padding, strict=True)]
    for row, top in enumerate(range(0, padded[0] - reach[0] + 1, window.strides[0])):
        for column, left in enumerate(range(0, padded[1] - reach[1] + 1, window.strides[1])):
            rows = slice(top, top + reach[0], window.dilation[0])
            yield (row, column), (rows, slice(left, left + reach[1], window.dilation[1]))


def padded(x, window, fill=0.0):
    edges = ((0, 0), *window.padding, (0, 0))
    return np.pad(np.asarray(x, np.float64), edges, constant_values=fill)


def inside(x, image, window):
    """Return the part of padded images that is not padding."""
    (top, _), (left, _) = window.padding
    return x[:, top : top + image[0], left : left + image[1]]


def group(array, number, groups):
    """Return the channels of one group, which are the last axis."""
    size = array.shape[-1] // groups
    return array[..., number * size : (number + 1) * size]


def convolution(x, kernel, window):
    """Return the convolution of images."""
    places = list(stops(x.shape[1:3], kernel.shape[:2], window))
    y = np.zeros((len(x), *np.add(places[-1][0], 1), kernel.shape[3]))
    x = padded(x, window)
    for (row, column), covered in places:
        for number in range(window.groups):
            met, own = group(x[(slice(None), *covered)], number, window.groups), group(kernel, number, window.groups)
            group(y[:, row, column], number, window.groups)[:] = np.einsum("bijc,ijco->bo", met, own)
    return y


def convolution_gradients(x, kernel, dy, window):
    """Return the gradients of images and kernel for the gradient `dy` of their convolution."""
    image, x = x.shape[1:3], padded(x, window)
    dx, dkernel = np.zeros(x.shape), np.zeros(kernel.shape)
    for (row, column), covered in stops(image, kernel.shape[:2], window):
        for number in range(window.groups):
            here = (slice(None), *covered)
            slopes, own = group(dy[:, row, column], number, window.groups), group(kernel, number, window.groups)
            group(dx[here], number, window.groups)[:] += np.einsum("bo,ijco->bijc", slopes, own)
            met = group(x[here], number, window.groups)
            group(dkernel, number, window.groups)[:] += np.einsum("bijc,bo->ijco", met, slopes)
    return inside(dx, image, window), dkernel


def pooling(x, size, window, dy):
    """Return maxima and means, and the gradients of the images for the gradient `dy` of each of them."""
    image, real = x.shape[1:3], padded(np.ones(x.shape), window) > 0
    x = padded(x, window, -np.inf)
    largest, mean = np.zeros(dy.shape), np.zeros(dy.shape)
    to_largest, to_mean = np.zeros(x.shape), np.zeros(x.shape)
    for (row, column), covered in stops(image, size, window):
        here = (slice(None), *covered)
        met, counted = (array[here].reshape(len(x), -1, x.shape[3]) for array in (x, real))
        first = np.arange(met.shape[1])[:, None] == met.argmax(axis=1, keepdims=True)
        slopes = dy[:, None, row, column]
        largest[:, row, column] = met.max(axis=1)
        mean[:, row, column] = np.where(counted, met, 0).sum(axis=1) / counted.sum(axis=1)
        to_largest[here] += (first * slopes).reshape(x[here].shape)
        to_mean[here] += (counted * slopes / counted.sum(axis=1, keepdims=True)).reshape(x[here].shape)
    return (largest, inside(to_largest, image, window)), (mean, inside(to_mean, image, window))


@st.composite
def convolutions(draw):
    """Draw the shapes of images and kernel, and a window that fits them."""
    groups = draw(st.sampled_from([1, 1, 2, 3, 7]))
    inputs, outputs = draw(st.integers(1, 5)), draw(st.integers(1, 9))
    size, strides, dilation = (draw(st.tuples(*[st.integers(1, most)] * 2)) for most in (4, 3, 3))
    padding = draw(st.tuples(*[st.tuples(*[st.integers(0, 3)] * 2)] * 2))
    needed = [(n - 1) * apart + 1 - sum(edges) for n, apart, edges in zip(size, dilation, padding, strict=True)]
    image = [draw(st.integers(max(least, 1), max(least, 1) + 5)) for least in needed]
    batch = draw(st.integers(1, 4))
    return (
        (batch, *image, groups * inputs),
        (*size, inputs, groups * outputs),
        Window(strides, padding, dilation, groups),
    )


@st.composite
def saving_convolutions(draw):
    """Draw those that the native kernels do with fewer products: 3 x 3 taps, many channels, and enough places."""
    groups = draw(st.sampled_from([1, 1, 2]))
    inputs, outputs = draw(st.integers(16, 50)), draw(st.integers(16, 50))
    padding = draw(st.tuples(*[st.tuples(*[st.integers(0, 3)] * 2)] * 2))
    image = draw(st.tuples(*[st.integers(4, 13)] * 2))
    rows, columns = ((n + sum(edges) - 1) // 2 for n, edges in zip(image, padding, strict=True))  # of quads
    batch = -(-draw(st.sampled_from([100, 400])) // (rows * columns))
    window = Window((1, 1), padding, (1, 1), groups)
    return (batch, *image, groups * inputs), (3, 3, inputs, groups * outputs), window


@st.composite
def poolings(draw):
    """Draw the shape of images, the size of a window, and how it moves, no window being padding alone."""
    size, strides = (draw(st.tuples(*[st.integers(1, most)] * 2)) for most in (4, 3))
    padding = tuple(draw(st.tuples(*[st.integers(0, length - 1)] * 2)) for length in size)
    image = [draw(st.integers(length, length + 5)) for length in size]
    return (draw(st.integers(1, 3)), *image, draw(st.integers(1, 9))), size, Window(strides, padding)


def check_convolutions(engine, cases):
    """Hold an engine to the reference for many shapes, all in one program, as compiling takes longer than running."""
    rng = np.random.default_rng(0)
    given = []
    for x_shape, kernel_shape, window in cases:
        stops = window.stops(x_shape[1:3], kernel_shape[:2])
        shapes = (x_shape, kernel_shape, kernel_shape[3:], (x_shape[0], *stops, kernel_shape[3]))
        given.append(tuple(rng.normal(size=shape).astype("float32") for shape in shapes))

    def compute(given):
        return [
            (
                engine.forward(x, kernel, bias, window, "linear"),
                engine.input_gradient(dy, kernel, window, x.shape),
                engine.kernel_gradient(x, dy, window, kernel.shape),
            )
            for (x, kernel, bias, dy), (_, _, window) in zip(given, cases, strict=True)
        ]

    found = jax.jit(compute, compiler_options=QUICKLY)(given)
    for parts, (x, kernel, bias, dy), (_, _, window) in zip(found, given, cases, strict=True):
        wanted = convolution(x, kernel, window) + bias, *convolution_gradients(x, kernel, dy, window)
        for part, reference in zip(parts, wanted, strict=True):
            np.testing.assert_allclose(
                part, reference, rtol=1e-4, atol=1e-4, err_msg=str((x.shape, kernel.shape, window))
            )


def check_poolings(engine, cases):
    """Hold an engine to the reference for many shapes, all in one program."""
    rng = np.random.default_rng(0)
    given = []
    for x_shape, size, window in cases:
        x = rng.integers(4, size=x_shape).astype("float32")  # with equal numbers among them
        y_shape = (x_shape[0], *window.stops(x_shape[1:3], size), x_shape[3])
        given.append((x, rng.normal(size=y_shape).astype("float32")))

    def compute(given):
        return [pooled(engine, x, size, window, dy) for (x, dy), (_, size, window) in zip(given, cases, strict=True)]

    found = jax.jit(compute, compiler_options=QUICKLY)(given)
    for parts, (x, dy), (_, size, window) in zip(found, given, cases, strict=True):
        largest, mean = pooling(x, size, window, dy)
        for part, reference in zip(parts, (*largest, *mean), strict=True):
            np.testing.assert_allclose(part, reference, rtol=1e-5, atol=1e-5, err_msg=str((x.shape, size, window)))


def pooled(engine, x, size, window, dy):
    """Return maxima and their gradient, means and theirs."""
    image = x.shape[1:3]
    largest, places = engine.maximum(x, size, window)
    back = engine.maximum_gradient(dy, places, size, window, image)
    return largest, back, engine.average(x, size, window), engine.average_gradient(dy, size, window, image)
