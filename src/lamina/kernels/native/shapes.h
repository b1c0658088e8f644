// What the kernels are told of their work: plain numbers, checked before they come here.
#pragma once

#include <cstdint>

#include "activation.h"

namespace lamina {

// One axis of a window that slides over images.
struct Side {
  int64_t in, out, kernel, stride, low, dilation;  // low: zeros before the first pixel
};

struct Convolution {
  int64_t batch, in, out, groups;  // channels in and out
  Side y, x;
  Activation activation;
};

struct Pooling {
  int64_t batch, channels;
  Side y, x;
};

// Which place of each window held its largest number: as bytes where a window has at most 256 places, else as whole
// numbers. Both are missing where nobody asks.
struct Places {
  uint8_t* bytes;
  int32_t* wholes;
};

// A recurrent layer over all steps.
struct Recurrence {
  int64_t rows, steps, features, units;
};

// What the LSTM reads and writes. `mask` and `kept` may be missing; so may `cells` and `gates`, which only the way back
// needs. `last` is c after the last step.
struct LstmForward {
  const float *x, *kernel, *recurrent_kernel, *bias, *h, *c, *kept;
  const bool* mask;
  float *outputs, *last, *cells, *gates;
};

// The gates are replaced by the slopes of their sums. `d_x` may be missing, and then `kernel`, too.
struct LstmBackward {
  const float *d_outputs, *d_last, *x, *kernel, *recurrent_kernel, *h, *c, *kept, *outputs, *cells;
  const bool* mask;
  float *gates, *d_x, *d_kernel, *d_recurrent_kernel, *d_bias, *d_h, *d_c;
};

// What the GRU reads and writes, in both forms. `inner` is what the recurrent kernel makes of the state for the
// candidate, or what it is multiplied with, where the reset gate comes before; then there is one bias, else one for the
// state, too.
struct GruForward {
  const float *x, *kernel, *recurrent_kernel, *bias, *h, *kept;
  const bool* mask;
  float *outputs, *gates, *inner;
};

// Gates and, where the reset gate comes after, `inner` are replaced by their slopes. `d_x` and `kernel` may be missing.
struct GruBackward {
  const float *d_outputs, *x, *kernel, *recurrent_kernel, *h, *kept, *outputs;
  const bool* mask;
  float *gates, *inner, *d_x, *d_kernel, *d_recurrent_kernel, *d_bias, *d_h;
};

}  // namespace lamina
