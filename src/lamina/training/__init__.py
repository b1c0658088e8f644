"""Compile, fit, evaluate and predict: from a graph and data to a new state and a record."""

from lamina.training._compile import compile_plan
from lamina.training._events import Callback, Events, Holder, Logs, Session
from lamina.training._feed import ArrayFeed, Feed, Portion
from lamina.training._fit import FitOptions, evaluate, prepare, start_optimizer, train, train_on_batch
from lamina.training._history import History
from lamina.training._plan import Output, Plan, is_frozen, layer_settings, layers_with
from lamina.training._predict import check_tells_classes, forward_of, is_ready, predict, run_once, to_classes
from lamina.training._program import Block, Program
from lamina.training._rows import Classes, Columns, Rows, to_inputs, to_rows
from lamina.training._scores import Scores
from lamina.training._state import State, draw_arrays

__all__ = [
    "ArrayFeed",
    "Block",
    "Callback",
    "Classes",
    "Columns",
    "Events",
    "Feed",
    "FitOptions",
    "History",
    "Holder",
    "Logs",
    "Output",
    "Plan",
    "Portion",
    "Program",
    "Rows",
    "Scores",
    "Session",
    "State",
    "check_tells_classes",
    "compile_plan",
    "draw_arrays",
    "evaluate",
    "forward_of",
    "is_frozen",
    "is_ready",
    "layer_settings",
    "layers_with",
    "predict",
    "prepare",
    "run_once",
    "start_optimizer",
    "to_classes",
    "to_inputs",
    "to_rows",
    "train",
    "train_on_batch",
]
