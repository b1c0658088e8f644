// Depthwise convolution: each channel by itself, so there is nothing to multiply as matrices.
//
// For each pixel the taps that meet something are collected once; then all channels go through them, several vectors at
// a time. Neighbours that meet the same taps, each a constant distance further, go through them together. With more
// outputs than one for a channel, numbers are taken one by one.
#pragma once

#include <algorithm>
#include <vector>

#include "shapes.h"
#include "tile.h"

namespace lamina::LAMINA_SET {

constexpr int kStrip = 4;       // vectors of channels at a time
constexpr int kNeighbours = 4;  // places at a time, where they meet the same taps

// What one tap multiplies: numbers of an image, and the numbers of the kernel.
struct Met {
  const float *image, *kernel;
};

// Write the taps of the place (y, x) that lie within the image.
inline void meet_taps(const Convolution& c, const float* image, const float* kernel, int64_t y, int64_t x,
                      std::vector<Met>& met) {
  met.clear();
  for (int64_t i = 0; i < c.y.kernel; ++i) {
    const int64_t at_y = y * c.y.stride - c.y.low + i * c.y.dilation;
    if (at_y < 0 || at_y >= c.y.in) continue;
    for (int64_t j = 0; j < c.x.kernel; ++j) {
      const int64_t at_x = x * c.x.stride - c.x.low + j * c.x.dilation;
      if (at_x < 0 || at_x >= c.x.in) continue;
      met.push_back({image + (at_y * c.x.in + at_x) * c.in, kernel + (i * c.x.kernel + j) * c.out});
    }
  }
}

// Write the places whose taps fall on the pixel (y, x) of the input.
inline void meet_places(const Convolution& c, const float* image, const float* kernel, int64_t y, int64_t x,
                        std::vector<Met>& met) {
  met.clear();
  for (int64_t i = 0; i < c.y.kernel; ++i) {
    const int64_t at_y = y + c.y.low - i * c.y.dilation;
    if (at_y < 0 || at_y % c.y.stride || at_y / c.y.stride >= c.y.out) continue;
    for (int64_t j = 0; j < c.x.kernel; ++j) {
      const int64_t at_x = x + c.x.low - j * c.x.dilation;
      if (at_x < 0 || at_x % c.x.stride || at_x / c.x.stride >= c.x.out) continue;
      met.push_back(
          {image + (at_y / c.y.stride * c.x.out + at_x / c.x.stride) * c.out, kernel + (i * c.x.kernel + j) * c.out});
    }
  }
}

// Sum up the products of some vectors of channels for some neighbours, whose pixels lie `step` apart.
template <int kPlaces, int kVectors>
inline void sum_strip(const std::vector<Met>& met, int64_t at, int64_t step, const Finish& finish, float* to,
                      int64_t channels) {
  Vector sum[kPlaces][kVectors];
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; ++v) {
    const Vector bias = finish.bias ? load(finish.bias + at + v * kLanes) : Vector{};
#pragma GCC unroll 4
    for (int p = 0; p < kPlaces; ++p) sum[p][v] = bias;
  }
  for (const Met& tap : met) {
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) {
      const Vector weight = load(tap.kernel + at + v * kLanes);
#pragma GCC unroll 4
      for (int p = 0; p < kPlaces; ++p) sum[p][v] += load(tap.image + p * step + at + v * kLanes) * weight;
    }
  }
#pragma GCC unroll 4
  for (int p = 0; p < kPlaces; ++p)
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v)
      store(to + p * channels + at + v * kLanes, activated(sum[p][v], finish.activation));
}

template <int kPlaces>
inline void sum_channels(const std::vector<Met>& met, int64_t step, int64_t channels, const Finish& finish, float* to) {
  constexpr int kVectors = kPlaces > 1 ? 2 : kStrip;
  int64_t at = 0;
  for (; at + kVectors * kLanes <= channels; at += kVectors * kLanes)
    sum_strip<kPlaces, kVectors>(met, at, step, finish, to, channels);
  for (; at + kLanes <= channels; at += kLanes) sum_strip<kPlaces, 1>(met, at, step, finish, to, channels);
  for (int64_t p = 0; p < kPlaces; ++p, to += channels) {
    for (int64_t rest = at; rest < channels; ++rest) {
      to[rest] = 0;
      for (const Met& tap : met) to[rest] += tap.image[p * step + rest] * tap.kernel[rest];
    }
    finish_row(to + at, channels - at, finish.bias ? finish.bias + at : nullptr, finish.activation);
  }
}

// Whether the places from `place` on meet the same taps along an axis, all of them.
inline bool are_alike(const Side& side, int64_t place) {
  const int64_t first = place * side.stride - side.low, last = first + (kNeighbours - 1) * side.stride;
  return place + kNeighbours <= side.out && first >= 0 && last + (side.kernel - 1) * side.dilation < side.in;
}

// The same for pixels of the input, and the places whose taps fall on them.
inline bool are_alike_back(const Side& side, int64_t pixel) {
  return side.stride == 1 && pixel + kNeighbours <= side.in &&
         pixel + side.low - (side.kernel - 1) * side.dilation >= 0 && pixel + kNeighbours - 1 + side.low < side.out;
}

inline void depthwise(const Convolution& c, const float* x, const float* kernel, const float* bias, float* y,
                      const Workers& workers) {
  const int64_t multiple = c.out / c.in;
  const Finish finish{bias, c.activation};
  workers.run(c.batch * c.y.out, [&](int64_t line) {
    const float* image = x + line / c.y.out * c.y.in * c.x.in * c.in;
    float* to = y + line * c.x.out * c.out;
    std::vector<Met> met;
    for (int64_t place = 0, some = 1; place < c.x.out; place += some, to += some * c.out) {
      meet_taps(c, image, kernel, line % c.y.out, place, met);
      some = multiple == 1 && are_alike(c.x, place) ? kNeighbours : 1;
      if (some > 1) {
        sum_channels<kNeighbours>(met, c.x.stride * c.in, c.out, finish, to);
      } else if (multiple == 1) {
        sum_channels<1>(met, 0, c.out, finish, to);
      } else {
        for (int64_t o = 0; o < c.out; ++o) {
          to[o] = 0;
          for (const Met& tap : met) to[o] += tap.image[o / multiple] * tap.kernel[o];
        }
        finish_row(to, c.out, bias, c.activation);
      }
    }
  });
}

inline void depthwise_input_gradient(const Convolution& c, const float* dy, const float* kernel, float* dx,
                                     const Workers& workers) {
  const int64_t multiple = c.out / c.in;
  workers.run(c.batch * c.y.in, [&](int64_t line) {
    const float* from = dy + line / c.y.in * c.y.out * c.x.out * c.out;
    float* to = dx + line * c.x.in * c.in;
    std::vector<Met> met;
    for (int64_t pixel = 0, some = 1; pixel < c.x.in; pixel += some, to += some * c.in) {
      meet_places(c, from, kernel, line % c.y.in, pixel, met);
      some = multiple == 1 && are_alike_back(c.x, pixel) ? kNeighbours : 1;
      if (some > 1) {
        sum_channels<kNeighbours>(met, c.out, c.in, {}, to);
      } else if (multiple == 1) {
        sum_channels<1>(met, 0, c.in, {}, to);
      } else {
        for (int64_t i = 0; i < c.in; ++i) {
          to[i] = 0;
          for (const Met& tap : met)
            for (int64_t o = i * multiple; o < (i + 1) * multiple; ++o) to[i] += tap.image[o] * tap.kernel[o];
        }
      }
    }
  });
}

// The places of a row of the output whose tap lies within the image.
inline Range reached(const Side& side, int64_t tap) {
  const int64_t shift = side.low - tap * side.dilation;  // place * stride - shift is the pixel
  const int64_t first = shift > 0 ? (shift + side.stride - 1) / side.stride : 0;
  const int64_t beyond = side.in + shift > 0 ? (side.in + shift + side.stride - 1) / side.stride : 0;
  return {first, std::max(first, std::min(side.out, beyond))};
}

// Add to `sum` what a row of pixels and a row of the output's gradient give for one tap, for some vectors of channels.
template <int kVectors>
inline void add_row(const float* pixels, int64_t step, const float* slopes, int64_t channels, int64_t count,
                    float* sum) {
  Vector total[kVectors] = {};
  for (int64_t i = 0; i < count; ++i, pixels += step, slopes += channels)
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) total[v] += load(pixels + v * kLanes) * load(slopes + v * kLanes);
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; ++v) store(sum + v * kLanes, load(sum + v * kLanes) + total[v]);
}

// Each task sums up some channels over all images, so that the sums do not depend on the number of threads.
inline void depthwise_kernel_gradient(const Convolution& c, const float* x, const float* dy, float* dkernel,
                                      const Workers& workers) {
  const int64_t multiple = c.out / c.in, grain = kStrip * 8, taps = c.y.kernel * c.x.kernel;
  const auto row = [&](int64_t line, int64_t tap, Range some) {
    const int64_t at_y = line % c.y.out * c.y.stride - c.y.low + tap / c.x.kernel * c.y.dilation;
    if (at_y < 0 || at_y >= c.y.in) return;
    const int64_t shift = tap % c.x.kernel * c.x.dilation - c.x.low;
    const Range places = reached(c.x, tap % c.x.kernel);
    const int64_t first = (line / c.y.out * c.y.in + at_y) * c.x.in + places.begin * c.x.stride + shift;
    const float *pixels = x + first * c.in, *slopes = dy + (line * c.x.out + places.begin) * c.out;
    const int64_t step = c.x.stride * c.in, count = places.end - places.begin;
    float* const sum = dkernel + tap * c.out;
    int64_t at = some.begin;
    if (multiple == 1) {
      for (; at + kStrip * kLanes <= some.end; at += kStrip * kLanes)
        add_row<kStrip>(pixels + at, step, slopes + at, c.out, count, sum + at);
      for (; at + kLanes <= some.end; at += kLanes) add_row<1>(pixels + at, step, slopes + at, c.out, count, sum + at);
    }
    for (; at < some.end; ++at)
      for (int64_t i = 0; i < count; ++i) sum[at] += pixels[i * step + at / multiple] * slopes[i * c.out + at];
  };
  workers.run((c.out + grain - 1) / grain, [&](int64_t task) {
    const Range some{task * grain, std::min(c.out, (task + 1) * grain)};
    for (int64_t tap = 0; tap < taps; ++tap) clear(dkernel + tap * c.out + some.begin, some.end - some.begin);
    for (int64_t line = 0; line < c.batch * c.y.out; ++line)
      for (int64_t tap = 0; tap < taps; ++tap) row(line, tap, some);
  });
}

}  // namespace lamina::LAMINA_SET
