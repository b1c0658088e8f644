// The doors for XLA to the kernels of recurrent layers; see handlers.cpp.
#include <cstring>
#include <initializer_list>
#include <limits>

#include "handlers.h"

namespace lamina {
namespace {

using Flags = ffi::Buffer<ffi::PRED>;

const char* const kMisfit = "the sizes of a recurrent layer do not fit together";

struct Size {
  size_t given;
  int64_t wanted;
};

bool fit(std::initializer_list<Size> sizes) {
  for (const Size& size : sizes)
    if (size.given != static_cast<size_t>(size.wanted)) return false;
  return true;
}

// What may be missing, such as a mask, is without numbers then.
template <class Buffer>
bool is_missing(Buffer& buffer) {
  return buffer.element_count() == 0;
}

template <class Buffer>
auto data_or_none(Buffer& buffer) {
  return is_missing(buffer) ? nullptr : buffer.typed_data();
}

// Read the sizes from x and the kernels, which have `gates` parts. Each is at most 2^28, so no product of two
// overflows.
bool read_recurrence(Floats& x, Floats& recurrent_kernel, int64_t gates, Recurrence& r) {
  const Dimensions from = x.dimensions(), square = recurrent_kernel.dimensions();
  if (from.size() != 3 || square.size() != 2 || square[1] != gates * square[0]) return false;
  r = {from[0], from[1], from[2], square[0]};
  for (const int64_t size : {r.rows, r.steps, r.features, r.units})
    if (size < 1 || size > int64_t{1} << 28) return false;
  return r.rows * r.steps < int64_t{1} << 31 && r.units * gates < int64_t{1} << 31;
}

bool options_fit(const Recurrence& r, Floats& kept, Flags& mask) {
  return (is_missing(kept) || fit({{kept.element_count(), r.rows * r.units}})) &&
         (is_missing(mask) || fit({{mask.element_count(), r.rows * r.steps}}));
}

// The result that replaces an argument has its memory where XLA could arrange that, else a copy of its numbers.
float* replaced(Floats& argument, ffi::Result<Floats>& result) {
  if (result->typed_data() != argument.typed_data())
    std::memcpy(result->typed_data(), argument.typed_data(), argument.size_bytes());
  return result->typed_data();
}

ffi::Error lstm(ffi::ThreadPool pool, Floats x, Floats kernel, Floats recurrent_kernel, Floats bias, Floats h, Floats c,
                Floats kept, Flags mask, ffi::Result<Floats> outputs, ffi::Result<Floats> last,
                ffi::Result<Floats> cells, ffi::Result<Floats> gates) {
  Recurrence r;
  if (!read_recurrence(x, recurrent_kernel, 4, r) || !options_fit(r, kept, mask)) return refuse(kMisfit);
  const int64_t lines = r.rows * r.steps, states = r.rows * r.units;
  const bool saves = !is_missing(*gates);
  if (!fit({{kernel.element_count(), r.features * 4 * r.units},
            {bias.element_count(), 4 * r.units},
            {h.element_count(), states},
            {c.element_count(), states},
            {last->element_count(), states},
            {outputs->element_count(), lines * r.units},
            {cells->element_count(), saves ? lines * r.units : 0},
            {gates->element_count(), saves ? lines * 4 * r.units : 0}}))
    return refuse(kMisfit);
  kernels().lstm(r,
                 {x.typed_data(), kernel.typed_data(), recurrent_kernel.typed_data(), bias.typed_data(), h.typed_data(),
                  c.typed_data(), data_or_none(kept), data_or_none(mask), outputs->typed_data(), last->typed_data(),
                  data_or_none(*cells), data_or_none(*gates)},
                 workers(pool));
  return ffi::Error::Success();
}

// The kernel is needed for the slope of x alone, and each may be missing with the other.
bool slopes_fit(const Recurrence& r, Floats& kernel, ffi::Result<Floats>& d_x, int64_t gates) {
  const bool wanted = !is_missing(*d_x);
  return fit({{kernel.element_count(), wanted ? r.features * gates * r.units : 0},
              {d_x->element_count(), wanted ? r.rows * r.steps * r.features : 0}});
}

ffi::Error lstm_gradient(ffi::ThreadPool pool, Floats d_outputs, Floats d_last, Floats x, Floats kernel,
                         Floats recurrent_kernel, Floats h, Floats c, Floats kept, Flags mask, Floats outputs,
                         Floats cells, Floats gates, ffi::Result<Floats> d_gates, ffi::Result<Floats> d_x,
                         ffi::Result<Floats> d_kernel, ffi::Result<Floats> d_recurrent_kernel,
                         ffi::Result<Floats> d_bias, ffi::Result<Floats> d_h, ffi::Result<Floats> d_c) {
  Recurrence r;
  if (!read_recurrence(x, recurrent_kernel, 4, r) || !options_fit(r, kept, mask)) return refuse(kMisfit);
  const int64_t lines = r.rows * r.steps, states = r.rows * r.units;
  if (!slopes_fit(r, kernel, d_x, 4)) return refuse(kMisfit);
  if (!fit({{d_outputs.element_count(), lines * r.units},
            {outputs.element_count(), lines * r.units},
            {cells.element_count(), lines * r.units},
            {gates.element_count(), lines * 4 * r.units},
            {d_gates->element_count(), lines * 4 * r.units},
            {d_last.element_count(), states},
            {h.element_count(), states},
            {c.element_count(), states},
            {d_h->element_count(), states},
            {d_c->element_count(), states},
            {d_kernel->element_count(), r.features * 4 * r.units},
            {d_recurrent_kernel->element_count(), r.units * 4 * r.units},
            {d_bias->element_count(), 4 * r.units}}))
    return refuse(kMisfit);
  kernels().lstm_gradient(
      r,
      {d_outputs.typed_data(), d_last.typed_data(), x.typed_data(), data_or_none(kernel), recurrent_kernel.typed_data(),
       h.typed_data(), c.typed_data(), data_or_none(kept), outputs.typed_data(), cells.typed_data(), data_or_none(mask),
       replaced(gates, d_gates), data_or_none(*d_x), d_kernel->typed_data(), d_recurrent_kernel->typed_data(),
       d_bias->typed_data(), d_h->typed_data(), d_c->typed_data()},
      workers(pool));
  return ffi::Error::Success();
}

// The form of the GRU shows in its bias: where the reset gate comes after the product, the state has one of its own.
bool resets_after(const Recurrence& r, size_t biases) { return fit({{biases, 6 * r.units}}); }

ffi::Error gru(ffi::ThreadPool pool, Floats x, Floats kernel, Floats recurrent_kernel, Floats bias, Floats h,
               Floats kept, Flags mask, ffi::Result<Floats> outputs, ffi::Result<Floats> gates,
               ffi::Result<Floats> inner) {
  Recurrence r;
  if (!read_recurrence(x, recurrent_kernel, 3, r) || !options_fit(r, kept, mask)) return refuse(kMisfit);
  const int64_t lines = r.rows * r.steps;
  const bool saves = !is_missing(*gates), after = resets_after(r, bias.element_count());
  if (!fit({{kernel.element_count(), r.features * 3 * r.units},
            {bias.element_count(), (after ? 6 : 3) * r.units},
            {h.element_count(), r.rows * r.units},
            {outputs->element_count(), lines * r.units},
            {gates->element_count(), saves ? lines * 3 * r.units : 0},
            {inner->element_count(), saves ? lines * r.units : 0}}))
    return refuse(kMisfit);
  const GruForward g{x.typed_data(),      kernel.typed_data(),   recurrent_kernel.typed_data(),
                     bias.typed_data(),   h.typed_data(),        data_or_none(kept),
                     data_or_none(mask),  outputs->typed_data(), data_or_none(*gates),
                     data_or_none(*inner)};
  (after ? kernels().gru : kernels().gru_reset_before)(r, g, workers(pool));
  return ffi::Error::Success();
}

ffi::Error gru_gradient(ffi::ThreadPool pool, Floats d_outputs, Floats x, Floats kernel, Floats recurrent_kernel,
                        Floats h, Floats kept, Flags mask, Floats outputs, Floats gates, Floats inner,
                        ffi::Result<Floats> d_gates, ffi::Result<Floats> d_inner, ffi::Result<Floats> d_x,
                        ffi::Result<Floats> d_kernel, ffi::Result<Floats> d_recurrent_kernel,
                        ffi::Result<Floats> d_bias, ffi::Result<Floats> d_h) {
  Recurrence r;
  if (!read_recurrence(x, recurrent_kernel, 3, r) || !options_fit(r, kept, mask)) return refuse(kMisfit);
  if (!slopes_fit(r, kernel, d_x, 3)) return refuse(kMisfit);
  const int64_t lines = r.rows * r.steps, states = r.rows * r.units;
  const bool after = resets_after(r, d_bias->element_count());
  if (!fit({{d_outputs.element_count(), lines * r.units},
            {outputs.element_count(), lines * r.units},
            {inner.element_count(), lines * r.units},
            {d_inner->element_count(), lines * r.units},
            {gates.element_count(), lines * 3 * r.units},
            {d_gates->element_count(), lines * 3 * r.units},
            {h.element_count(), states},
            {d_h->element_count(), states},
            {d_kernel->element_count(), r.features * 3 * r.units},
            {d_recurrent_kernel->element_count(), r.units * 3 * r.units},
            {d_bias->element_count(), (after ? 6 : 3) * r.units}}))
    return refuse(kMisfit);
  const GruBackward g{d_outputs.typed_data(),
                      x.typed_data(),
                      data_or_none(kernel),
                      recurrent_kernel.typed_data(),
                      h.typed_data(),
                      data_or_none(kept),
                      outputs.typed_data(),
                      data_or_none(mask),
                      replaced(gates, d_gates),
                      replaced(inner, d_inner),
                      data_or_none(*d_x),
                      d_kernel->typed_data(),
                      d_recurrent_kernel->typed_data(),
                      d_bias->typed_data(),
                      d_h->typed_data()};
  (after ? kernels().gru_gradient : kernels().gru_reset_before_gradient)(r, g, workers(pool));
  return ffi::Error::Success();
}

}  // namespace
}  // namespace lamina

LAMINA_HANDLER(lstm, LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Floats)
                         LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Flags)
                             LAMINA_GIVES(Floats) LAMINA_GIVES(Floats) LAMINA_GIVES(Floats) LAMINA_GIVES(Floats));
LAMINA_HANDLER(lstm_gradient,
               LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Floats)
                   LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Flags)
                       LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_GIVES(Floats)
                           LAMINA_GIVES(Floats) LAMINA_GIVES(Floats) LAMINA_GIVES(Floats) LAMINA_GIVES(Floats)
                               LAMINA_GIVES(Floats) LAMINA_GIVES(Floats));
LAMINA_HANDLER(gru, LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Floats)
                        LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Flags) LAMINA_GIVES(Floats)
                            LAMINA_GIVES(Floats) LAMINA_GIVES(Floats));
LAMINA_HANDLER(gru_gradient,
               LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Floats) LAMINA_READS(Floats)
                   LAMINA_READS(Floats) LAMINA_READS(Flags) LAMINA_READS(Floats) LAMINA_READS(Floats)
                       LAMINA_READS(Floats) LAMINA_GIVES(Floats) LAMINA_GIVES(Floats) LAMINA_GIVES(Floats)
                           LAMINA_GIVES(Floats) LAMINA_GIVES(Floats) LAMINA_GIVES(Floats) LAMINA_GIVES(Floats));
