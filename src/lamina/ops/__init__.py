"""Array functions every layer is written in; the only door to JAX.

The functions are JAX's own, with NumPy's names and meanings. Layers, losses and metrics use nothing else, so what
they need from an engine can be read here in one place.
"""

from lamina.kernels import instruction_set as instruction_set
from lamina.ops import _dispatch as _dispatch
from lamina.ops import random as random
from lamina.ops._arrays import *  # noqa: F403
from lamina.ops._arrays import __all__ as _arrays
from lamina.ops._cache import *  # noqa: F403
from lamina.ops._cache import __all__ as _cache
from lamina.ops._compilation import *  # noqa: F403
from lamina.ops._compilation import __all__ as _compilation
from lamina.ops._convolution import *  # noqa: F403
from lamina.ops._convolution import __all__ as _convolution
from lamina.ops._linear import *  # noqa: F403
from lamina.ops._linear import __all__ as _linear
from lamina.ops._memory import *  # noqa: F403
from lamina.ops._memory import __all__ as _memory
from lamina.ops._pooling import *  # noqa: F403
from lamina.ops._pooling import __all__ as _pooling
from lamina.ops._products import *  # noqa: F403
from lamina.ops._products import __all__ as _products
from lamina.ops._recurrent import *  # noqa: F403
from lamina.ops._recurrent import __all__ as _recurrent
from lamina.ops._softmax import *  # noqa: F403
from lamina.ops._softmax import __all__ as _softmax
from lamina.ops._tracing import *  # noqa: F403
from lamina.ops._tracing import __all__ as _tracing
from lamina.ops._transforms import *  # noqa: F403
from lamina.ops._transforms import __all__ as _transforms
from lamina.ops._types import *  # noqa: F403
from lamina.ops._types import __all__ as _types

__all__ = sorted(  # noqa: PLE0605
    [
        *_arrays,
        *_cache,
        *_compilation,
        *_convolution,
        *_linear,
        *_memory,
        *_pooling,
        *_products,
        *_recurrent,
        *_softmax,
        *_tracing,
    ]
    + [*_transforms, *_types, "instruction_set", "random"]
)
