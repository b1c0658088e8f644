"""The same kernels in PyTorch, which calls oneDNN for most; images in both of its layouts."""

from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from benchmarks.kernels import Case

_LAYOUTS = (torch.channels_last, torch.contiguous_format)
_aten = torch.ops.aten
_random = np.random.default_rng(0)


def build(case: Case) -> list[Callable[[], object]]:
    """Return a kernel in each layout that it can have, or the way back through it alone."""
    if case.kind in ("LSTM", "GRU"):
        return [_recurrent(case)]
    make = {"convolution": _convolution, "max pooling": _max_pooling, "average pooling": _average_pooling}[case.kind]
    return [make(case, layout) for layout in _LAYOUTS]


def _convolution(case: Case, layout: torch.memory_format) -> Callable[[], object]:
    x = _images(case.shape, layout)
    kernel = _drawn(case.kernel).permute(3, 2, 0, 1).contiguous(memory_format=layout)
    bias = _drawn(case.kernel[-1:])
    padding = [size // 2 if case.padding == "same" else 0 for size in case.kernel[:2]]

    def forward() -> torch.Tensor:
        return nn.functional.conv2d(x, kernel, bias, case.stride, padding, groups=case.groups)

    dy = forward()
    wanted = [case.direction == "input gradient", case.direction == "kernel gradient", False]
    options = (None, [case.stride] * 2, padding, [1, 1], False, [0, 0], case.groups, wanted)
    return forward if case.direction == "forward" else lambda: _aten.convolution_backward(dy, x, kernel, *options)


def _max_pooling(case: Case, layout: torch.memory_format) -> Callable[[], object]:
    x, size = _images(case.shape, layout), list(case.kernel)
    options = (size, size, [0, 0], [1, 1], False)
    y, places = _aten.max_pool2d_with_indices(x, *options)
    if case.direction == "forward":
        return lambda: _aten.max_pool2d_with_indices(x, *options)
    return lambda: _aten.max_pool2d_with_indices_backward(y, x, *options, places)


def _average_pooling(case: Case, layout: torch.memory_format) -> Callable[[], object]:
    x, size = _images(case.shape, layout), list(case.kernel)
    options = (size, size, [0, 0], False, True, None)
    y = _aten.avg_pool2d(x, *options)
    if case.direction == "forward":
        return lambda: _aten.avg_pool2d(x, *options)
    return lambda: _aten.avg_pool2d_backward(y, x, *options)


def _recurrent(case: Case) -> Callable[[], object]:
    layer = getattr(nn, case.kind)(case.shape[-1], *case.kernel, batch_first=True)
    x = _drawn(case.shape).requires_grad_()
    if case.direction == "forward":
        return lambda: layer(x)
    y = layer(x)[0]
    dy, inputs = torch.ones_like(y), (x, *layer.parameters())
    return lambda: torch.autograd.grad(y, inputs, dy, retain_graph=True)


def _images(shape: tuple[int, ...], layout: torch.memory_format) -> torch.Tensor:
    return _drawn(shape).movedim(-1, 1).contiguous(memory_format=layout)


def _drawn(shape: tuple[int, ...]) -> torch.Tensor:
    return torch.from_numpy(0.1 * _random.standard_normal(shape, dtype=np.float32))
