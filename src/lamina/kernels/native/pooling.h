// Pooling over windows of images, forward and backward, one image after the other in each thread.
#pragma once

#include <algorithm>
#include <limits>
#include <type_traits>

#include "shapes.h"
#include "vector.h"
#include "workers.h"

namespace lamina::LAMINA_SET {

// Where a window stands along one axis: its first place, which may lie outside, and the part within the image.
struct Extent {
  int64_t first, begin, end;

  int64_t size() const { return std::max<int64_t>(end - begin, 0); }
};

inline Extent extent(const Side& side, int64_t place) {
  const int64_t first = place * side.stride - side.low;
  return {first, std::max<int64_t>(first, 0), std::min(first + side.kernel, side.in)};
}

// One part of a mean.
inline float share(Extent rows, Extent columns) {
  return 1.f / static_cast<float>(std::max<int64_t>(rows.size() * columns.size(), 1));
}

// Call visit(output pixel, rows, columns) for each window of an image.
template <class Visit>
inline void visit_windows(const Pooling& p, const Visit& visit) {
  for (int64_t i = 0; i < p.y.out; ++i)
    for (int64_t j = 0; j < p.x.out; ++j) visit(i * p.x.out + j, extent(p.y, i), extent(p.x, j));
}

// Places are counted in lanes as wide as numbers, and kept in a byte where that is enough. Written out, as GCC 12
// converts vectors of bytes one by one.
using Bytes = uint8_t __attribute__((vector_size(kLanes)));

inline Bytes narrow(Whole places) {
#if defined(__AVX512F__)
  return reinterpret_cast<Bytes>(_mm512_maskz_cvtepi32_epi8(0xFFFF, reinterpret_cast<__m512i>(places)));
#elif defined(__AVX2__)
  const auto whole = reinterpret_cast<__m256i>(places);
  const __m128i pairs = _mm_packs_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
  return reinterpret_cast<Bytes>(_mm_cvtsi128_si64(_mm_packus_epi16(pairs, pairs)));
#else
  return __builtin_convertvector(places, Bytes);
#endif
}

inline Whole widen(Bytes places) {
#if defined(__AVX512F__)
  return reinterpret_cast<Whole>(_mm512_maskz_cvtepu8_epi32(0xFFFF, reinterpret_cast<__m128i>(places)));
#elif defined(__AVX2__)
  return reinterpret_cast<Whole>(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128(reinterpret_cast<int64_t>(places))));
#else
  return __builtin_convertvector(places, Whole);
#endif
}

inline void store_places(int32_t* to, Whole places, int64_t lanes) {
  std::memcpy(to, &places, static_cast<size_t>(lanes) * sizeof(int32_t));
}

inline void store_places(uint8_t* to, Whole places, int64_t lanes) {
  const Bytes bytes = narrow(places);
  std::memcpy(to, &bytes, static_cast<size_t>(lanes));
}

inline Whole load_places(const int32_t* from, int64_t lanes) {
  Whole places{};
  std::memcpy(&places, from, static_cast<size_t>(lanes) * sizeof(int32_t));
  return places;
}

inline Whole load_places(const uint8_t* from, int64_t lanes) {
  Bytes bytes{};
  std::memcpy(&bytes, from, static_cast<size_t>(lanes));
  return widen(bytes);
}

// The largest number of each window, and its place in the window, counted row by row: the first among equals. NaN is
// larger than any number. Without `places`, these are not written.
template <class Place>
inline void max_windows(const Pooling& p, const float* x, float* y, Place* places, const Workers& workers) {
  const int64_t in = p.y.in * p.x.in * p.channels, out = p.y.out * p.x.out * p.channels;
  workers.run(p.batch, [&](int64_t image) {
    const float* from = x + image * in;
    visit_windows(p, [&](int64_t window, Extent rows, Extent columns) {
      const int64_t at = image * out + window * p.channels;
      const int64_t first = (rows.begin - rows.first) * p.x.kernel + columns.begin - columns.first;
      each_vector(p.channels, [&](int64_t c, auto lanes) {
        Vector best = all(-std::numeric_limits<float>::infinity());
        Whole which = Whole{} + static_cast<int32_t>(first);
        for (int64_t i = rows.begin; i < rows.end; ++i) {
          for (int64_t j = columns.begin; j < columns.end; ++j) {
            const Vector value = load_some(from + (i * p.x.in + j) * p.channels + c, lanes);
            const Whole larger = ~(value <= best) & (best == best);  // NaN is neither less nor equal
            best = choose(larger, value, best);
            if constexpr (!std::is_void_v<Place>) {
              const auto place = static_cast<int32_t>((i - rows.first) * p.x.kernel + j - columns.first);
              which = (larger & place) | (~larger & which);
            }
          }
        }
        store_some(y + at + c, best, lanes);
        if constexpr (!std::is_void_v<Place>) store_places(places + at + c, which, lanes);
      });
    });
  });
}

inline void max_pool(const Pooling& p, const float* x, float* y, Places places, const Workers& workers) {
  if (places.bytes) return max_windows(p, x, y, places.bytes, workers);
  if (places.wholes) return max_windows(p, x, y, places.wholes, workers);
  max_windows<void>(p, x, y, nullptr, workers);
}

// Whether windows lie side by side along an axis and leave nothing out.
inline bool tiles(const Side& side) {
  return side.stride == side.kernel && side.out * side.stride - side.low >= side.in;
}

// Call visit(output pixel, rows, columns, row, column) for each pixel of each window of an image: where no pixel is in
// two windows, in the order in which pixels lie, so that they are written one after the other.
template <bool kOnce, class Visit>
inline void visit_pixels(const Pooling& p, const Visit& visit) {
  for (int64_t i = 0; i < p.y.out; ++i) {
    const Extent rows = extent(p.y, i);
    const int64_t height = kOnce ? 1 : rows.size();  // rows at a time
    for (int64_t begin = rows.begin; begin < rows.end; begin += height)
      for (int64_t j = 0; j < p.x.out; ++j) {
        const Extent columns = extent(p.x, j);
        for (int64_t row = begin; row < begin + height; ++row)
          for (int64_t column = columns.begin; column < columns.end; ++column)
            visit(i * p.x.out + j, rows, columns, row, column);
      }
  }
}

// Give each pixel what its windows have for it. of(rows, columns, row, column) returns a function of where a window's
// numbers begin, and of how many they are, that returns what one pixel gains.
template <bool kOnce, class Of>
inline void put_back_to(const Pooling& p, float* dx, const Workers& workers, const Of& of) {
  const int64_t in = p.y.in * p.x.in * p.channels, out = p.y.out * p.x.out * p.channels;
  workers.run(p.batch, [&](int64_t image) {
    float* const to = dx + image * in;
    if (!kOnce) clear(to, in);
    visit_pixels<kOnce>(p, [&](int64_t window, Extent rows, Extent columns, int64_t row, int64_t column) {
      const auto gain = of(rows, columns, row, column);
      const int64_t from = image * out + window * p.channels;
      float* const pixel = to + (row * p.x.in + column) * p.channels;
      each_vector(p.channels, [&](int64_t c, auto lanes) {
        const Vector gained = gain(from + c, lanes);
        store_some(pixel + c, kOnce ? gained : load_some(pixel + c, lanes) + gained, lanes);
      });
    });
  });
}

template <class Of>
inline void put_back(const Pooling& p, float* dx, const Workers& workers, const Of& of) {
  if (tiles(p.y) && tiles(p.x)) return put_back_to<true>(p, dx, workers, of);  // nothing need be added up
  put_back_to<false>(p, dx, workers, of);
}

template <class Place>
inline void put_back_maxima(const Pooling& p, const float* dy, const Place* places, float* dx, const Workers& workers) {
  put_back(p, dx, workers, [&](Extent rows, Extent columns, int64_t row, int64_t column) {
    const auto place = static_cast<int32_t>((row - rows.first) * p.x.kernel + column - columns.first);
    return [=](int64_t at, auto lanes) {
      return choose(load_places(places + at, lanes) == place, load_some(dy + at, lanes), Vector{});
    };
  });
}

inline void max_pool_gradient(const Pooling& p, const float* dy, Places places, float* dx, const Workers& workers) {
  if (places.bytes) return put_back_maxima(p, dy, places.bytes, dx, workers);
  put_back_maxima(p, dy, places.wholes, dx, workers);
}

// The mean of each window over the pixels that lie within the image.
inline void average_pool(const Pooling& p, const float* x, float* y, const Workers& workers) {
  const int64_t in = p.y.in * p.x.in * p.channels, out = p.y.out * p.x.out * p.channels;
  workers.run(p.batch, [&](int64_t image) {
    const float* from = x + image * in;
    visit_windows(p, [&](int64_t window, Extent rows, Extent columns) {
      float* const to = y + image * out + window * p.channels;
      const float part = share(rows, columns);
      each_vector(p.channels, [&](int64_t c, auto lanes) {
        Vector sum{};
        for (int64_t i = rows.begin; i < rows.end; ++i)
          for (int64_t j = columns.begin; j < columns.end; ++j)
            sum += load_some(from + (i * p.x.in + j) * p.channels + c, lanes);
        store_some(to + c, sum * part, lanes);
      });
    });
  });
}

inline void average_pool_gradient(const Pooling& p, const float* dy, float* dx, const Workers& workers) {
  put_back(p, dx, workers, [&](Extent rows, Extent columns, int64_t, int64_t) {
    const float part = share(rows, columns);
    return [=](int64_t at, auto lanes) { return part * load_some(dy + at, lanes); };
  });
}

}  // namespace lamina::LAMINA_SET
