"""Callbacks: what watches training, and steers it."""

from lamina._core.missing import missing
from lamina.callbacks._backup_and_restore import BackupAndRestore, checkpoints
from lamina.callbacks._csv_logger import CSVLogger
from lamina.callbacks._early_stopping import EarlyStopping
from lamina.callbacks._keep_best import KeepBest
from lamina.callbacks._lambda_callback import LambdaCallback
from lamina.callbacks._learning_rate import LearningRateScheduler, ReduceLROnPlateau
from lamina.callbacks._learning_rate_finder import LearningRateFinder
from lamina.callbacks._model_checkpoint import ModelCheckpoint
from lamina.callbacks._progress import ProgressBar, progress, report
from lamina.callbacks._swap_averaged_weights import SwapAveragedWeights
from lamina.callbacks._tensor_board import TensorBoard
from lamina.callbacks._terminate_on_nan import TerminateOnNaN
from lamina.training import Callback, Session

__all__ = [
    "BackupAndRestore",
    "CSVLogger",
    "Callback",
    "EarlyStopping",
    "KeepBest",
    "LambdaCallback",
    "LearningRateFinder",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ProgressBar",
    "ReduceLROnPlateau",
    "Session",
    "SwapAveragedWeights",
    "TensorBoard",
    "TerminateOnNaN",
    "checkpoints",
    "progress",
    "report",
]

__getattr__ = missing(__name__, __all__)
