import io

import pytest
from rich.console import Console

from benchmarks import report
from benchmarks.results import Result, Target, Verdict


@pytest.fixture
def rows():
    """Return what two libraries reached: ours, and one that failed in the end."""
    ours, other = Result("mlp", "lamina"), Result("mlp", "torch", problem="ended with status 1\nand more")
    for command, values in {"round": [0.0012, 0.0010, 0.0011], "first": [2.5, 1.25], "memory": [512.0]}.items():
        for value in values:
            ours.record(command, value)
    other.record("round", 0.0033)
    return [ours, other]


@pytest.fixture
def verdicts():
    step = Target("mlp, one step", "mlp", "round", 0.75, "× best other")
    return [Verdict(step, 1 / 3, "torch"), Verdict(step, None)]


def test_the_report_has_a_line_for_each_result_and_target(rows, verdicts, monkeypatch):
    monkeypatch.setattr(report, "versions", lambda rival: "1.0")

    lines = report.markdown(rows, verdicts, "scripts/bench").splitlines()

    assert "| mlp | lamina | 1.10 | 1.00–1.20 | 1.00 | 2.50 | 1.25 | 512 |  |" in lines
    assert "| mlp | torch | 3.30 | 3.30–3.30 | 3.00 |  |  |  |  |" in lines
    assert "| mlp, one step | 0.333 | ≤ 0.75 × best other | torch | met |" in lines
    assert "| mlp, one step |  | ≤ 0.75 × best other |  | not measured |" in lines
    assert "mlp, torch: FAILED. ended with status 1" in lines
    assert "| torch | 1.0 |" in lines


def test_the_terminal_shows_the_same(rows, verdicts):
    rows[1].trained_otherwise = True
    output = io.StringIO()

    report.show(rows, verdicts, Console(file=output, width=200))

    assert "1.00–1.20" in output.getvalue()
    assert "mlp, torch: LOSS DIFFERS" in output.getvalue()
    assert "not measured" in output.getvalue()


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (0.012345, "0.0123"), (1.0, "1.00"), (999.4, "999"), (1234.5, "1234"), (0.0, "0.00")],
)
def test_numbers_have_three_figures(value, text):
    assert report._number(value) == text
