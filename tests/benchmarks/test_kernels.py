import pytest

from benchmarks import kernels
from benchmarks.kernels import CASES, Case
from benchmarks.results import Result

FORWARD = Case("a layer", "convolution", "forward", (2, 5, 6, 3), (3, 3, 3, 4))
POOLING = Case("a pooling", "max pooling", "backward", (1, 4, 4, 2), (2, 2))


@pytest.mark.parametrize(
    ("case", "work"),
    [
        (FORWARD, 2 * 2 * (3 * 4) * (3 * 3 * 3) * 4),
        (Case("", "convolution", "forward", (2, 5, 6, 4), (3, 3, 1, 4), padding="same"), 2 * 2 * (5 * 6) * (3 * 3) * 4),
        (Case("", "convolution", "forward", (2, 6, 5, 4), (3, 3, 4, 4), stride=2), 2 * 2 * (2 * 2) * (3 * 3 * 4) * 4),
        (Case("", "average pooling", "forward", (1, 4, 4, 2), (2, 2)), 4 * (4 * 4 * 2 + 2 * 2 * 2)),
        (POOLING, 4 * (4 * 4 * 2 + 2 * 2 * 2)),
        (Case("", "LSTM", "forward", (2, 5, 3), (4,)), 2 * 2 * 5 * (3 + 4) * 4 * 4),
        (Case("", "GRU", "backward", (2, 5, 3), (4,)), 2 * 2 * 2 * 5 * (3 + 4) * 3 * 4),
    ],
)
def test_work_is_counted_as_by_hand(case, work):
    assert case.work == work


def test_every_kernel_has_a_name_of_its_own():
    assert len({case.command for case in CASES}) == len(CASES)


def measured(library, **numbers):
    found = Result(kernels.NAME, library)
    for command, values in numbers.items():
        for value in values:
            found.record(command, value)
    return found


def test_rates_are_of_the_best_turn_and_ratios_of_the_medians(monkeypatch):
    monkeypatch.setattr(kernels, "CASES", (FORWARD, POOLING))
    results = [
        measured("lamina", **{FORWARD.command: [1e-6, 2e-6, 4e-6], POOLING.command: [1e-6]}),
        measured("torch", **{FORWARD.command: [3e-6]}),
        measured("twin", **{FORWARD.command: [5e-6, 7e-6]}),
        measured(kernels.PEAK, peak=[10.0, 20.736]),
    ]

    rows = list(kernels.rows(results))

    assert rows == [
        ("a layer", "forward", "0.001", "0.002", "5.18 GFLOP/s", "25%", "1.50", "3.00"),
        ("a pooling", "backward", "0.001", "0.001", "0.16 GB/s", "", "", ""),
    ]


def test_what_was_not_measured_has_no_row():
    assert list(kernels.rows([Result("mlp", "lamina")])) == []
    assert kernels.peak([Result("mlp", "lamina")]) is None
