"""The model: what users hold."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lamina import callbacks as callbacks_
from lamina import training
from lamina._core import checks, seeds
from lamina._core.renamed import explain_arguments
from lamina.errors import ArgumentError
from lamina.layers import Symbol
from lamina.models import _saving
from lamina.models._explain import Explained
from lamina.models._forward import predicted
from lamina.models._inputs import structured
from lamina.models._stopping import in_training
from lamina.models._watchers import watchers
from lamina.training import Callback, FitOptions, History, run_once, to_inputs


class Model(Explained):
    """A network with its weights: define, compile, fit, evaluate, predict.

    Args:
        inputs: one `Input`, a list of them, or a dictionary by name.
        outputs: what layers gave for them: one, a list, or a dictionary by name.
        name: how the model is called when it is part of another one.

    Attributes:
        history: the record of the last call of fit; None before.
        stop_training: set it to True in a callback, and training ends after the current epoch.

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

    history: History | None = None
    stop_training: bool = False

    def __init__(self, inputs: Any, outputs: Any, *, name: str = "model") -> None:
        super().__init__(structured(inputs, outputs, name), name)

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse Keras' way of writing a network as code, which could be neither checked nor saved."""
        super().__init_subclass__(**options)
        if "call" in vars(cls):
            raise checks.problem(
                ArgumentError,
                f"{cls.__name__}.call",
                expected="a network that is built by calling layers on symbols",
                got="a subclass of Model with its own call",
                fix="write a function that returns Model(inputs, outputs), or a subclass of Layer.",
            )

    @explain_arguments
    def fit(  # noqa: PLR0913 - the arguments people know
        self,
        x: Any,
        y: Any = None,
        *,
        batch_size: int = 32,
        epochs: int = 1,
        validation_split: float | str = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        sample_weight: Any = None,
        class_weight: training.ClassWeight | None = None,
        initial_epoch: int = 0,
        callbacks: Sequence[Callback] | Callback | None = None,
        keep: str = "last",
        checkpoint: str | os.PathLike[str] | None = None,
        resume: bool = False,
        verbose: int | str = "auto",
        seed: int | None = None,
    ) -> History:
        """Train on data and return the record, which ``model.history`` keeps as well.

        Args:
            x: the inputs, one row for each example: an array or frame, a list or dictionary for several inputs, or a
                `lamina.data.Dataset`, which has the targets and weights too, and says its order itself.
            y: the targets: numbers, class numbers, one-hot rows, booleans or labels.
            batch_size: how many rows each update is made from; the last batch may be shorter.
            epochs: the number of the last epoch; each is one pass over the rows.
            validation_split: the part of the rows, from 0 to below 1, that is held back for validation; the last rows,
                taken before shuffling, as in Keras. "stratified:0.2" for this part of each class, chosen by the seed.
            validation_data: ``(x, y)``, ``(x, y, sample_weight)`` or a data set to validate on instead.
            shuffle: whether each epoch visits the rows in a new random order.
            sample_weight: one weight of at least 0 for each row (or row and time step), for several outputs by name.
            class_weight: the weight of each class by number or label, all of them; "balanced" lets all count alike.
            initial_epoch: the number of the first epoch, when going on with earlier training.
            callbacks: who watches and steers; see `lamina.callbacks`.
            keep: "best" to end with the weights of the epoch whose ``val_loss``, or ``loss`` without validation, was
                lowest; ``history.weights_epoch`` says which that was.
            checkpoint: a folder for checkpoints, one after each epoch and each minute of a long one.
            resume: whether to go on from the last checkpoint in that folder, if there is one, as if never stopped.
            verbose: "auto" or 1 for a live display in a terminal or notebook, else a line for each epoch; 2 for such
                lines anywhere; 0 for silence.
            seed: what all random choices come from; drawn and recorded in the history when not given.

        Raises:
            StageError: before compile, and while fit is running.
            DataError: for data that cannot be trained on; nothing has been trained then.
            DivergedError: when the loss or the weights stop being finite; the last good state is kept.
            FormatError: for checkpoints that do not fit the model, or are all damaged.
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
            callbacks=watchers(callbacks, verbose=verbose, keep=keep, checkpoint=checkpoint, resume=resume),
            seed=seeds.chosen(seed, where="fit(seed)", before=self._seed),
        )
        self._define(x)
        program = self._compile()
        rows, validation = training.prepare(program.plan, x, y, options, classes=self._classes, columns=self._columns)
        with in_training(self):
            self._start(options.seed)
            self._classes, self._columns = rows.classes, rows.columns
            self.history = training.train(self, program, rows, validation, options=options)
        return self.history

    @explain_arguments
    def evaluate(
        self,
        x: Any,
        y: Any = None,
        *,
        batch_size: int = 1024,
        sample_weight: Any = None,
        verbose: int | str = 0,
    ) -> dict[str, Any]:
        """Return the loss and metrics over all rows, by name.

        Args:
            x: the inputs, as in `fit`.
            y: the targets, as in `fit`.
            batch_size: how many rows at once; it changes the time, not the result.
            sample_weight: one weight for each row.
            verbose: 1, 2 or "auto" to print them in a line as well.

        Raises:
            StageError: before compile.
            DataError: for data that cannot be scored.
        """
        report = callbacks_.report(verbose, where="evaluate(verbose)")
        self._define(x)
        program = self._compile()
        rows = training.read(program.plan, x, y, sample_weight, classes=self._classes, columns=self._columns)
        scores = training.evaluate(self, program, rows, batch_size=batch_size)
        report(len(rows), scores)
        return scores

    @explain_arguments
    def predict(self, x: Any, *, batch_size: int | None = None, verbose: int | str = 0) -> Any:
        """Return the prediction for each row.

        Args:
            x: the inputs, as in `fit`.
            batch_size: how many rows at once, at least 1; chosen when not given.
            verbose: 1, 2 or "auto" to print a line about it.

        Returns:
            A NumPy array with one row for each row of `x`; a list of them for several outputs.

        Raises:
            DataError: for inputs that are not numbers.
            ShapeError: for rows of another shape than the model's input.
        """
        if self._forward is not None and batch_size is None and verbose == 0 and self._forward.takes(x):
            outputs = tuple(map(np.array, self._run((x,))))  # copies: what JAX lends is read-only
        else:
            outputs = predicted(self, x, batch_size, verbose)
        return outputs[0] if len(outputs) == 1 else list(outputs)

    def predict_classes(self, x: Any) -> Any:
        """Return the class of each row: the most probable, or no or yes as 0 or 1.

        Args:
            x: the inputs, as in `fit`.

        Returns:
            Its label if the model was trained on labels, else its number. For several outputs a list of arrays, in
            which an output whose loss is for numbers has its predictions as they are.

        Raises:
            DataError: for inputs that are not numbers.
            StageError: for a model that was compiled for numbers alone.
        """
        predictions = self.predict(x)
        labels = self._classes or (None,) * len(self.graph.outputs)
        parts = predictions if isinstance(predictions, list) else [predictions]
        found = [read(part, own) for read, part, own in zip(self._readings(), parts, labels, strict=True)]
        return found if isinstance(predictions, list) else found[0]

    @explain_arguments
    def train_on_batch(self, x: Any, y: Any = None, *, sample_weight: Any = None) -> dict[str, Any]:
        """Make one update from all rows as one batch, and return its loss and metrics.

        Args:
            x: the inputs, as in `fit`.
            y: the targets, as in `fit`.
            sample_weight: one weight for each row.

        Raises:
            StageError: before compile.
            ArgumentError: for a model whose weights are all frozen.
            DataError: for data that cannot be trained on.
        """
        self._define(x)
        program = self._compile()
        rows = training.to_rows(program.plan, x, y, sample_weight, classes=self._classes, columns=self._columns)
        self._start()
        self._classes, self._columns = rows.classes, rows.columns
        return training.train_on_batch(self, program, rows)

    @explain_arguments
    def test_on_batch(self, x: Any, y: Any = None, *, sample_weight: Any = None) -> dict[str, Any]:
        """Return the loss and metrics of one batch: `evaluate` under another name."""
        return self.evaluate(x, y, sample_weight=sample_weight)

    def __call__(self, x: Any, *, training: bool = False) -> Any:
        """Return the output for symbols (using the model as a layer of another) or for arrays.

        Args:
            x: a symbol for each input, or an array for each: alone, in order, or by name.
            training: whether layers such as `Dropout` act as in training, with a new random key.

        Raises:
            ShapeError: for inputs of another shape than the model's.
        """
        items = x.values() if isinstance(x, Mapping) else x if isinstance(x, (list, tuple)) else [x]
        if any(isinstance(item, Symbol) for item in items):
            return self.connect(x)
        self._define(x)
        inputs = to_inputs(self.graph, x, columns=self._columns, kept=self._types.kept)
        outputs = run_once(self.graph, self.state, inputs, training=training, precision=self._types)
        return outputs[0] if len(outputs) == 1 else list(outputs)

    @explain_arguments
    def save(self, path: str | os.PathLike[str]) -> None:
        """Write everything to one file, from which `lamina.load` makes the same model.

        Loaded, it trains on as if it had never been saved. The file is read back and compared before it takes its
        place; a failure leaves what was there as it was.

        Args:
            path: the file, such as "model.safetensors", in a folder that exists.

        Raises:
            ArgumentError: for a folder, or a file in a folder that does not exist.
            FormatError: for a part that no file can carry, such as a function of your own, with what to write instead.
            StageError: for a model whose input shape is not known yet.
        """
        _saving.save(self, path)

    @explain_arguments
    def save_weights(self, path: str | os.PathLike[str]) -> None:
        """Write weights and moving values alone to a file, for `load_weights`.

        Args:
            path: the file, such as "weights.safetensors", in a folder that exists.

        Raises:
            ArgumentError: for a folder, or a file in a folder that does not exist.
            StageError: for a model whose input shape is not known yet.
        """
        _saving.save_weights(self, path)

    @explain_arguments
    def load_weights(self, path: str | os.PathLike[str]) -> None:
        """Take weights and moving values from a file; all fit, or none is changed.

        Args:
            path: the file, which `save_weights` or `save` wrote.

        Raises:
            FormatError: for a file that is damaged, or has other weights than the model.
            ShapeError: for a weight of another shape.
            StageError: for a model whose input shape is not known yet.
        """
        _saving.load_weights(self, path)
