"""Array functions every layer is written in; the only door to JAX.

The functions are JAX's own, with NumPy's names and meanings. Layers, losses and metrics use nothing else, so what
they need from an engine can be read here in one place.
"""

from lamina.ops import random
from lamina.ops._arrays import *  # noqa: F403
from lamina.ops._arrays import __all__ as _arrays
from lamina.ops._cache import cache_folder
from lamina.ops._transforms import *  # noqa: F403
from lamina.ops._transforms import __all__ as _transforms

__all__ = sorted([*_arrays, *_transforms, "cache_folder", "random"])  # noqa: PLE0605
