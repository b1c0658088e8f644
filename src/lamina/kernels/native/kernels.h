// The table of kernels, one for each instruction set.
#pragma once

#include <cstdint>

#include "shapes.h"
#include "workers.h"

namespace lamina {

struct Kernels {
  const char* set;  // the instruction set they are compiled for
  void (*convolve)(const Convolution&, const float* x, const float* kernel, const float* bias, float* y,
                   const Workers&);
  void (*convolve_input_gradient)(const Convolution&, const float* dy, const float* kernel, float* dx, const Workers&);
  void (*convolve_kernel_gradient)(const Convolution&, const float* x, const float* dy, float* dkernel, const Workers&);
  void (*max_pool)(const Pooling&, const float* x, float* y, Places places, const Workers&);
  void (*max_pool_gradient)(const Pooling&, const float* dy, Places places, float* dx, const Workers&);
  void (*average_pool)(const Pooling&, const float* x, float* y, const Workers&);
  void (*average_pool_gradient)(const Pooling&, const float* dy, float* dx, const Workers&);
  void (*lstm)(const Recurrence&, const LstmForward&, const Workers&);
  void (*lstm_gradient)(const Recurrence&, const LstmBackward&, const Workers&);
  void (*gru)(const Recurrence&, const GruForward&, const Workers&);
  void (*gru_gradient)(const Recurrence&, const GruBackward&, const Workers&);
  void (*gru_reset_before)(const Recurrence&, const GruForward&, const Workers&);
  void (*gru_reset_before_gradient)(const Recurrence&, const GruBackward&, const Workers&);
};

// Return those for the processor that the program runs on.
const Kernels& kernels();

}  // namespace lamina
