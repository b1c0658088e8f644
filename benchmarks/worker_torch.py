"""PyTorch, eager, in the quickest loop that a good hand writes: rows picked by index, no DataLoader."""

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
    optimizer = torch.optim.RMSprop(network.parameters(), lr=1e-3, alpha=0.9, eps=1e-7)

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


def _network(workload: Workload) -> nn.Sequential:
    """Make the layers with the weights that Keras starts from: Glorot uniform, biases zero."""
    layers: list[nn.Module] = []
    for inputs, units, _ in workload.layers:
        dense = nn.Linear(inputs, units)
        nn.init.xavier_uniform_(dense.weight)
        nn.init.zeros_(dense.bias)
        layers += [dense, nn.ReLU()]
    return nn.Sequential(*layers[:-1])
