"""Optimizers, and the links that may stand beside one in a list.

```
compile(optimizer="adam")
compile(optimizer=Adam(learning_rate=0.01))
compile(optimizer=[ClipNorm(1.0), Adam(), AverageWeights(0.99)])
```
"""

from lamina._core.missing import missing
from lamina.optimizers._adafactor import Adafactor
from lamina.optimizers._adagrad import Adadelta, Adagrad
from lamina.optimizers._adam import Adam, Adamax, AdamW, Nadam
from lamina.optimizers._chain import Chain
from lamina.optimizers._from_optax import FromOptax
from lamina.optimizers._ftrl import Ftrl
from lamina.optimizers._get import OptimizerLike, get
from lamina.optimizers._lamb import Lamb
from lamina.optimizers._links import Accumulate, AverageWeights, ClipGlobalNorm, ClipNorm, ClipValue, WeightDecay
from lamina.optimizers._lion import Lion
from lamina.optimizers._optimizer import Link, Optimizer
from lamina.optimizers._rmsprop import RMSprop
from lamina.optimizers._sgd import SGD

__all__ = [
    "Accumulate",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "AverageWeights",
    "Chain",
    "ClipGlobalNorm",
    "ClipNorm",
    "ClipValue",
    "FromOptax",
    "Ftrl",
    "Lamb",
    "Link",
    "Lion",
    "Nadam",
    "Optimizer",
    "OptimizerLike",
    "RMSprop",
    "SGD",
    "WeightDecay",
    "get",
]

__getattr__ = missing(__name__, __all__)
