"""Forecast a monthly series with a trend and a season, such as an airline's passengers, better than naive forecasts.

The series is made here: it grows by an eighth in a year, swings with the months, the more the larger it is, and errs by
2 percent. An LSTM reads 24 months and forecasts the next, with a mean error below 3 percent. Naive forecasts are the
number of a year before, and the same number grown as it grew in the year before that: 11 and 4 percent.
"""

import numpy as np

import lamina as lm

WINDOW = 24
TEST = 36


def passengers(months: int, seed: int) -> np.ndarray:
    """Return the numbers of all months, in thousands."""
    month = np.arange(months)
    season = 1 + 0.2 * np.sin(2 * np.pi * month / 12) + 0.1 * np.cos(4 * np.pi * month / 12)
    errors = np.random.default_rng(seed).normal(1, 0.02, months)
    return 100 * 1.125 ** (month / 12) * season * errors


def windows(series: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the months before each month, the month itself, both as shares of the mean before, and that mean.

    A network that has seen hundreds of passengers cannot know about thousands; shares are alike in all years.
    """
    before = np.lib.stride_tricks.sliding_window_view(series[:-1], WINDOW)
    level = before.mean(axis=1)
    return (before / level[:, None])[..., None], series[WINDOW:] / level, level


def network() -> lm.Sequential:
    """Return the compiled network, 4,385 parameters."""
    model = lm.Sequential([lm.Input((WINDOW, 1)), lm.layers.LSTM(32), lm.layers.Dense(1)])
    model.compile(lm.optimizers.Adam(0.01), "mse")
    return model


def main(epochs: int = 200, months: int = 240, seed: int = 1) -> dict[str, float]:
    """Train on all months but the last 36, and return the mean error there of each forecast, in percent."""
    series = passengers(months, seed)
    x, y, level = windows(series)
    model = network()
    model.fit(x[:-TEST], y[:-TEST], epochs=epochs, verbose=0, seed=seed)

    last_year, year_before = series[-TEST - 12 : -12], series[-TEST - 24 : -24]
    forecasts = {
        "lstm": model.predict(x[-TEST:])[:, 0] * level[-TEST:],
        "naive": last_year,
        "naive with growth": last_year * last_year / year_before,
    }
    return {name: 100 * float(np.mean(abs(made / series[-TEST:] - 1))) for name, made in forecasts.items()}


if __name__ == "__main__":
    network().summary()
    print(main())
