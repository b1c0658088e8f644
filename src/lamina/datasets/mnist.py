"""MNIST: 70,000 handwritten digits, 28 by 28 grey pixels.

Source: Y. LeCun, C. Cortes and C. J. C. Burges, drawn from NIST's Special Databases 1 and 3, CC BY-SA 3.0. It is
downloaded (11.6 MB), not part of the package. Pixels and labels are those of ``keras.datasets.mnist``.

Reference:
    LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document recognition,
    https://doi.org/10.1109/5.726791
"""

from __future__ import annotations

import numpy as np

from lamina._core.renamed import explain_arguments
from lamina.datasets._files import RemoteFile
from lamina.datasets._images import ImageSet

__all__ = ["class_names", "load_data"]

class_names = tuple("0123456789")

IMAGES = ImageSet(
    "mnist",
    files=(
        RemoteFile(
            "train-images-idx3-ubyte.gz",
            9_912_422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        ),
        RemoteFile(
            "train-labels-idx1-ubyte.gz",
            28_881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        ),
        RemoteFile(
            "t10k-images-idx3-ubyte.gz",
            1_648_877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        ),
        RemoteFile(
            "t10k-labels-idx1-ubyte.gz",
            4_542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ),
    ),
    mirrors=(
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ),
    class_names=class_names,
)


@explain_arguments
def load_data() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return the published images, ((x_train, y_train), (x_test, y_test)).

    The four files are looked for in ``mnist/`` of the folder that the environment variable `LAMINA_DATA` names,
    then in the user's cache; what is missing is downloaded into the cache and checked. Pixels are 0, the background,
    to 255.

    Shape:
        x_train (60000, 28, 28), y_train (60000,), x_test (10000, 28, 28), y_test (10000,), all unsigned bytes.

    Raises:
        DataError: a file is missing and cannot be downloaded; the message names the folder and files that would do.
        FormatError: a file is damaged, or is not this data set.

    Example:
        >>> from lamina.datasets import mnist
        >>> (x_train, y_train), (x_test, y_test) = mnist.load_data()  # doctest: +SKIP
        >>> mnist.class_names[5]
        '5'
    """
    return IMAGES.load_data()
