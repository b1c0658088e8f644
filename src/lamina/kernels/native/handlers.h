// What the doors for XLA have in common.
#pragma once

#include <string>
#include <utility>

#include "kernels.h"
#include "xla/ffi/api/ffi.h"

namespace ffi = xla::ffi;

namespace lamina {

using Floats = ffi::Buffer<ffi::F32>;
using Dimensions = ffi::Span<const int64_t>;

inline Workers workers(ffi::ThreadPool pool) {
  return {pool.num_threads(), [pool](Workers::Job job) mutable { pool.Schedule(std::move(job)); }};
}

// A refusal never reaches a user: the Python side sends what fits. It keeps a mistake there from reading wild memory.
inline ffi::Error refuse(const char* what) {
  return ffi::Error::InvalidArgument(std::string("lamina kernels: ") + what);
}

}  // namespace lamina

#define LAMINA_HANDLER(name, binding) \
  XLA_FFI_DEFINE_HANDLER_SYMBOL(lamina_##name, lamina::name, ffi::Ffi::Bind().Ctx<ffi::ThreadPool>() binding)
#define LAMINA_READS(type) .Arg<lamina::type>()
#define LAMINA_GIVES(type) .Ret<lamina::type>()
#define LAMINA_NUMBERS(name) .Attr<ffi::Span<const int64_t>>(name)
#define LAMINA_NUMBER(name) .Attr<int64_t>(name)
