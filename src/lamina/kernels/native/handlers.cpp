// The doors for XLA: each handler reads buffers and numbers, checks that they fit together, and calls a kernel.
#include "handlers.h"

#include <limits>

namespace lamina {
namespace {

using Any = ffi::AnyBuffer;
using Numbers = ffi::Span<const int64_t>;

// Read one axis of a window from {strides (2), low and high padding of each axis (4), dilation (2), groups}.
// Sizes are at most 2^31, so no product of two overflows.
bool read_side(Numbers window, int axis, int64_t in, int64_t out, int64_t kernel, Side& side) {
  const int64_t stride = window[axis], low = window[2 + 2 * axis], high = window[3 + 2 * axis];
  const int64_t dilation = window[6 + axis], most = std::numeric_limits<int32_t>::max();
  for (const int64_t size : {in, out, kernel, stride, low, high, dilation})
    if (size < 0 || size > most) return false;
  if (stride < 1 || dilation < 1 || kernel < 1) return false;
  const int64_t rest = in + low + high - dilation * (kernel - 1) - 1;
  side = {in, out, kernel, stride, low, dilation};
  return out == (rest < 0 ? 0 : rest / stride + 1);
}

bool read_convolution(Dimensions x, Dimensions kernel, Dimensions y, Numbers window, int64_t activation,
                      Convolution& c) {
  if (x.size() != 4 || kernel.size() != 4 || y.size() != 4 || window.size() != 9) return false;
  const int64_t groups = window[8];
  if (groups < 1 || x[3] % groups || y[3] % groups || kernel[2] != x[3] / groups || kernel[3] != y[3]) return false;
  if (x[0] != y[0] || activation < 0 || activation > 3) return false;
  c = {x[0], x[3], y[3], groups, {}, {}, static_cast<Activation>(activation)};
  return read_side(window, 0, x[1], y[1], kernel[0], c.y) && read_side(window, 1, x[2], y[2], kernel[1], c.x);
}

ffi::Error convolve(ffi::ThreadPool pool, Floats x, Floats kernel, Floats bias, ffi::Result<Floats> y, Numbers window,
                    int64_t activation) {
  Convolution c;
  if (!read_convolution(x.dimensions(), kernel.dimensions(), y->dimensions(), window, activation, c))
    return refuse("the sizes of a convolution do not fit together");
  if (bias.element_count() != static_cast<size_t>(c.out)) return refuse("expected one bias for each output");
  kernels().convolve(c, x.typed_data(), kernel.typed_data(), bias.typed_data(), y->typed_data(), workers(pool));
  return ffi::Error::Success();
}

ffi::Error convolve_input_gradient(ffi::ThreadPool pool, Floats dy, Floats kernel, ffi::Result<Floats> dx,
                                   Numbers window) {
  Convolution c;
  if (!read_convolution(dx->dimensions(), kernel.dimensions(), dy.dimensions(), window, 0, c))
    return refuse("the sizes of a convolution do not fit together");
  kernels().convolve_input_gradient(c, dy.typed_data(), kernel.typed_data(), dx->typed_data(), workers(pool));
  return ffi::Error::Success();
}

ffi::Error convolve_kernel_gradient(ffi::ThreadPool pool, Floats x, Floats dy, ffi::Result<Floats> dkernel,
                                    Numbers window) {
  Convolution c;
  if (!read_convolution(x.dimensions(), dkernel->dimensions(), dy.dimensions(), window, 0, c))
    return refuse("the sizes of a convolution do not fit together");
  kernels().convolve_kernel_gradient(c, x.typed_data(), dy.typed_data(), dkernel->typed_data(), workers(pool));
  return ffi::Error::Success();
}

bool read_pooling(Dimensions x, Dimensions y, Numbers size, Numbers window, Pooling& p) {
  if (x.size() != 4 || y.size() != 4 || size.size() != 2 || window.size() != 9) return false;
  if (x[0] != y[0] || x[3] != y[3] || x[1] * x[2] > std::numeric_limits<int32_t>::max()) return false;
  p = {x[0], x[3], {}, {}};
  return read_side(window, 0, x[1], y[1], size[0], p.y) && read_side(window, 1, x[2], y[2], size[1], p.x);
}

// Read where the places of `count` maxima are kept; `needed` where somebody reads them.
bool read_places(Any buffer, const Pooling& p, size_t count, bool needed, Places& places) {
  places = {};
  if (!needed && buffer.element_count() == 0) return true;
  const bool fit = p.y.kernel * p.x.kernel <= std::numeric_limits<uint8_t>::max() + 1;
  if (buffer.element_type() == ffi::U8 && fit) places.bytes = buffer.typed_data<uint8_t>();
  if (buffer.element_type() == ffi::S32) places.wholes = buffer.typed_data<int32_t>();
  return (places.bytes || places.wholes || count == 0) && buffer.element_count() == count;
}

ffi::Error max_pool(ffi::ThreadPool pool, Floats x, ffi::Result<Floats> y, ffi::Result<Any> found, Numbers size,
                    Numbers window) {
  Pooling p;
  Places places;
  if (!read_pooling(x.dimensions(), y->dimensions(), size, window, p) ||
      !read_places(*found, p, y->element_count(), false, places))
    return refuse("the sizes of a pooling do not fit together");
  kernels().max_pool(p, x.typed_data(), y->typed_data(), places, workers(pool));
  return ffi::Error::Success();
}

ffi::Error max_pool_gradient(ffi::ThreadPool pool, Floats dy, Any found, ffi::Result<Floats> dx, Numbers size,
                             Numbers window) {
  Pooling p;
  Places places;
  if (!read_pooling(dx->dimensions(), dy.dimensions(), size, window, p) ||
      !read_places(found, p, dy.element_count(), true, places))
    return refuse("the sizes of a pooling do not fit together");
  kernels().max_pool_gradient(p, dy.typed_data(), places, dx->typed_data(), workers(pool));
  return ffi::Error::Success();
}

ffi::Error average_pool(ffi::ThreadPool pool, Floats x, ffi::Result<Floats> y, Numbers size, Numbers window) {
  Pooling p;
  if (!read_pooling(x.dimensions(), y->dimensions(), size, window, p))
    return refuse("the sizes of a pooling do not fit together");
  kernels().average_pool(p, x.typed_data(), y->typed_data(), workers(pool));
  return ffi::Error::Success();
}

ffi::Error average_pool_gradient(ffi::ThreadPool pool, Floats dy, ffi::Result<Floats> dx, Numbers size,
                                 Numbers window) {
  Pooling p;
  if (!read_pooling(dx->dimensions(), dy.dimensions(), size, window, p))
    return refuse("the sizes of a pooling do not fit together");
  kernels().average_pool_gradient(p, dy.typed_data(), dx->typed_data(), workers(pool));
  return ffi::Error::Success();
}

}  // namespace
}  // namespace lamina

extern "C" const char* lamina_instruction_set() { return lamina::kernels().set; }

LAMINA_HANDLER(convolve, LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_GIVES(Floats)
                             LAMINA_NUMBERS("window") LAMINA_NUMBER("activation"));
LAMINA_HANDLER(convolve_input_gradient,
               LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_GIVES(Floats) LAMINA_NUMBERS("window"));
LAMINA_HANDLER(convolve_kernel_gradient,
               LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_GIVES(Floats) LAMINA_NUMBERS("window"));
LAMINA_HANDLER(max_pool, LAMINA_READS(Floats) LAMINA_GIVES(Floats) LAMINA_GIVES(Any) LAMINA_NUMBERS("size")
                             LAMINA_NUMBERS("window"));
LAMINA_HANDLER(max_pool_gradient, LAMINA_READS(Floats) LAMINA_READS(Any) LAMINA_GIVES(Floats) LAMINA_NUMBERS("size")
                                      LAMINA_NUMBERS("window"));
LAMINA_HANDLER(average_pool, LAMINA_READS(Floats) LAMINA_GIVES(Floats) LAMINA_NUMBERS("size") LAMINA_NUMBERS("window"));
LAMINA_HANDLER(average_pool_gradient,
               LAMINA_READS(Floats) LAMINA_GIVES(Floats) LAMINA_NUMBERS("size") LAMINA_NUMBERS("window"));
