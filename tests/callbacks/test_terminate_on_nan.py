import numpy as np
import pytest

from lamina.callbacks import TerminateOnNaN
from lamina.errors import DivergedError, LaminaWarning


def test_training_ends_with_a_warning_and_the_last_good_weights(model, data):
    model.learning_rate = 1e20

    with pytest.warns(
        LaminaWarning, match=r"^epoch \d, step \d: expected a finite loss .*\n  Fix: try a learning rate of"
    ) as caught:
        history = model.fit(*data, epochs=50, callbacks=[TerminateOnNaN()], verbose=0)

    assert caught[0].filename == __file__
    assert len(history.epoch) < 50
    assert np.isfinite(model.get_weights("dense")["kernel"]).all()


def test_without_it_training_ends_with_an_error(model, data):
    model.learning_rate = 1e20

    with pytest.raises(DivergedError):
        model.fit(*data, epochs=50, verbose=0)
