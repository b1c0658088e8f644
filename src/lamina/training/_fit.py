"""What fit, evaluate and train_on_batch do with their arguments before the loop."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import Any

from lamina import ops
from lamina._core import checks
from lamina.data import Dataset
from lamina.errors import ArgumentError, DataError
from lamina.layers import Weight
from lamina.training import _loop
from lamina.training._class_weights import ClassWeight, class_weighted, known_weights
from lamina.training._events import Callback, Events
from lamina.training._feed import ArrayFeed
from lamina.training._fingerprint import fingerprint
from lamina.training._given import Given, check_alone, check_batch_size, feed_of
from lamina.training._history import History
from lamina.training._plan import Plan
from lamina.training._program import Program
from lamina.training._rows import Classes, Columns, Names, Rows, to_rows
from lamina.training._scores import Scores
from lamina.training._session import Holder, Position, Session
from lamina.training._split import Split, split_stratified, split_tail, to_split, warn_of_missing_classes
from lamina.training._state import State
from lamina.training._stateful import batch_of, check_batches, check_whole
from lamina.training._stream import Known, Stream
from lamina.training._weights import check_counted

VALIDATION_NAMES = Names(*(f"validation_data {name}" for name in Names()))


@dataclasses.dataclass(frozen=True)
class FitOptions:
    """The arguments of fit besides the data; `lamina.Model.fit` says what each means."""

    batch_size: int = 32
    epochs: int = 1
    validation_split: float | str = 0.0
    validation_data: Any = None
    shuffle: bool = True
    sample_weight: Any = None
    class_weight: ClassWeight | None = None
    initial_epoch: int = 0
    callbacks: Sequence[Callback] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        checks.integer("fit(batch_size)", self.batch_size)
        checks.integer("fit(epochs)", self.epochs, least=0)
        checks.integer("fit(initial_epoch)", self.initial_epoch, least=0)
        checks.boolean("fit(shuffle)", self.shuffle)
        to_split(self.validation_split)
        if self.initial_epoch > self.epochs:
            raise checks.problem(
                ArgumentError,
                "fit(initial_epoch)",
                expected=f"at most epochs, the number of the last epoch ({self.epochs})",
                got=str(self.initial_epoch),
                fix=f"write epochs={self.initial_epoch + self.epochs} to train for {self.epochs} more.",
            )
        if self.validation_split and self.validation_data is not None:
            raise checks.problem(
                ArgumentError,
                "fit",
                expected="validation_split or validation_data",
                got="both",
                fix="leave one out; validation_data alone is what Keras would use.",
            )
        for callback in self.callbacks:
            if not isinstance(callback, Callback):
                raise checks.problem(
                    ArgumentError,
                    "fit(callbacks)",
                    expected="a list of callbacks",
                    got=checks.plain(callback),
                    fix="write a subclass of lamina.callbacks.Callback, and pass an object of it.",
                )


def prepare(
    plan: Plan, x: Any, y: Any, options: FitOptions, *, classes: Classes | None, columns: Columns | None = None
) -> tuple[Given, Given | None]:
    """Return the checked rows to train on, and those to validate on.

    Args:
        plan: the compiled model.
        x: the inputs, or a data set with the targets.
        y: the targets.
        options: the other arguments of fit.
        classes: the labels seen in earlier training, for each output.
        columns: the names of the columns seen in earlier training, for each input.

    Raises:
        ArgumentError: for a model without a weight to train.
        DataError: for data that cannot be trained on, before anything is.
    """
    _check_trainable(plan, "fit")
    dataset = x if isinstance(x, Dataset) else None
    check_batches(plan.graph, dataset, batch_size=options.batch_size, shuffle=options.shuffle)
    if dataset is not None:
        return _prepared(plan, dataset, y, options, Known(classes, columns))
    validation: Given | None
    rows, validation = to_rows(plan, x, y, options.sample_weight, classes=classes, columns=columns), None
    if options.validation_data is not None:
        validation = _validation_rows(plan, options.validation_data, rows)
    elif (split := to_split(options.validation_split)).fraction:
        rows, validation = _divided(plan, rows, split, options)
        check_counted(validation.weights or (), where="fit(validation_split)")
    rows = class_weighted(plan, rows, options.class_weight)
    check_counted(rows.weights or (), where="fit(sample_weight, class_weight)")
    return rows, validation


def train(holder: Holder, program: Program, rows: Given, validation: Given | None, *, options: FitOptions) -> History:
    """Train on checked rows and return the record; the holder has the new state.

    Args:
        holder: the model.
        program: its compiled programs.
        rows: what to train on.
        validation: what to validate on after each epoch, or None.
        options: the other arguments of fit.

    Raises:
        DataError: for rows that fill no batch, where the network has batches of one size.
        DivergedError: when the loss or the weights stop being finite; the last good state is kept.
    """
    fixed = batch_of(program.plan.graph)
    for given, where in ((rows, "fit(x)"), (validation or (), "fit(validation)")):
        check_whole(len(given), fixed, where=where)
    feed = feed_of(rows, batch_size=options.batch_size, shuffle=options.shuffle)
    scored = None if validation is None else feed_of(validation, batch_size=fixed or options.batch_size)
    sample = rows.sample if isinstance(rows, Stream) else rows
    names, step = program.plan.value_names, int(holder.state.step)
    session = Session(
        model=holder,
        plan=program.plan,
        epochs=options.epochs,
        first_epoch=options.initial_epoch,
        steps=feed.steps(),
        rows=len(rows) or None,
        metrics=names + (tuple(f"val_{name}" for name in names) if scored else ()),
        history=History(program.plan.directions),
        position=Position(options.initial_epoch, step, program.empty),
        fingerprint=functools.cache(
            functools.partial(fingerprint, sample, batch_size=feed.batch_size, shuffle=options.shuffle)
        ),
        program=program,
        sample=sample,
        first_step=step,
    )
    try:
        history = _loop.run(session, program, feed, scored, Events(options.callbacks, session))
    finally:
        session.callbacks = ()  # which know the session: together they would keep the rows in memory for a while
    history.params = {
        "epochs": options.epochs,
        "steps": feed.steps(),
        "batch_size": feed.batch_size,
        "rows": len(rows),
        "validation_rows": len(validation) if validation else 0,
        "validation_split": options.validation_split,
        "seed": int(holder.state.seed),
    }
    return history


def evaluate(holder: Holder, program: Program, rows: Given, *, batch_size: int) -> Scores:
    """Return the loss and metrics over checked rows."""
    checks.integer("evaluate(batch_size)", batch_size)
    fixed = batch_of(program.plan.graph)
    check_whole(len(rows), fixed, where="evaluate(x)")
    feed = feed_of(rows, batch_size=fixed or batch_size)
    return Scores(_loop.score(holder, program, feed, _loop.Pace()))


def train_on_batch(holder: Holder, program: Program, rows: Rows) -> Scores:
    """Make one update from all rows as one batch and return its loss and metrics.

    Raises:
        ArgumentError: for a model whose weights are all frozen; one without any may be run as in training.
        DivergedError: when the loss or the weights are not finite; the state is as before.
    """
    if _weights(program.plan):
        _check_trainable(program.plan, "train_on_batch")
    (portion,) = ArrayFeed(rows, batch_size=len(rows), shuffle=False).portions(0, 0)
    result = _loop.call_train(program, holder.state, program.empty, portion.stretch(0, 1), portion.batches)
    if not bool(result.finite):
        raise _loop.diverged("train_on_batch", holder)
    holder.state = result.state
    return Scores(_loop.fetched(program.plan, result.values))


def start_optimizer(plan: Plan, state: State) -> Any:
    """Return what the optimizer remembers before its first step."""
    trained = {path: {name: state.weights[path][name] for name in names} for path, names in plan.trainable.items()}
    with plan.types.context():
        return ops.device_put(plan.optimizer.transformation().init(trained))


def optimizer_shapes(plan: Plan, state: State) -> Any:
    """Return the shapes and types of what the optimizer remembers."""
    with plan.types.context():
        return ops.eval_shape(functools.partial(start_optimizer, plan), state)


def _check_trainable(plan: Plan, where: str) -> None:
    if plan.trainable:
        return
    weights = _weights(plan)
    got, fix = "a model without weights", "add a layer with weights, such as Dense(1)."
    if any(weight.dtype != "float32" for weight in weights):
        got = "a quantised model, whose weights are whole numbers without a gradient"
        fix = "train the model that it was made from, and quantize that again."
    elif weights:
        got, fix = "a model whose layers are all frozen", "call model.unfreeze() first."
    raise checks.problem(ArgumentError, where, expected="at least one weight to train", got=got, fix=fix)


def _weights(plan: Plan) -> list[Weight]:
    """Return what layers declare, moving values apart."""
    return [weight for own in plan.graph.declared().values() for weight in own.values() if not weight.moving]


def _divided(plan: Plan, rows: Rows, split: Split, options: FitOptions) -> tuple[Rows, Rows]:
    """Return the rows to train on, and those held back for validation."""
    if split.is_stratified:
        resumed = (callback.resumed_seed() for callback in options.callbacks)
        seed = next((seed for seed in resumed if seed is not None), options.seed)
        return split_stratified(plan, rows, split.fraction, seed=seed)
    train, tail = split_tail(rows, split.fraction)
    warn_of_missing_classes(plan, train, tail)
    return train, tail


def _prepared(plan: Plan, dataset: Dataset, y: Any, options: FitOptions, known: Known) -> tuple[Stream, Given | None]:
    """Return a data set as rows to train on, and those to validate on."""
    split = to_split(options.validation_split)
    check_alone("fit", y=y, sample_weight=options.sample_weight, validation_split=split.fraction or None)
    check_batch_size(dataset, options.batch_size)
    known = dataclasses.replace(known, class_weight=known_weights(options.class_weight))
    rows, validation = Stream(plan, dataset, known), options.validation_data
    return rows, None if validation is None else _validation_rows(plan, validation, rows)


def _validation_rows(plan: Plan, given: Any, rows: Given) -> Given:
    if isinstance(given, Dataset):
        return Stream(plan, given.unshuffled(), Known(rows.classes, rows.columns, names=VALIDATION_NAMES))
    if not isinstance(given, (tuple, list)) or len(given) not in (2, 3):
        parts = (
            f"{len(given)} parts" if isinstance(given, (tuple, list)) else f"an object of type {type(given).__name__}"
        )
        raise checks.problem(
            DataError,
            "fit(validation_data)",
            expected="a tuple (x, y) or (x, y, sample_weight)",
            got=parts,
            fix="write validation_data=(x_val, y_val).",
        )
    return to_rows(plan, *given, classes=rows.classes, columns=rows.columns, names=VALIDATION_NAMES)
