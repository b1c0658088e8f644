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

}  // namespace lamina
