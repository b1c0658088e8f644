"""What a checkpoint holds: all it takes to go on, also in the middle of an epoch, as if training had never stopped."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamina import saving
from lamina._core import checks, portable
from lamina.errors import ArgumentError
from lamina.saving import Contents
from lamina.training._session import Position, Session
from lamina.training._state import OPTIMIZER, State, tensors_of, without_twins

SUMS = "checkpoint/sums/"
ARRAYS = "checkpoint/array_"
BESIDE_WEIGHTS = (OPTIMIZER, SUMS, ARRAYS)
"""What the names of arrays in a model or a checkpoint begin with that are no weights."""

NAMES = (
    *("precision", "fingerprint", "epoch", "done", "values", "first_step", "fit_step", "step", "seed", "settings"),
    *("history", "epochs", "seconds", "weights_epoch", "reported", "stopped", "callbacks"),
)


def snapshot(session: Session) -> Contents:
    """Return what a checkpoint of a session, taken now, holds."""
    state, position, history = session.model.state, session.position, session.history
    told = [(type(callback).__name__, callback.state()) for callback in session.callbacks]
    values = {
        "precision": session.plan.precision,
        "fingerprint": session.fingerprint(),
        "epoch": position.epoch,
        "done": position.done,
        "values": position.values,
        "first_step": position.first_step,
        "fit_step": session.first_step,
        "step": int(state.step),
        "seed": int(state.seed),
        "settings": {name: float(value) for name, value in state.settings.items()},
        "history": {name: np.asarray(column) for name, column in history.history.items()},
        "epochs": np.asarray(history.epoch, np.int64),
        "seconds": np.asarray(history.seconds),
        "weights_epoch": session.weights_epoch,
        "reported": session.reported,
        "stopped": session.stop_training,
        "callbacks": [[name, own] for name, own in told if own],
    }
    arrays: dict[str, Any] = {}
    config = saving.packed(values, arrays, prefix=ARRAYS, where="checkpoint")
    tensors = without_twins(tensors_of(state), saving.named(position.sums, SUMS) | arrays)
    return Contents("checkpoint", config, tensors)


def go_on(session: Session, contents: Contents, *, where: str) -> None:
    """Put a session, its model and its callbacks where they were when `snapshot` was called.

    Args:
        session: training that is about to start.
        contents: what `snapshot` returned, as it was read from a file.
        where: the argument that names the file or folder, for errors.

    Raises:
        ArgumentError: for a checkpoint of training in another precision, on other data, or in other batches.
        FormatError: for a file that holds something else, or does not fit the model.
    """
    found = _values(contents, where)
    _check_same(session, found, where)
    with checks.refusing(where):
        state, sums = _arrays(session, contents, found, where)
        position = Position(int(found["epoch"]), int(found["first_step"]), sums, int(found["done"]), found["values"])
    if position.done:
        for callback in session.callbacks:  # what they note when an epoch begins; what they change is put right below
            callback.on_epoch_begin(position.epoch)
    session.model.state, session.position = state, position
    _take_over(session, found)


def seed_of(contents: Contents, *, where: str) -> int:
    """Return the seed of the training that a checkpoint is of.

    Args:
        contents: what `snapshot` returned, as it was read from a file.
        where: the argument that names the file or folder, for errors.

    Raises:
        FormatError: for a file that holds something else.
    """
    with checks.refusing(where):
        return int(_values(contents, where)["seed"])


def _values(contents: Contents, where: str) -> dict[str, Any]:
    """Return what a checkpoint says besides arrays of the model."""
    if contents.kind != "checkpoint":
        raise portable.refusal(where, expected="a checkpoint", got=f"a file with {contents.kind}")
    with checks.refusing(where):
        saved = saving.unpacked(contents.config, contents.tensors, where=where)
        return dict(zip(NAMES, portable.entries(saved, NAMES, where=where), strict=True))


def _check_same(session: Session, found: dict[str, Any], where: str) -> None:
    """Refuse to go on in another precision, on other data or in other batches, which would give other numbers."""
    precision = session.plan.precision
    if found["precision"] != precision:
        raise checks.problem(
            ArgumentError,
            where,
            expected=f"precision={found['precision']!r}, that of the training that was stopped",
            got=repr(precision),
            fix="give compile the same one, or name another folder to begin anew.",
        )
    if found["fingerprint"] != session.fingerprint():
        raise checks.problem(
            ArgumentError,
            where,
            expected="the data, batch size and shuffle of the training that was stopped",
            got="others",
            fix="give the same ones, or name another folder to begin anew.",
        )


def _arrays(session: Session, contents: Contents, found: dict[str, Any], where: str) -> tuple[State, Any]:
    """Return the state and the sums in a checkpoint, which must be of the shapes that the model has."""
    state, empty = session.model.state, session.position.sums
    tensors = {name: array for name, array in contents.tensors.items() if not name.startswith(ARRAYS)}
    saving.check_tensors(tensors_of(state) | saving.named(empty, SUMS), tensors, where=where)
    names = list(state.settings)
    settings = dict(zip(names, portable.entries(found["settings"], names, where=f"{where}: settings"), strict=True))
    restored = State(
        weights=saving.filled(state.weights, tensors),
        moving=saving.filled(state.moving, tensors),
        optimizer=saving.filled(state.optimizer, tensors, OPTIMIZER),
        settings={name: np.asarray(state.settings[name]).dtype.type(value) for name, value in settings.items()},
        step=np.int32(found["step"]),
        seed=np.uint32(found["seed"]),
    )
    return restored, saving.filled(empty, tensors, SUMS)


def _take_over(session: Session, found: dict[str, Any]) -> None:
    """Give the session, its record and its callbacks what they had."""
    session.first_step, session.stop_training = found["fit_step"], found["stopped"]
    session.weights_epoch, session.reported = found["weights_epoch"], found["reported"]
    history = session.history
    history.epoch, history.seconds = found["epochs"].tolist(), found["seconds"].tolist()
    columns = found["history"].items()
    history.history = {name: column.tolist() if column.ndim == 1 else list(column) for name, column in columns}
    saved = list(found["callbacks"])
    for callback in session.callbacks:
        own = next((item for item in saved if item[0] == type(callback).__name__), None)
        if own is not None:
            saved.remove(own)
            callback.restore(own[1])
