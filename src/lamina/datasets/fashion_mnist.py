"""Fashion-MNIST: 70,000 articles of clothing, 28 by 28 grey pixels.

Source: Zalando Research, MIT licence, https://github.com/zalandoresearch/fashion-mnist. It is downloaded (30.9 MB), not
part of the package. Pixels and labels are those of ``keras.datasets.fashion_mnist``.

Reference:
    Xiao, Rasul and Vollgraf (2017), Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms,
    https://arxiv.org/abs/1708.07747
"""

from __future__ import annotations

import numpy as np

from lamina.datasets._files import RemoteFile
from lamina.datasets._images import ImageSet

__all__ = ["class_names", "load_data"]

class_names = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

IMAGES = ImageSet(
    "fashion_mnist",
    files=(
        RemoteFile(
            "train-images-idx3-ubyte.gz",
            26_421_880,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        ),
        RemoteFile(
            "train-labels-idx1-ubyte.gz",
            29_515,
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
        RemoteFile(
            "t10k-images-idx3-ubyte.gz",
            4_422_102,
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        ),
        RemoteFile(
            "t10k-labels-idx1-ubyte.gz",
            5_148,
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    ),
    mirrors=(
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    ),
    class_names=class_names,
)


def load_data() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return the published images, ((x_train, y_train), (x_test, y_test)).

    The four files are looked for in ``fashion_mnist/`` of the folder that the environment variable `LAMINA_DATA` names,
    then in the user's cache; what is missing is downloaded into the cache and checked. Pixels are 0, the background,
    to 255.

    Shape:
        x_train (60000, 28, 28), y_train (60000,), x_test (10000, 28, 28), y_test (10000,), all unsigned bytes.

    Raises:
        DataError: a file is missing and cannot be downloaded; the message names the folder and files that would do.
        FormatError: a file is damaged, or is not this data set.

    Example:
        >>> from lamina.datasets import fashion_mnist
        >>> (x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()  # doctest: +SKIP
        >>> fashion_mnist.class_names[9]
        'Ankle boot'
    """
    return IMAGES.load_data()
