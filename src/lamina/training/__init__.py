"""Compile, fit, evaluate and predict: from a graph and data to a new state and a record."""

from lamina.training._checkpoint import BESIDE_WEIGHTS, go_on, snapshot
from lamina.training._compile import compile_plan
from lamina.training._events import EVENTS, Callback, Events
from lamina.training._feed import ArrayFeed, Feed, Portion
from lamina.training._fit import FitOptions, evaluate, prepare, start_optimizer, train, train_on_batch
from lamina.training._given import read, read_inputs
from lamina.training._history import History
from lamina.training._plan import Output, Plan, is_frozen, layer_settings, layers_with, up_to_scores
from lamina.training._predict import (
    check_tells_classes,
    forward_of,
    is_ready,
    predict,
    predict_blocks,
    run_once,
    to_classes,
)
from lamina.training._program import Block, Program, finished
from lamina.training._rows import Classes, Columns, Rows, to_inputs, to_rows
from lamina.training._scores import Scores
from lamina.training._session import Holder, Logs, Position, Session
from lamina.training._state import OPTIMIZER, State, draw_arrays, tensors_of
from lamina.training._stream import Known, Stream, StreamFeed, first_rows

__all__ = [
    "ArrayFeed",
    "BESIDE_WEIGHTS",
    "Block",
    "Callback",
    "Classes",
    "Columns",
    "EVENTS",
    "Events",
    "Feed",
    "FitOptions",
    "History",
    "Holder",
    "Known",
    "Logs",
    "OPTIMIZER",
    "Output",
    "Plan",
    "Portion",
    "Position",
    "Program",
    "Rows",
    "Scores",
    "Session",
    "State",
    "Stream",
    "StreamFeed",
    "check_tells_classes",
    "compile_plan",
    "draw_arrays",
    "evaluate",
    "finished",
    "first_rows",
    "forward_of",
    "go_on",
    "is_frozen",
    "is_ready",
    "layer_settings",
    "layers_with",
    "predict",
    "predict_blocks",
    "prepare",
    "read",
    "read_inputs",
    "run_once",
    "snapshot",
    "start_optimizer",
    "tensors_of",
    "to_classes",
    "to_inputs",
    "to_rows",
    "train",
    "train_on_batch",
    "up_to_scores",
]
