"""Layers: the parts that networks are built from, and the graph they make."""

from lamina.layers._activation import Activation, LeakyReLU, PReLU
from lamina.layers._apply import apply
from lamina.layers._context import Context, Run
from lamina.layers._dense import Dense
from lamina.layers._dropout import AlphaDropout, Dropout, GaussianDropout, GaussianNoise
from lamina.layers._graph import Graph, Step
from lamina.layers._input import Input
from lamina.layers._layer import Layer
from lamina.layers._reshaping import Flatten, Permute, RepeatVector, Reshape
from lamina.layers._symbol import Node, Shape, Symbol, connect
from lamina.layers._weight import Weight

__all__ = [
    "Activation",
    "AlphaDropout",
    "Context",
    "Dense",
    "Dropout",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "Graph",
    "Input",
    "Layer",
    "LeakyReLU",
    "Node",
    "PReLU",
    "Permute",
    "RepeatVector",
    "Reshape",
    "Run",
    "Shape",
    "Step",
    "Symbol",
    "Weight",
    "apply",
    "connect",
]
