"""Ready data: images that are downloaded once, small tables that come with the package, and toys made by a formula.

```python
from lamina.datasets import mnist

(x_train, y_train), (x_test, y_test) = mnist.load_data()
```
"""

from lamina._core.missing import missing
from lamina.datasets import auto_mpg, digits, fashion_mnist, iris, kyphosis, mnist, pima, sonar, toys
from lamina.datasets._available import Description, available

__all__ = [
    "Description",
    "auto_mpg",
    "available",
    "digits",
    "fashion_mnist",
    "iris",
    "kyphosis",
    "mnist",
    "pima",
    "sonar",
    "toys",
]

__getattr__ = missing(__name__, __all__)
