"""Recurrent layers over all time steps: native kernels where there are some, else a loop that is compiled."""

from __future__ import annotations

from lamina.kernels import gru, lstm, recur, simple_rnn

__all__ = ["gru", "lstm", "recur", "simple_rnn"]
