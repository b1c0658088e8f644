"""Toys follow their formulas."""

import numpy as np
import pytest

from lamina.datasets import toys
from lamina.errors import ArgumentError

CLASSES = (toys.circle, toys.gauss, toys.spiral, toys.xor)
NUMBERS = (toys.multi_gauss, toys.plane)


def _named(*functions):
    return pytest.mark.parametrize("toy", functions, ids=[function.__name__ for function in functions])


@pytest.mark.parametrize(
    ("toy", "rule"),
    [(toys.and_table, np.logical_and), (toys.or_table, np.logical_or), (toys.xor_table, np.logical_xor)],
)
def test_a_truth_table_holds_each_case_once(toy, rule):
    x, y = toy()

    assert sorted(map(tuple, x.tolist())) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    np.testing.assert_array_equal(y, rule(x[:, 0], x[:, 1]))
    assert (x.dtype, y.dtype) == (np.float32, np.int64)


@_named(*CLASSES, *NUMBERS, toys.line)
@pytest.mark.parametrize("rows", [1, 2, 7, 100])
def test_there_are_as_many_rows_as_asked_for(toy, rows):
    x, y = toy(rows)

    assert x.shape == (rows, 1 if toy is toys.line else 2)
    assert y.shape == (rows,)
    assert x.dtype == np.float32
    assert y.dtype == (np.int64 if toy in CLASSES else np.float32)
    assert np.isfinite(x).all()


@_named(*CLASSES, *NUMBERS, toys.line)
def test_the_seed_decides_the_points(toy):
    first, again, other = toy(50, seed=1), toy(50, seed=1), toy(50, seed=2)

    for left, right in zip(first, again, strict=True):
        np.testing.assert_array_equal(left, right)
    assert not np.array_equal(first[0], other[0])


@_named(toys.circle, toys.gauss, toys.spiral)
def test_half_of_the_rows_are_of_each_class(toy):
    _, even = toy(100)
    _, odd = toy(101)

    assert np.bincount(even).tolist() == [50, 50]
    assert np.bincount(odd).tolist() == [50, 51]


@_named(*CLASSES)
def test_the_last_rows_are_a_fair_validation_set(toy):
    _, y = toy(500)

    assert 0.35 < y[-100:].mean() < 0.65


@_named(*CLASSES, *NUMBERS)
def test_noise_changes_the_data(toy):
    calm, wild = toy(300), toy(300, noise=50)

    assert any(not np.array_equal(left, right) for left, right in zip(calm, wild, strict=True))


def test_a_line_is_found_again_by_least_squares():
    x, y = toys.line(10_000, slope=-2, intercept=7, noise=0.5)

    slope, intercept = np.polyfit(x[:, 0], y, 1)

    assert slope == pytest.approx(-2, abs=0.05)
    assert intercept == pytest.approx(7, abs=0.05)
    assert np.std(y - slope * x[:, 0] - intercept) == pytest.approx(0.5, rel=0.05)


def test_a_ring_lies_around_a_disc_with_a_gap_between():
    x, y = toys.circle(1000)

    radius = np.linalg.norm(x, axis=1)

    assert radius[y == 1].max() < 2.5
    assert radius[y == 0].min() > 3.4999
    assert radius[y == 0].max() < 5.0001


@pytest.mark.parametrize(("noise", "variance"), [(0, 0.5), (25, 2.25), (50, 4)])
def test_clouds_spread_with_the_noise(noise, variance):
    x, y = toys.gauss(20_000, noise=noise)

    for label, centre in ((1, 2), (0, -2)):
        np.testing.assert_allclose(x[y == label].mean(axis=0), centre, atol=0.1)
        np.testing.assert_allclose(x[y == label].var(axis=0), variance, rtol=0.06)


def test_points_lie_on_the_two_arms_of_the_spiral():
    x, y = toys.spiral(500)

    for label, start in ((1, 0.0), (0, np.pi)):
        t = np.arange(250) / 250
        arm = np.stack([5 * t * np.sin(3.5 * np.pi * t + start), 5 * t * np.cos(3.5 * np.pi * t + start)], axis=1)
        inwards_out = np.argsort(np.linalg.norm(x[y == label], axis=1), kind="stable")
        np.testing.assert_allclose(x[y == label][inwards_out], arm, atol=1e-5)


def test_spiral_noise_moves_points_by_no_more_than_it_says():
    calm, wild = toys.spiral(400)[0], toys.spiral(400, noise=50)[0]

    moved = np.abs(wild[:, None] - calm).max(axis=2).min(axis=1)

    assert 0 < moved.max() <= 0.5 + 1e-5


def test_squares_keep_away_from_the_axes():
    x, y = toys.xor(1000)

    assert np.abs(x).min() > 0.2999
    assert np.abs(x).max() <= 5.3001
    np.testing.assert_array_equal(y, x.prod(axis=1) > 0)


def test_noise_gives_some_points_the_other_label():
    x, y = toys.xor(2000, noise=30)

    wrong = (y != (x.prod(axis=1) > 0)).mean()

    assert 0.05 < wrong < 0.4


def test_hills_and_hollows_alternate():
    x, y = toys.multi_gauss(20_000)

    for centre, sign in (
        ((-4, 2.5), 1),
        ((0, 2.5), -1),
        ((4, 2.5), 1),
        ((-4, -2.5), -1),
        ((0, -2.5), 1),
        ((4, -2.5), -1),
    ):
        distance = np.linalg.norm(x - np.array(centre), axis=1)
        near = distance < 2
        np.testing.assert_allclose(y[near], sign * (1 - distance[near] / 2), atol=1e-5)
    assert (np.abs(y) == 0).any()


def test_a_plane_slopes_along_both_axes():
    x, y = toys.plane(100)

    np.testing.assert_allclose(y, (x[:, 0] + x[:, 1]) / 10, atol=1e-6)
    assert np.abs(x).max() <= 6


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: toys.spiral(0), r"spiral\(rows\): expected a positive integer, got 0"),
        (
            lambda: toys.circle(noise=51),
            r"circle\(noise\): expected a finite number of at least 0 and of at most 50, got 51",
        ),
        (lambda: toys.gauss(noise=-1), r"gauss\(noise\): .* got -1"),
        (lambda: toys.xor(seed=None), r"xor\(seed\): expected an integer of at least 0, got None"),
        (lambda: toys.plane(2.5), r"plane\(rows\): expected a positive integer, got 2.5"),
        (lambda: toys.line(slope=float("nan")), r"line\(slope\): expected a finite number, got nan"),
        (lambda: toys.line(noise=-1), r"line\(noise\): expected a finite number of at least 0, got -1"),
        (lambda: toys.line(seed=-1), r"line\(seed\): expected an integer of at least 0, got -1"),
    ],
)
def test_arguments_out_of_range_are_errors(call, message):
    with pytest.raises(ArgumentError, match=message):
        call()
