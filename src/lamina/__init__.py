"""Deep learning for people who have data and a question: define, compile, fit, evaluate, predict.

The names of the front door stand in ``__init__.pyi``, for people, editors and type checkers alike. Each is imported
when it is first used, so that importing Lamina takes milliseconds and loads no JAX.
"""

import lazy_loader

from lamina._core.missing import missing

_found, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = missing(__name__, __all__, _found)
