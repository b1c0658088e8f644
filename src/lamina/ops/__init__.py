"""Array functions every layer is written in; the only door to JAX.

The functions are JAX's own, with NumPy's names and meanings. Layers, losses and metrics use nothing else, so what
they need from an engine can be read here in one place.
"""

from lamina.ops import random as random
from lamina.ops._arrays import *  # noqa: F403
from lamina.ops._arrays import __all__ as _arrays
from lamina.ops._cache import *  # noqa: F403
from lamina.ops._cache import __all__ as _cache
from lamina.ops._linear import *  # noqa: F403
from lamina.ops._linear import __all__ as _linear
from lamina.ops._tracing import *  # noqa: F403
from lamina.ops._tracing import __all__ as _tracing
from lamina.ops._transforms import *  # noqa: F403
from lamina.ops._transforms import __all__ as _transforms

__all__ = sorted([*_arrays, *_cache, *_linear, *_tracing, *_transforms, "random"])  # noqa: PLE0605
