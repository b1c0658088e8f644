"""See what a network has learned, as matplotlib figures, and the numbers behind them."""

from lamina._core.missing import missing
from lamina.visualize._activations import activation_values, activations
from lamina.visualize._filters import filter_values, filters
from lamina.visualize._grad_cam import grad_cam, grad_cam_values
from lamina.visualize._saliency import saliency, saliency_values

__all__ = [
    "activation_values",
    "activations",
    "filter_values",
    "filters",
    "grad_cam",
    "grad_cam_values",
    "saliency",
    "saliency_values",
]

__getattr__ = missing(__name__, __all__)
