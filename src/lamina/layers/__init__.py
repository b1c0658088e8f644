"""Layers: the parts that networks are built from, and the graph they make."""

from lamina._core.config import Setting
from lamina._core.missing import missing
from lamina.layers._activation import ELU, Activation, LeakyReLU, PReLU, ReLU
from lamina.layers._activity_regularization import ActivityRegularization
from lamina.layers._apply import apply
from lamina.layers._attention import AdditiveAttention, Attention
from lamina.layers._batch_normalization import BatchNormalization
from lamina.layers._bidirectional import Bidirectional
from lamina.layers._concatenate import Concatenate
from lamina.layers._context import Context, Run
from lamina.layers._conv import Conv1D, Conv2D, Conv3D, Convolution1D, Convolution2D, Convolution3D
from lamina.layers._conv_transpose import (
    Conv1DTranspose,
    Conv2DTranspose,
    Convolution1DTranspose,
    Convolution2DTranspose,
)
from lamina.layers._dense import Dense
from lamina.layers._depthwise_conv import DepthwiseConv1D, DepthwiseConv2D
from lamina.layers._dot import Dot
from lamina.layers._dropout import AlphaDropout, Dropout, SpatialDropout1D, SpatialDropout2D, SpatialDropout3D
from lamina.layers._embedding import Embedding
from lamina.layers._gaussian_noise import GaussianDropout, GaussianNoise
from lamina.layers._global_pooling import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalAvgPool1D,
    GlobalAvgPool2D,
    GlobalAvgPool3D,
    GlobalMaxPool1D,
    GlobalMaxPool2D,
    GlobalMaxPool3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
)
from lamina.layers._graph import Graph, Step
from lamina.layers._graph_config import decode_graph, encode_graph
from lamina.layers._group_normalization import GroupNormalization
from lamina.layers._gru import GRU, GRUCell
from lamina.layers._identity import Identity
from lamina.layers._input import Input
from lamina.layers._int8 import Int8
from lamina.layers._layer import Layer
from lamina.layers._layer_normalization import LayerNormalization
from lamina.layers._low_rank import LowRank
from lamina.layers._lstm import LSTM, LSTMCell
from lamina.layers._masking import Masking
from lamina.layers._merging import Add, Average, Maximum, Minimum, Multiply, Subtract
from lamina.layers._multi_head_attention import GroupQueryAttention, MultiHeadAttention
from lamina.layers._normalization import Normalization
from lamina.layers._padding import (
    Cropping1D,
    Cropping2D,
    Cropping3D,
    ZeroPadding1D,
    ZeroPadding2D,
    ZeroPadding3D,
)
from lamina.layers._parts import parts
from lamina.layers._pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    AvgPool1D,
    AvgPool2D,
    AvgPool3D,
    MaxPool1D,
    MaxPool2D,
    MaxPool3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
)
from lamina.layers._position_embedding import PositionEmbedding, SinePositionEncoding
from lamina.layers._random_colors import RandomBrightness, RandomContrast
from lamina.layers._random_flip import RandomFlip
from lamina.layers._random_geometry import RandomRotation, RandomTranslation, RandomZoom
from lamina.layers._rescaling import Rescaling
from lamina.layers._reshaping import Flatten, Permute, RepeatVector, Reshape
from lamina.layers._resizing import CenterCrop, RandomCrop, Resizing
from lamina.layers._rnn import RNN
from lamina.layers._rnn_cell import RNNCell
from lamina.layers._separable_conv import (
    SeparableConv1D,
    SeparableConv2D,
    SeparableConvolution1D,
    SeparableConvolution2D,
)
from lamina.layers._simple_rnn import SimpleRNN, SimpleRNNCell
from lamina.layers._softmax import Softmax
from lamina.layers._stacked_rnn_cells import StackedRNNCells
from lamina.layers._symbol import Node, Shape, Symbol, connect
from lamina.layers._time_distributed import TimeDistributed
from lamina.layers._unit_normalization import UnitNormalization
from lamina.layers._upsampling import UpSampling1D, UpSampling2D, UpSampling3D
from lamina.layers._weight import Weight
from lamina.layers._wrapper import Wrapper

__all__ = [
    "Activation",
    "ActivityRegularization",
    "Add",
    "AdditiveAttention",
    "AlphaDropout",
    "Attention",
    "Average",
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "AvgPool1D",
    "AvgPool2D",
    "AvgPool3D",
    "BatchNormalization",
    "Bidirectional",
    "CenterCrop",
    "Concatenate",
    "Context",
    "Conv1D",
    "Conv1DTranspose",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Convolution1D",
    "Convolution1DTranspose",
    "Convolution2D",
    "Convolution2DTranspose",
    "Convolution3D",
    "Cropping1D",
    "Cropping2D",
    "Cropping3D",
    "Dense",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "Dot",
    "Dropout",
    "ELU",
    "Embedding",
    "Flatten",
    "GRU",
    "GRUCell",
    "GaussianDropout",
    "GaussianNoise",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalAveragePooling3D",
    "GlobalAvgPool1D",
    "GlobalAvgPool2D",
    "GlobalAvgPool3D",
    "GlobalMaxPool1D",
    "GlobalMaxPool2D",
    "GlobalMaxPool3D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GlobalMaxPooling3D",
    "Graph",
    "GroupNormalization",
    "GroupQueryAttention",
    "Identity",
    "Input",
    "Int8",
    "LSTM",
    "LSTMCell",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "LowRank",
    "Masking",
    "MaxPool1D",
    "MaxPool2D",
    "MaxPool3D",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "Maximum",
    "Minimum",
    "MultiHeadAttention",
    "Multiply",
    "Node",
    "Normalization",
    "PReLU",
    "Permute",
    "PositionEmbedding",
    "RNN",
    "RNNCell",
    "RandomBrightness",
    "RandomContrast",
    "RandomCrop",
    "RandomFlip",
    "RandomRotation",
    "RandomTranslation",
    "RandomZoom",
    "ReLU",
    "RepeatVector",
    "Rescaling",
    "Reshape",
    "Resizing",
    "Run",
    "SeparableConv1D",
    "SeparableConv2D",
    "SeparableConvolution1D",
    "SeparableConvolution2D",
    "Setting",
    "Shape",
    "SimpleRNN",
    "SimpleRNNCell",
    "SinePositionEncoding",
    "Softmax",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
    "StackedRNNCells",
    "Step",
    "Subtract",
    "Symbol",
    "TimeDistributed",
    "UnitNormalization",
    "UpSampling1D",
    "UpSampling2D",
    "UpSampling3D",
    "Weight",
    "Wrapper",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "ZeroPadding3D",
    "apply",
    "connect",
    "decode_graph",
    "encode_graph",
    "parts",
]

__getattr__ = missing(__name__, __all__)
