"""Layers: the parts that networks are built from, and the graph they make."""

from lamina._core.config import Setting
from lamina._core.missing import missing
from lamina.layers._activation import Activation, LeakyReLU, PReLU
from lamina.layers._activity_regularization import ActivityRegularization
from lamina.layers._apply import apply
from lamina.layers._batch_normalization import BatchNormalization
from lamina.layers._concatenate import Concatenate
from lamina.layers._context import Context, Run
from lamina.layers._dense import Dense
from lamina.layers._dot import Dot
from lamina.layers._dropout import AlphaDropout, Dropout, SpatialDropout1D
from lamina.layers._embedding import Embedding
from lamina.layers._gaussian_noise import GaussianDropout, GaussianNoise
from lamina.layers._graph import Graph, Step
from lamina.layers._graph_config import decode_graph, encode_graph
from lamina.layers._identity import Identity
from lamina.layers._input import Input
from lamina.layers._layer import Layer
from lamina.layers._layer_normalization import LayerNormalization
from lamina.layers._merging import Add, Average, Maximum, Minimum, Multiply, Subtract
from lamina.layers._normalization import Normalization
from lamina.layers._parts import parts
from lamina.layers._rescaling import Rescaling
from lamina.layers._reshaping import Flatten, Permute, RepeatVector, Reshape
from lamina.layers._symbol import Node, Shape, Symbol, connect
from lamina.layers._unit_normalization import UnitNormalization
from lamina.layers._weight import Weight

__all__ = [
    "Activation",
    "ActivityRegularization",
    "Add",
    "AlphaDropout",
    "Average",
    "BatchNormalization",
    "Concatenate",
    "Context",
    "Dense",
    "Dot",
    "Dropout",
    "Embedding",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "Graph",
    "Identity",
    "Input",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "Maximum",
    "Minimum",
    "Multiply",
    "Node",
    "Normalization",
    "PReLU",
    "Permute",
    "RepeatVector",
    "Rescaling",
    "Reshape",
    "Run",
    "Setting",
    "Shape",
    "SpatialDropout1D",
    "Step",
    "Subtract",
    "Symbol",
    "UnitNormalization",
    "Weight",
    "apply",
    "connect",
    "decode_graph",
    "encode_graph",
    "parts",
]

__getattr__ = missing(__name__, __all__)
