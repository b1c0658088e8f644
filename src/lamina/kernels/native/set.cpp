// All kernels for one instruction set. CMake compiles this file once for each, with LAMINA_SET as its name.
//
// Functions of the standard library that are not inlined exist once in the linked library, although each set compiles
// them. The linker keeps the first, so the least demanding set must come first in the list of sources.
#include "convolution.h"
#include "depthwise.h"
#include "gru.h"
#include "kernels.h"
#include "lstm.h"
#include "pooling.h"
#include "winograd.h"

namespace lamina::LAMINA_SET {

bool is_depthwise(const Convolution& c) { return c.groups == c.in && c.in > 1; }

void any_convolve(const Convolution& c, const float* x, const float* kernel, const float* bias, float* y,
                  const Workers& workers) {
  const auto best = is_depthwise(c) ? depthwise : saves_products(c, filtering(c)) ? winograd : convolve;
  best(c, x, kernel, bias, y, workers);
}

void any_input_gradient(const Convolution& c, const float* dy, const float* kernel, float* dx, const Workers& workers) {
  const auto best = is_depthwise(c)                          ? depthwise_input_gradient
                    : saves_products(c, turned_filtering(c)) ? winograd_input_gradient
                                                             : convolve_input_gradient;
  best(c, dy, kernel, dx, workers);
}

void any_kernel_gradient(const Convolution& c, const float* x, const float* dy, float* dkernel,
                         const Workers& workers) {
  const auto best = is_depthwise(c)              ? depthwise_kernel_gradient
                    : gradient_saves_products(c) ? winograd_kernel_gradient
                                                 : convolve_kernel_gradient;
  best(c, x, dy, dkernel, workers);
}

#define LAMINA_TEXT(name) #name
#define LAMINA_NAME(name) LAMINA_TEXT(name)

extern const Kernels kKernels;
const Kernels kKernels{
    LAMINA_NAME(LAMINA_SET),
    any_convolve,
    any_input_gradient,
    any_kernel_gradient,
    max_pool,
    max_pool_gradient,
    average_pool,
    average_pool_gradient,
    lstm,
    lstm_gradient,
    gru,
    gru_gradient,
    gru_reset_before,
    gru_reset_before_gradient,
};

}  // namespace lamina::LAMINA_SET
