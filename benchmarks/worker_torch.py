"""PyTorch, eager, in the quickest loop that a good hand writes: rows picked by index, no DataLoader, channels last."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.worker import Predict, Train
from benchmarks.workloads import Workload


def build(workload: Workload, x: np.ndarray, y: np.ndarray) -> tuple[Train, Predict]:
    """Write the loop; the loss takes logits, as PyTorch advises, and sums are read once an epoch."""
    classifies = workload.classifies
    inputs = torch.from_numpy(x)
    targets = torch.from_numpy(y.argmax(-1)) if classifies else inputs
    loss_of = nn.functional.cross_entropy if classifies else nn.functional.binary_cross_entropy_with_logits
    network = _network(workload)
    optimizer = torch.optim.RMSprop(network.parameters(), lr=workload.learning_rate, alpha=0.9, eps=1e-7)

    def score(logits: torch.Tensor, expected: torch.Tensor) -> torch.Tensor:
        if classifies:
            return (logits.argmax(-1) == expected).sum()
        return (logits.sigmoid() - expected).square().mean(-1).sum()

    def epoch() -> tuple[float, float]:
        loss_sum, score_sum = torch.zeros(()), torch.zeros(())
        for rows in torch.randperm(len(inputs)).split(workload.batch_size):
            expected = targets[rows]
            logits = network(inputs[rows])
            loss = loss_of(logits, expected)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                loss_sum += loss * len(rows)
                score_sum += score(logits, expected)
        return loss_sum.item() / len(inputs), score_sum.item() / len(inputs)

    def train(epochs: int) -> list[tuple[float, float]]:
        return [epoch() for _ in range(epochs)]

    @torch.inference_mode()
    def predict(rows: np.ndarray) -> np.ndarray:
        logits = network(torch.from_numpy(rows))
        return (logits.softmax(-1) if classifies else logits.sigmoid()).numpy()

    return train, predict


class _ChannelsFirst(nn.Module):
    """Show PyTorch the channels where it looks for them; in memory they stay last."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.movedim(-1, 1)


class _Recurrent(nn.Module):
    """Keep of what a recurrent layer returns what is asked for: all outputs, or the last."""

    def __init__(self, layer: nn.Module, *, return_sequences: bool) -> None:
        super().__init__()
        self.layer, self.kept = layer, slice(None) if return_sequences else -1

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x)[0][:, self.kept]


def _convolution(of_rank: Callable[..., nn.Module], channels: int, options: Mapping[str, Any]) -> nn.Module:
    padding = options.get("padding", "valid")
    return of_rank(channels, options["filters"], options["kernel_size"], padding=padding)


def _depthwise(channels: int, options: Mapping[str, Any]) -> nn.Module:
    return nn.Conv2d(channels, channels, options["kernel_size"], padding=options["padding"], groups=channels)


def _recurrent(of_kind: Callable[..., nn.Module], features: int, options: Mapping[str, Any]) -> nn.Module:
    layer = of_kind(features, options["units"], batch_first=True)
    return _Recurrent(layer, return_sequences=options["return_sequences"])


_MAKERS: dict[str, Callable[[int, Mapping[str, Any]], nn.Module]] = {
    "Conv1D": lambda channels, options: _convolution(nn.Conv1d, channels, options),
    "Conv2D": lambda channels, options: _convolution(nn.Conv2d, channels, options),
    "Dense": lambda features, options: nn.Linear(features, options["units"]),
    "DepthwiseConv2D": _depthwise,
    "Flatten": lambda *_: nn.Flatten(),
    "GRU": lambda features, options: _recurrent(nn.GRU, features, options),
    "GlobalAveragePooling1D": lambda *_: nn.Sequential(nn.AdaptiveAvgPool1d(1), nn.Flatten()),
    "GlobalAveragePooling2D": lambda *_: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
    "LSTM": lambda features, options: _recurrent(nn.LSTM, features, options),
    "MaxPooling2D": lambda _, options: nn.MaxPool2d(options["pool_size"]),
}


def _network(workload: Workload) -> nn.Sequential:
    """Make the layers with the weights that Keras starts from; a row of zeros tells each how many channels come in."""
    is_recurrent = workload.layers[0].kind in ("LSTM", "GRU")
    modules: list[nn.Module] = [nn.Identity() if is_recurrent else _ChannelsFirst()]
    row = modules[0](torch.zeros(1, *workload.shape))
    for layer in workload.layers:
        made = _MAKERS[layer.kind](row.shape[-1 if is_recurrent else 1], layer.options)
        row = made(row)
        modules += [made, nn.ReLU(inplace=True)] if layer.options.get("activation") == "relu" else [made]
    network = nn.Sequential(*modules).to(memory_format=torch.channels_last)
    network.apply(_start)
    return network


def _start(module: nn.Module) -> None:
    """Draw Glorot-uniform kernels and orthogonal recurrent ones, the biases 0, those of an LSTM's forget gate 1."""
    for name, weights in module.named_parameters(recurse=False):
        if "bias" in name:
            nn.init.zeros_(weights)
        else:
            (nn.init.orthogonal_ if "hh" in name else nn.init.xavier_uniform_)(weights)
    if isinstance(module, nn.LSTM):
        with torch.no_grad():
            module.bias_ih_l0.chunk(4)[1].fill_(1)
