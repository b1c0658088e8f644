"""The model: what users hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from lamina import callbacks as callbacks_
from lamina import training
from lamina._core import checks, seeds
from lamina._core.renamed import explain_arguments
from lamina.errors import ArgumentError, StageError
from lamina.layers import Symbol
from lamina.models._inputs import structured
from lamina.models._drawing import Drawing, draw
from lamina.models._preparation import Preparation
from lamina.models._summary import summarise
from lamina.training import Callback, FitOptions, History, run_once, to_inputs


class Model(Preparation):
    """A network from given inputs to given outputs, with its weights: define, compile, fit, evaluate, predict.

    Args:
        inputs: one `Input`, a list of them, or a dictionary by name.
        outputs: what layers gave for them: one, a list, or a dictionary by name.
        name: how the model is called when it is part of another one.

    Raises:
        ArgumentError: for outputs that do not depend on the inputs, and two layers of one name.

    Example:
        >>> import lamina as lm
        >>> text, picture = lm.Input((100,)), lm.Input((784,))
        >>> joined = lm.layers.Concatenate()([text, picture])
        >>> model = lm.Model([text, picture], lm.layers.Dense(1)(joined))
        >>> model.count_params()
        885
    """

    def __init__(self, inputs: Any, outputs: Any, *, name: str = "model") -> None:
        super().__init__(None if inputs is None and outputs is None else structured(inputs, outputs, name), name)
        self.history: History | None = None

    @explain_arguments
    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        *,
        metrics: Any = None,
        loss_weights: Any = None,
        precision: str = "float32",
        debug: bool = False,
    ) -> None:
        """Decide how the model is trained.

        Args:
            optimizer: a name such as "adam", an optimizer, or a list such as ``[ClipNorm(1.0), "adam"]``.
            loss: what is made small: a name, a loss, a function of ``(y_true, y_pred)``; for several outputs a list, or
                a dictionary by output name.
            metrics: what is reported: a list of names, metrics or functions; for several outputs a dictionary or list of lists.
            loss_weights: the share of each output's loss, 1 each when not given.
            precision: the type of the arithmetic; "float32".
            debug: True to run every step in Python, uncompiled, so that prints and breakpoints work inside layers.

        Raises:
            ArgumentError: for unknown names, and for a loss, last activation and metrics that do not fit together.
        """
        if loss is None:
            raise checks.problem(
                ArgumentError, "compile(loss)", expected="a loss", got="None", fix='write loss="mse" or another name.'
            )
        self._asked = {
            "optimizer": optimizer,
            "loss": loss,
            "metrics": metrics,
            "loss_weights": loss_weights,
            "options": {"precision": precision, "debug": debug},
        }
        self._program, self._keeps_settings = None, False
        if self._graph is not None:
            self._compile()

    @explain_arguments
    def fit(  # noqa: PLR0913 - the arguments people know
        self,
        x: Any,
        y: Any = None,
        *,
        batch_size: int = 32,
        epochs: int = 1,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        sample_weight: Any = None,
        class_weight: Mapping[Any, float] | None = None,
        initial_epoch: int = 0,
        callbacks: Sequence[Callback] | None = None,
        verbose: int | str = "auto",
        seed: int | None = None,
    ) -> History:
        """Train on data.

        Args:
            x: the inputs, one row for each example: an array or frame, or a list or dictionary for several inputs.
            y: the targets: numbers, class numbers, one-hot rows, booleans or labels.
            batch_size: how many rows each update is made from; the last batch may be shorter.
            epochs: the number of the last epoch; each is one pass over the rows.
            validation_split: the part of the rows, from 0 to below 1, that is held back for validation; the last rows,
                taken before shuffling, as in Keras.
            validation_data: ``(x, y)`` or ``(x, y, sample_weight)`` to validate on instead.
            shuffle: whether each epoch visits the rows in a new random order.
            sample_weight: one weight of at least 0 for each row (or row and time step), for several outputs by name.
            class_weight: the weight of each class by number or label; every class must be in it.
            initial_epoch: the number of the first epoch, when going on with earlier training.
            callbacks: who watches and steers; see `lamina.callbacks`.
            verbose: "auto" adapts to terminal, notebook or file; 0 prints nothing, 1 a progress bar, 2 a line for each epoch.
            seed: what all random choices come from; drawn and recorded in the history when not given.

        Returns:
            The record of the epochs; also kept as ``model.history``.

        Raises:
            StageError: before compile.
            DataError: for data that cannot be trained on; nothing has been trained then.
            DivergedError: when the loss or the weights stop being finite; the last good state is kept.
        """
        options = FitOptions(
            batch_size=batch_size,
            epochs=epochs,
            validation_split=validation_split,
            validation_data=validation_data,
            shuffle=shuffle,
            sample_weight=sample_weight,
            class_weight=class_weight,
            initial_epoch=initial_epoch,
            callbacks=[*callbacks_.progress(verbose), *(callbacks or ())],
        )
        program = self._ready(x, seed)
        rows, validation = training.prepare(program.plan, x, y, options, classes=self._classes)
        self._classes = rows.classes
        self.history = training.train(self, program, rows, validation, options=options)
        return self.history

    @explain_arguments
    def evaluate(
        self, x: Any, y: Any = None, *, batch_size: int = 1024, sample_weight: Any = None
    ) -> dict[str, Any]:
        """Return the loss and metrics over all rows, by name.

        Args:
            x: the inputs, as in `fit`.
            y: the targets, as in `fit`.
            batch_size: how many rows at once; it changes the time, not the result.
            sample_weight: one weight for each row.

        Raises:
            StageError: before compile.
            DataError: for data that cannot be scored.
        """
        program = self._ready(x)
        rows = training.to_rows(program.plan, x, y, sample_weight, classes=self._classes)
        return training.evaluate(self, program, rows, batch_size=batch_size)

    @explain_arguments
    def predict(self, x: Any, *, batch_size: int | None = None) -> Any:
        """Return the predictions as a NumPy array with one row for each row of `x`; a list for several outputs.

        Args:
            x: the inputs, as in `fit`.
            batch_size: how many rows at once, at least 1; chosen when not given.

        Raises:
            DataError: for inputs that are not numbers.
            ShapeError: for rows of another shape than the model's input.
        """
        if self._forward is not None and len(self.graph.inputs) == 1 and training.is_ready(x, self.graph.inputs[0].shape):
            outputs = tuple(map(np.asarray, self._run_forward((x,))))
        else:
            if batch_size is not None:
                checks.integer("predict(batch_size)", batch_size)
            self._define(x)
            self._forward = self._forward or training.forward_of(self.graph)
            outputs = training.predict(self._run_forward, training.to_inputs(self.graph, x), batch_size=batch_size)
        return outputs[0] if len(outputs) == 1 else list(outputs)

    def predict_classes(self, x: Any) -> Any:
        """Return the most probable class of each row: its label if the model was trained on labels, else its number.

        Args:
            x: the inputs, as in `fit`.

        Raises:
            DataError: for inputs that are not numbers.
        """
        outputs = self.predict(x)
        several = isinstance(outputs, list)
        labels = self._classes or (None,) * len(self.graph.outputs)
        found = [training.to_classes(*pair) for pair in zip(outputs if several else [outputs], labels, strict=True)]
        return found if several else found[0]

    @explain_arguments
    def train_on_batch(self, x: Any, y: Any = None, *, sample_weight: Any = None) -> dict[str, Any]:
        """Make one update from all rows as one batch, and return its loss and metrics.

        Args:
            x: the inputs, as in `fit`.
            y: the targets, as in `fit`.
            sample_weight: one weight for each row.

        Raises:
            StageError: before compile.
            DataError: for data that cannot be trained on.
        """
        program = self._ready(x)
        rows = training.to_rows(program.plan, x, y, sample_weight, classes=self._classes)
        self._classes = rows.classes
        return training.train_on_batch(self, program, rows)

    @explain_arguments
    def test_on_batch(self, x: Any, y: Any = None, *, sample_weight: Any = None) -> dict[str, Any]:
        """Return the loss and metrics of one batch; the same as `evaluate`, under Keras' name for it."""
        return self.evaluate(x, y, sample_weight=sample_weight)  # type: ignore[no-any-return]

    def __call__(self, x: Any, *, training: bool = False) -> Any:
        """Return the output for symbols (using the model as a layer of another) or for arrays.

        Args:
            x: a symbol or a list of them; or arrays, one for each input.
            training: whether layers such as `Dropout` act as in training, with a new random key.

        Raises:
            ShapeError: for inputs of another shape than the model's.
        """
        first = x[0] if isinstance(x, (list, tuple)) and x else x
        if isinstance(first, Symbol):
            return self.connect(x)
        self._define(x)
        outputs = run_once(self.graph, self.state, to_inputs(self.graph, x), training=training)
        return outputs[0] if len(outputs) == 1 else list(outputs)

    def freeze(self, *patterns: str) -> None:
        """Keep the weights of some layers as they are while training; what the optimizer remembers starts anew.

        Args:
            *patterns: paths of layers or parts of the model, where ``*`` stands for anything; all layers when none is given.

        Raises:
            ArgumentError: for a pattern that fits no layer.
        """
        self._freeze(self._frozen | self._matching(patterns))

    def unfreeze(self, *patterns: str) -> None:
        """Train the weights of some layers again; what the optimizer remembers starts anew.

        Args:
            *patterns: as in `freeze`.

        Raises:
            ArgumentError: for a pattern that fits no layer.
        """
        self._freeze(self._frozen - self._matching(patterns))

    def build(self, input_shape: Sequence[int | None] | None = None, *, seed: int | None = None) -> Self:
        """Fix the input shape of a model without Input, draw the weights, and return the model.

        Args:
            input_shape: sizes with the batch (None) first, as in Keras; not needed where the model has an Input.
            seed: where the first weights come from; drawn when not given.

        Raises:
            StageError: where weights are already drawn and a seed is given.
        """
        if seed is not None and self._graph is not None and self._found:
            raise checks.problem(
                StageError, "build(seed)", expected="a model without weights yet", got="drawn weights", fix="build first."
            )
        if input_shape is not None:
            self._infer(tuple(input_shape)[1:])
        self._seed = seeds.chosen(seed, where="build(seed)") if seed is not None else self._seed
        self._cells()
        return self

    def summary(self) -> None:
        """Print the layers with their output shapes, parameters and, where they are not a chain, connections."""
        print(summarise(self.graph, self._frozen, title=self.name))  # noqa: T201 - printing is its purpose

    def plot(self, path: str | Path | None = None) -> Drawing:
        """Return a drawing of the network with shapes and parameters, which a notebook shows.

        Args:
            path: where to save it too, a file name that ends in ``.svg``.

        Raises:
            ArgumentError: for another ending.
        """
        drawing = draw(self.graph)
        if path is not None:
            drawing.save(path)
        return drawing
