import numpy as np

import lamina as lm
from lamina.layers import Dense

X = np.ones((4, 2), np.float32)


class StopAfterTheSecond(lm.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if epoch == 1:
            self.model.stop_training = True


def test_training_stops_when_the_model_is_told_so_and_starts_again_next_time():
    model = lm.Sequential([lm.Input((2,)), Dense(1)])
    model.compile("sgd", "mse")

    stopped = model.fit(X, X[:, 0], epochs=10, callbacks=[StopAfterTheSecond()], verbose=0)
    whole = model.fit(X, X[:, 0], epochs=3, verbose=0)

    assert stopped.epoch == [0, 1]
    assert whole.epoch == [0, 1, 2]
    assert model.stop_training is False
