"""Where data enters a network."""

from __future__ import annotations

from collections.abc import Sequence

from lamina._core import checks
from lamina._core.names import check_name
from lamina._core.renamed import explain_arguments
from lamina.layers._symbol import Symbol

DTYPES = ("float32", "int32", "bool")


@explain_arguments
def Input(  # noqa: N802 - a noun, as in Keras: it reads like the layers it stands before
    shape: Sequence[int | None] | int,
    *,
    batch_size: int | None = None,
    dtype: str = "float32",
    name: str | None = None,
) -> Symbol:
    """State the shape of one row of data, without the batch axis.

    Args:
        shape: sizes of one row, such as ``(784,)`` or ``(28, 28, 1)``; None where a size may vary.
        batch_size: how many rows each batch has, where that is fixed, as stateful layers need it; any number else.
        dtype: "float32", "int32" (for `Embedding`) or "bool"; data of another type is converted.
        name: how the input is called in dictionaries of data; numbered when not given.

    Shape:
        The symbol has shape ``(batch_size, *shape)``, the first axis being the batch; None where any size will do.

    Raises:
        ArgumentError: for sizes that are not positive integers, another dtype, or a name that is not plain.

    Example:
        >>> import lamina as lm
        >>> lm.Input((784,)).shape
        (None, 784)
    """
    sizes = checks.shape("Input(shape)", shape, allow_unknown=True)
    checks.choice("Input(dtype)", dtype, DTYPES)
    if name is not None:
        check_name("Input(name)", name)
    if batch_size is not None:
        checks.integer("Input(batch_size)", batch_size)
    return Symbol((batch_size, *sizes), dtype, None, name)
