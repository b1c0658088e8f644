"""Arguments that go by another name elsewhere, or went by one in older books, and what to write today."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ParamSpec, TypeVar

from lamina._core import checks
from lamina.errors import ArgumentError

P = ParamSpec("P")
R = TypeVar("R")

TODAY = {
    "U_regularizer": "recurrent_regularizer",
    "W_constraint": "kernel_constraint",
    "W_regularizer": "kernel_regularizer",
    "alpha": "negative_slope",
    "atrous_rate": "dilation_rate",
    "attention_axes": "Permute and Reshape around the layer, which attends along the time axis,",
    "b_regularizer": "bias_regularizer",
    "batch_input_shape": "an Input(shape) as the first element of the model",
    "batch_shape": "shape",
    "bias": "use_bias",
    "border_mode": "padding",
    "class_mode": "loss",
    "clipnorm": "[ClipNorm(1.0), optimizer]: clipping is a link before the optimizer, in a list",
    "clipvalue": "[ClipValue(0.5), optimizer]: clipping is a link before the optimizer, in a list",
    "data_format": "nothing where channels come last, np.moveaxis(x, 1, -1) where they come first,",
    "decay": "learning_rate=InverseTimeDecay(...)",
    "dropout_U": "recurrent_dropout",
    "dropout_W": "dropout",
    "ema_momentum": "[optimizer, AverageWeights(0.99)]: averaging is a link after the optimizer, in a list",
    "ema_overwrite_frequency": "[optimizer, AverageWeights(0.99)]: the averages become the weights when training ends",
    "filter_length": "kernel_size",
    "global_clipnorm": "[ClipGlobalNorm(1.0), optimizer]: clipping is a link before the optimizer, in a list",
    "gradient_accumulation_steps": "[Accumulate(4), optimizer]: accumulation is a link before the optimizer, in a list",
    "index": "model.layers[0]",
    "init": "kernel_initializer",
    "inner_activation": "recurrent_activation",
    "inner_init": "recurrent_initializer",
    "input_dim": "an Input((n,)) as the first element of the model",
    "input_length": "an Input((n,)) as the first element of the model",
    "input_shape": "an Input(shape) as the first element of the model",
    "lora_alpha": "lamina.models.add_low_rank(model, rank=8)",
    "lora_rank": "lamina.models.add_low_rank(model, rank=8)",
    "lr": "learning_rate",
    "nb_epoch": "epochs",
    "nb_filter": "filters",
    "nb_filters": "filters",
    "output_dim": "units",
    "output_shape": "units",
    "p": "rate",
    "pool_length": "pool_size",
    "quantization_config": "lamina.models.quantize(model)",
    "run_eagerly": "debug",
    "samples_per_epoch": "batch_size",
    "steps_per_epoch": "Dataset.from_batches(source, steps=100)",
    "subsample": "strides",
    "subsample_length": "strides",
    "trainable": 'model.freeze("name of the layer")',
    "use_ema": "[optimizer, AverageWeights(0.99)]: averaging is a link after the optimizer, in a list",
    "validation_steps": "validation_data=dataset.take(1000)",
    "weight_decay": "[optimizer, WeightDecay(0.004)]: decay is a link after the optimizer, in a list",
}

GONE = {
    "by_name": "remove it; weights go by the paths of their layers.",
    "compile": "remove it; a model is loaded as it was saved, and may be compiled anew.",
    "double_checkpoint": "remove it; the last three checkpoints and the best are kept.",
    "dtype": "remove it; the precision of all arithmetic is decided in compile.",
    "expand_nested": "remove it; the layers of parts are listed by their paths.",
    "flash_attention": "remove it; the quickest way of those at hand is taken.",
    "include_optimizer": "remove it; a model is saved with its optimizer, and save_weights leaves it out.",
    "jit_compile": "remove it; everything is compiled, unless compile says debug=True.",
    "line_length": "remove it; the table keeps to the width of the terminal.",
    "max_queue_size": "remove it; a data set reads ahead by itself.",
    "overwrite": "remove it; a file is replaced, once the new one is whole.",
    "path": "remove it, and name the folder of the published files in LAMINA_DATA.",
    "print_fn": "remove it; contextlib.redirect_stdout(file) around the call writes to a file.",
    "reduction": "remove it; what counts is always the weighted mean over the rows.",
    "return_dict": "remove it; scores are always a dictionary.",
    "safe_mode": "remove it; no code in a file is ever run.",
    "save_format": "remove it; a model file is always a safetensors file.",
    "show_trainable": "remove it; the table says which layers are frozen.",
    "skip_mismatch": "remove it; all weights fit, or none is changed.",
    "steps": "remove it, or write dataset.take(rows).",
    "steps_per_execution": "remove it; as many steps as fit into a fifth of a second run in one call.",
    "synchronized": "remove it; a batch is one, whatever computes it.",
    "use_cudnn": "remove it; the quickest way of those at hand is taken.",
    "use_multiprocessing": "remove it; dataset.map(function, workers=4) asks for processes.",
    "validation_batch_size": "remove it; batch_size serves validation too, whose result is the same for any.",
    "validation_freq": "remove it; validation follows every epoch.",
    "weighted_metrics": "write metrics=[...]; weights of samples and classes count in each, as they do in the loss.",
    "weights": 'write model.set_weights({"embedding": {"embeddings": array}}) once the model is built.',
    "workers": "remove it; dataset.map(function, workers=4) asks for processes.",
}
"""What to do about arguments that have nothing in their place."""


def explain(owner: str, name: str, known: Iterable[str]) -> ArgumentError:
    """Return the error for a keyword that `owner` does not take, with the name it has today where there is one."""
    known = list(known)
    today = TODAY.get(name)
    if today and (today in known or not today.isidentifier()):
        fix = f"write {today} instead of {name}."
    elif name in GONE:
        fix = GONE[name]
    else:
        near = checks.nearest(name, known)
        fix = f"did you mean {near}?" if near else f"remove it; {owner} takes {', '.join(known) or 'no arguments'}."
    return checks.problem(
        ArgumentError, f"{owner}({name})", expected="an argument that exists", got=repr(name), fix=fix
    )


def misuse(
    owner: str, signature: inspect.Signature, values: Sequence[object], named: Mapping[str, object]
) -> ArgumentError | None:
    """Return the error for a call whose arguments do not fit, None where they do.

    Args:
        owner: how the error names what is called.
        signature: what it takes; a first ``self`` is not counted.
        values: the arguments by position, with the one for ``self``.
        named: the arguments by name.
    """
    parameters = {name: parameter for name, parameter in signature.parameters.items() if name != "self"}
    values = values[len(signature.parameters) - len(parameters) :]
    by_position = [name for name, parameter in parameters.items() if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
    for name in named:
        if name not in parameters:
            return explain(owner, name, parameters)
    if len(values) > len(by_position):
        most = f"at most {len(by_position)} ({', '.join(by_position)})" if by_position else "no arguments"
        others = sorted(
            (name for name in parameters if name not in by_position), key="name".__eq__
        )  # `name` at the end
        fix = f"write the name of each other argument: {others[0]}=..." if others else "remove the others."
        return checks.problem(ArgumentError, owner, expected=f"{most} without a name", got=str(len(values)), fix=fix)
    given = {*by_position[: len(values)], *named}
    for name in by_position[: len(values)]:
        if name in named:
            return checks.problem(
                ArgumentError, f"{owner}({name})", expected="one value", got="two", fix=f"remove one {name}."
            )
    for name, parameter in parameters.items():
        if parameter.default is parameter.empty and name not in given:
            return checks.problem(
                ArgumentError, f"{owner}({name})", expected="a value", got="none", fix=f"write {owner}({name}=...)."
            )
    return None


def explain_arguments(function: Callable[P, R]) -> Callable[P, R]:
    """Give a function or method the same errors for arguments that do not fit as configuration objects have."""
    signature = inspect.signature(function)

    @functools.wraps(function)
    def wrapper(*values: P.args, **named: P.kwargs) -> R:
        try:
            return function(*values, **named)
        except TypeError:  # looked into only now: a call that fits pays nothing
            error = misuse(function.__name__, signature, values, named)
            if error is None:
                raise
        raise error

    return wrapper
