"""Recurrent layers over all time steps: native kernels where there are some, else a loop that is compiled."""

from __future__ import annotations

from lamina.kernels import gru, gru_reset_before, lstm, recur, simple_rnn

__all__ = ["gru", "gru_reset_before", "lstm", "recur", "simple_rnn"]
