// Pooling over windows of images, forward and backward, one image after the other in each thread.
#pragma once

#include <algorithm>
#include <limits>

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

// The largest number of each window, and its place in the window, counted row by row: the first among equals. NaN is
// larger than any number. Without `places`, these are not written.
template <bool kPlaces>
inline void max_windows(const Pooling& p, const float* x, float* y, int32_t* places, const Workers& workers) {
  const int64_t in = p.y.in * p.x.in * p.channels, out = p.y.out * p.x.out * p.channels;
  workers.run(p.batch, [&](int64_t image) {
    const float* from = x + image * in;
    visit_windows(p, [&](int64_t window, Extent rows, Extent columns) {
      const int64_t at = image * out + window * p.channels;
      for (int64_t c = 0; c < p.channels; c += kLanes) {
        const int64_t lanes = std::min<int64_t>(kLanes, p.channels - c);
        Vector best = all(-std::numeric_limits<float>::infinity());
        Whole which =
            Whole{} + static_cast<int32_t>((rows.begin - rows.first) * p.x.kernel + columns.begin - columns.first);
        for (int64_t i = rows.begin; i < rows.end; ++i) {
          for (int64_t j = columns.begin; j < columns.end; ++j) {
            const Vector value = load_some(from + (i * p.x.in + j) * p.channels + c, lanes);
            const Whole larger = (value > best) | ((value != value) & (best == best));
            best = choose(larger, value, best);
            if constexpr (kPlaces) {
              const auto place = static_cast<int32_t>((i - rows.first) * p.x.kernel + j - columns.first);
              which = (larger & place) | (~larger & which);
            }
          }
        }
        store_some(y + at + c, best, lanes);
        if constexpr (kPlaces) std::memcpy(places + at + c, &which, static_cast<size_t>(lanes) * sizeof(int32_t));
      }
    });
  });
}

inline void max_pool(const Pooling& p, const float* x, float* y, int32_t* places, const Workers& workers) {
  (places ? max_windows<true> : max_windows<false>)(p, x, y, places, workers);
}

// Whether windows lie side by side along an axis and leave nothing out.
inline bool tiles(const Side& side) {
  return side.stride == side.kernel && side.out * side.stride - side.low >= side.in;
}

inline void max_pool_gradient(const Pooling& p, const float* dy, const int32_t* places, float* dx,
                              const Workers& workers) {
  const int64_t in = p.y.in * p.x.in * p.channels, out = p.y.out * p.x.out * p.channels;
  const bool once = tiles(p.y) && tiles(p.x);  // then each pixel is in one window, and nothing need be added up
  workers.run(p.batch, [&](int64_t image) {
    float* const to = dx + image * in;
    if (!once) clear(to, in);
    visit_windows(p, [&](int64_t window, Extent rows, Extent columns) {
      const int64_t at = image * out + window * p.channels;
      for (int64_t c = 0; c < p.channels; c += kLanes) {
        const int64_t lanes = std::min<int64_t>(kLanes, p.channels - c);
        const Vector slope = load_some(dy + at + c, lanes);
        Whole which{};
        std::memcpy(&which, places + at + c, static_cast<size_t>(lanes) * sizeof(int32_t));
        for (int64_t i = rows.begin; i < rows.end; ++i) {
          for (int64_t j = columns.begin; j < columns.end; ++j) {
            const auto place = static_cast<int32_t>((i - rows.first) * p.x.kernel + j - columns.first);
            float* const pixel = to + (i * p.x.in + j) * p.channels + c;
            const Vector gain = choose(which == place, slope, Vector{});
            store_some(pixel, once ? gain : load_some(pixel, lanes) + gain, lanes);
          }
        }
      }
    });
  });
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
  const int64_t in = p.y.in * p.x.in * p.channels, out = p.y.out * p.x.out * p.channels;
  const bool once = tiles(p.y) && tiles(p.x);
  workers.run(p.batch, [&](int64_t image) {
    float* const to = dx + image * in;
    if (!once) clear(to, in);
    visit_windows(p, [&](int64_t window, Extent rows, Extent columns) {
      const float* from = dy + image * out + window * p.channels;
      const float part = share(rows, columns);
      each_vector(p.channels, [&](int64_t c, auto lanes) {
        const Vector gain = part * load_some(from + c, lanes);
        for (int64_t i = rows.begin; i < rows.end; ++i) {
          for (int64_t j = columns.begin; j < columns.end; ++j) {
            float* const pixel = to + (i * p.x.in + j) * p.channels + c;
            store_some(pixel, once ? gain : load_some(pixel, lanes) + gain, lanes);
          }
        }
      });
    });
  });
}

}  // namespace lamina::LAMINA_SET
