"""The cases of layers that change pictures, at random or always in the same way."""

from contracts.case import one
from lamina import layers

FILLED = {"fill_mode": "constant", "interpolation": "nearest", "seed": 3, "fill_value": 0.7}

AUGMENTATION_CASES = [
    one(layers.CenterCrop(2, 3), (5, 4, 2), (2, 3, 2)),
    one(layers.CenterCrop(4, 3), (3, 5, 1), (4, 3, 1)),
    one(layers.RandomBrightness(0.3, value_range=(-2, 3), seed=1), (3, 4, 2), training="random"),
    one(layers.RandomBrightness((0.1, 0.2)), (3, 4, 2), training="random"),
    one(layers.RandomContrast(0.5, value_range=(-1, 2), seed=2), (3, 4, 2), training="random"),
    one(layers.RandomContrast((0.1, 0.9)), (3, 4, 2), training="random"),
    one(layers.RandomCrop(2, 3, seed=4), (5, 4, 2), (2, 3, 2), training="random"),
    one(layers.RandomFlip(), (3, 4, 2), training="random"),
    one(layers.RandomFlip("horizontal", seed=6), (3, 4, 2), training="random"),
    one(layers.RandomRotation(0.2, **FILLED), (4, 3, 2), training="random"),
    one(layers.RandomRotation((-0.1, 0.3), "wrap"), (4, 3, 2), training="random"),
    one(layers.RandomTranslation(0.3, (0.1, 0.2), **FILLED), (4, 3, 2), training="random"),
    one(layers.RandomTranslation((-0.5, 0.5), 0.2), (4, 3, 2), training="random"),
    one(layers.RandomZoom(0.5, (0.6, 0.9), **FILLED), (4, 3, 2), training="random"),
    one(layers.RandomZoom((-0.5, -0.1), fill_mode="nearest"), (4, 3, 2), training="random"),
    one(layers.Resizing(3, 5), (4, 3, 2), (3, 5, 2)),
    one(layers.Resizing(2, 2, "bicubic", crop_to_aspect_ratio=True, antialias=True), (4, 6, 2), (2, 2, 2)),
    one(layers.Resizing(3, 3, pad_to_aspect_ratio=True, fill_value=0.5), (2, 4, 2), (3, 3, 2)),
]
