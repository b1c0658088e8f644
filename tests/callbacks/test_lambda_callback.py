import pytest

from lamina.callbacks import LambdaCallback
from lamina.errors import ArgumentError


def test_functions_are_given_what_keras_gives_them(model, data):
    told = []
    callback = LambdaCallback(
        on_train_begin=lambda logs: told.append(("begin", logs)),
        on_epoch_begin=lambda epoch, logs: told.append(("epoch", epoch, logs)),
        on_train_batch_begin=lambda batch, logs: told.append(("batch", batch, logs)),
        on_train_batch_end=lambda batch, logs: told.append(("batch ends", batch, sorted(logs))),
        on_epoch_end=lambda epoch, logs: told.append(("epoch ends", epoch, sorted(logs))),
        on_train_end=lambda logs: told.append(("end", sorted(logs))),
    )

    model.fit(*data, batch_size=12, callbacks=[callback], verbose=0)

    assert told == [
        ("begin", {}),
        ("epoch", 0, {}),
        ("batch", 0, {}),
        ("batch ends", 0, ["loss"]),
        ("epoch ends", 0, ["loss"]),
        ("end", ["loss"]),
    ]


@pytest.mark.parametrize(
    ("functions", "wants"),
    [({"on_epoch_end": print}, False), ({"on_train_batch_end": print}, True), ({"on_train_batch_begin": print}, True)],
)
def test_batches_are_asked_for_only_where_a_function_wants_them(functions, wants):
    assert LambdaCallback(**functions).wants_batches is wants


def test_an_event_that_does_not_exist_is_refused():
    with pytest.raises(
        ArgumentError, match=r"LambdaCallback: .* got 'on_epoch_ends'\.\n  Fix: did you mean 'on_epoch_end'"
    ):
        LambdaCallback(on_epoch_ends=print)


def test_what_cannot_be_called_is_refused():
    with pytest.raises(
        ArgumentError, match=r"^LambdaCallback\(on_epoch_end\): expected a function, got 5\.\n  Fix: write"
    ):
        LambdaCallback(on_epoch_end=5)
