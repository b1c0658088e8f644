// A register full of numbers, as wide as the instruction set that this file is compiled for.
//
// Every kernel is compiled once for each instruction set, in a namespace of its own (LAMINA_SET), and chosen when the
// library is loaded. GCC's and Clang's vector extensions make the arithmetic the same source for all of them.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#ifndef LAMINA_SET
#define LAMINA_SET baseline
#endif

namespace lamina::LAMINA_SET {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

using Vector = float __attribute__((vector_size(4 * kLanes)));
using Whole = int32_t __attribute__((vector_size(4 * kLanes)));

// Buffers come from callers who promise nothing about alignment.
inline Vector load(const float* from) {
  Vector value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

inline void store(float* to, Vector value) { std::memcpy(to, &value, sizeof value); }

// The same for the last channels, which may be fewer than a vector has lanes.
inline Vector load_some(const float* from, int64_t lanes) {
  if (lanes == kLanes) return load(from);
  Vector value{};
  std::memcpy(&value, from, static_cast<size_t>(lanes) * sizeof(float));
  return value;
}

inline void store_some(float* to, Vector value, int64_t lanes) {
  if (lanes == kLanes) return store(to, value);
  std::memcpy(to, &value, static_cast<size_t>(lanes) * sizeof(float));
}

// Call visit(first, lanes) for each vector of some numbers; `lanes` is a constant for all but the last.
template <class Visit>
inline __attribute__((always_inline)) void each_vector(int64_t count, const Visit& visit) {
  int64_t first = 0;
  for (; first + kLanes <= count; first += kLanes) visit(first, std::integral_constant<int64_t, kLanes>());
  if (first < count) visit(first, count - first);
}

inline Vector all(float value) { return value - Vector{}; }

inline Vector choose(Whole condition, Vector yes, Vector no) {
  return reinterpret_cast<Vector>((condition & reinterpret_cast<Whole>(yes)) |
                                  (~condition & reinterpret_cast<Whole>(no)));
}

// x, or the bound that it is beyond. NaN stays: these instructions return their second argument then.
inline Vector bounded(Vector x, Vector low, Vector high) {
#if defined(__AVX512F__)
  constexpr __mmask16 kEach = 0xFFFF;  // the forms without a mask make GCC 12 warn of its own header
  return _mm512_maskz_min_ps(kEach, high, _mm512_maskz_max_ps(kEach, low, x));
#elif defined(__AVX2__)
  return _mm256_min_ps(high, _mm256_max_ps(low, x));
#elif defined(__SSE2__)
  return _mm_min_ps(high, _mm_max_ps(low, x));
#else
  return choose(x < low, low, choose(x > high, high, x));
#endif
}

// Copy a run of numbers that is often a few vectors long.
inline void copy(const float* from, float* to, int64_t count) {
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(to + i, load(from + i));
  for (; i < count; ++i) to[i] = from[i];
}

// The same in whole vectors: up to kLanes - 1 numbers more than asked for are read and written.
inline void copy_whole(const float* from, float* to, int64_t count) {
  for (int64_t i = 0; i < count; i += kLanes) store(to + i, load(from + i));
}

inline void clear(float* to, int64_t count) { std::memset(to, 0, static_cast<size_t>(count) * sizeof(float)); }

// Alternate the halves of blocks of kStep lanes of two vectors: the step of a transposition.
template <int kStep, size_t... kLane>
inline void exchange(Vector& a, Vector& b, std::index_sequence<kLane...>) {
#define LAMINA_FIRST (kLane & kStep ? kLane - kStep + kLanes : kLane)...
#define LAMINA_SECOND (kLane & kStep ? kLane + kLanes : kLane + kStep)...
#if defined(__clang__) || __GNUC__ >= 12
  const Vector first = __builtin_shufflevector(a, b, LAMINA_FIRST);
  const Vector second = __builtin_shufflevector(a, b, LAMINA_SECOND);
#else
  const Vector first = __builtin_shuffle(a, b, Whole{LAMINA_FIRST});
  const Vector second = __builtin_shuffle(a, b, Whole{LAMINA_SECOND});
#endif
#undef LAMINA_FIRST
#undef LAMINA_SECOND
  a = first;
  b = second;
}

// Write a square of kLanes rows so that its columns become rows.
inline void transpose(const float* from, int64_t from_stride, float* to, int64_t to_stride) {
  constexpr auto kAll = std::make_index_sequence<kLanes>();
  Vector rows[kLanes];
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; ++i) rows[i] = load(from + i * from_stride);
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; i += 2) exchange<1>(rows[i], rows[i + 1], kAll);
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; ++i)
    if (!(i & 2)) exchange<2>(rows[i], rows[i + 2], kAll);
#if defined(__AVX2__)
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; ++i)
    if (!(i & 4)) exchange<4>(rows[i], rows[i + 4], kAll);
#endif
#if defined(__AVX512F__)
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; ++i)
    if (!(i & 8)) exchange<8>(rows[i], rows[i + 8], kAll);
#endif
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; ++i) store(to + i * to_stride, rows[i]);
}

}  // namespace lamina::LAMINA_SET
