"""Start with an orthogonal matrix."""

from __future__ import annotations

import numpy as np

from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import ShapeError
from lamina.initializers._initializer import Initializer


@register("initializer")
class Orthogonal(Initializer):
    """Draw a matrix whose columns are orthogonal and of equal length.

    Where there are fewer rows than columns, the rows are. The matrix is drawn evenly among all orthogonal ones: it is
    Q of the QR factors of a normal matrix, with the signs of R's diagonal.

    Args:
        gain: length of each column (or row).
        seed: when given, every call returns the same values.

    Shape:
        Two dimensions or more; all but the last are taken together as rows.

    Raises:
        ArgumentError: for a gain that is not a finite number, or a negative seed.
        ShapeError: when called for a shape of fewer than two dimensions.

    Example:
        >>> import numpy as np
        >>> from lamina import initializers
        >>> values = initializers.Orthogonal(seed=1)((3, 3))
        >>> np.allclose(values.T @ values, np.eye(3), atol=1e-6)
        True

    Reference:
        [Saxe, McClelland and Ganguli, 2013](https://arxiv.org/abs/1312.6120)
    """

    gain: float = 1.0
    seed: int | None = None

    def check(self) -> None:
        """Check each argument."""
        super().check()
        checks.number(self.place("gain"), self.gain)

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Draw the matrix."""
        if len(shape) < 2:
            raise checks.problem(
                ShapeError,
                type(self).__name__,
                expected="a shape of at least two dimensions",
                got=checks.plain(shape),
                fix='choose another initializer for this weight, such as "zeros" for a bias.',
            )
        rows, columns = int(np.prod(shape[:-1])), shape[-1]
        tall = generator.standard_normal((max(rows, columns), min(rows, columns)), dtype=np.float32)
        q, r = np.linalg.qr(tall)
        # Without the signs, LAPACK's choice of sign would prefer some orthogonal matrices to others.
        q *= np.where(np.diagonal(r) < 0.0, -1.0, 1.0).astype(np.float32)
        return self.gain * (q if rows >= columns else q.T).reshape(shape)
