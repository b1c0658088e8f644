"""Compile, fit, evaluate and predict: from a graph and data to a new state and a record."""

from lamina.training._advice import Advice
from lamina.training._checkpoint import BESIDE_WEIGHTS, go_on, seed_of, snapshot
from lamina.training._class_weights import ClassWeight
from lamina.training._compile import compile_plan
from lamina.training._events import EVENTS, Callback, Events
from lamina.training._examination import Examination, LayerReport, examine
from lamina.training._feed import ArrayFeed, Feed, Portion
from lamina.training._findings import Finding, findings
from lamina.training._fit import (
    FitOptions,
    evaluate,
    optimizer_shapes,
    prepare,
    start_optimizer,
    train,
    train_on_batch,
)
from lamina.training._given import read, read_inputs
from lamina.training._history import History
from lamina.training._plan import Output, Plan, is_frozen, layer_settings, layers_with, up_to_scores
from lamina.training._precision import PRECISIONS, LossScale, Precision
from lamina.training._predict import (
    Reading,
    forward_of,
    is_ready,
    predict,
    predict_blocks,
    readings,
    rows_at_once,
    run_once,
    to_classes,
)
from lamina.training._program import Block, Program, finished
from lamina.training._rows import Classes, Columns, Rows, to_inputs, to_rows
from lamina.training._scores import Scores
from lamina.training._session import Holder, Logs, Position, Session
from lamina.training._state import OPTIMIZER, State, draw_arrays, tensors_of
from lamina.training._stateful import batch_of, carried
from lamina.training._stream import Known, Stream, StreamFeed, first_rows

__all__ = [
    "Advice",
    "ArrayFeed",
    "BESIDE_WEIGHTS",
    "Block",
    "Callback",
    "ClassWeight",
    "Classes",
    "Columns",
    "EVENTS",
    "Events",
    "Examination",
    "Feed",
    "Finding",
    "FitOptions",
    "History",
    "Holder",
    "Known",
    "LayerReport",
    "Logs",
    "LossScale",
    "OPTIMIZER",
    "Output",
    "PRECISIONS",
    "Plan",
    "Portion",
    "Position",
    "Precision",
    "Program",
    "Reading",
    "Rows",
    "Scores",
    "Session",
    "State",
    "Stream",
    "StreamFeed",
    "batch_of",
    "carried",
    "compile_plan",
    "draw_arrays",
    "evaluate",
    "examine",
    "findings",
    "finished",
    "first_rows",
    "forward_of",
    "go_on",
    "is_frozen",
    "is_ready",
    "layer_settings",
    "layers_with",
    "optimizer_shapes",
    "predict",
    "predict_blocks",
    "prepare",
    "read",
    "read_inputs",
    "readings",
    "rows_at_once",
    "run_once",
    "seed_of",
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
