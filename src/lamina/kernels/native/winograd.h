// Convolution by kernels of 3 x 3 taps that move by one, and the kernel's gradient, with fewer multiplications.
//
// Two by two neighbouring outputs, a quad, see a square of 4 x 4 pixels. Written out, their sums take 36 products for
// each pair of channels; between a transform of the square, one of the kernel and one of the sums, 16 do, one at each
// point: Winograd's F(2 x 2, 3 x 3), of Lavin and Gray (2015), Fast algorithms for convolutional neural networks,
// https://arxiv.org/abs/1509.09308. The transforms are sums, differences and halves, so that little is lost to
// rounding. Some quads at a time are taken through all of it, while what is between the transforms is in the second
// cache.
#pragma once

#include <algorithm>
#include <vector>

#include "shapes.h"
#include "transposed.h"

namespace lamina::LAMINA_SET {

constexpr int64_t kTaps = 9, kPoints = 16;
constexpr int64_t kFewChannels = 16;         // with fewer, the transforms take longer than they save
constexpr int64_t kFewQuads = 96;            // with fewer, the transform of the kernel does
constexpr int64_t kMostQuads = 24;           // at a time: but with AVX-512, their sums of a panel fit the first cache
constexpr int64_t kBetween = 3 * (1 << 15);  // numbers between the transforms: three quarters of the second cache
constexpr int64_t kKernelNumbers = 1 << 22;  // of the kernel at its points, at a time: 16 MiB
constexpr int64_t kPartQuads = 96;           // at least, in each part of the kernel's gradient
constexpr int64_t kFewParts = 4;             // with fewer parts of it, threads would wait
static_assert(kMostQuads % kTileRows == 0, "whole tiles of quads");

// Images, each pixel `pixel` numbers behind the one before.
struct Images {
  int64_t rows, columns, pixel, channels;

  bool holds(int64_t y, int64_t x) const { return y >= 0 && y < rows && x >= 0 && x < columns; }
  int64_t at(int64_t image, int64_t y, int64_t x) const { return ((image * rows + y) * columns + x) * pixel; }
};

// Where a quad lies: its first pixel.
struct Quad {
  int64_t image, y, x;
};

// Images, and what a kernel makes of them that begins `above` rows and `left` columns before each place.
struct Filtering {
  int64_t batch;
  Images from, to;
  int64_t above, left;

  int64_t down() const { return (to.rows + 1) / 2; }
  int64_t across() const { return (to.columns + 1) / 2; }
  int64_t quads() const { return batch * down() * across(); }
  Quad quad(int64_t index) const {
    return {index / (across() * down()), index / across() % down() * 2, index % across() * 2};
  }

  // Whether the transforms save more than they take; odd sizes leave some quads half empty.
  bool pays() const {
    const int64_t products = kPoints * quads(), written_out = kTaps * batch * to.rows * to.columns;
    return from.channels >= kFewChannels && to.channels >= kFewChannels && quads() >= kFewQuads &&
           13 * products <= 10 * written_out;
  }
};

// Of one group of a convolution, and of its gradient: the images, their sizes, and where the turned kernel begins.
inline Filtering filtering(const Convolution& c) {
  return {
      c.batch, {c.y.in, c.x.in, c.in, c.in / c.groups}, {c.y.out, c.x.out, c.out, c.out / c.groups}, c.y.low, c.x.low};
}

inline Filtering turned_filtering(const Convolution& c) {
  const Filtering f = filtering(c);
  return {f.batch, f.to, f.from, 2 - f.above, 2 - f.left};
}

// Whether three neighbouring taps move by one.
inline bool has_three_plain_taps(const Side& side) {
  return side.kernel == 3 && side.stride == 1 && side.dilation == 1;
}

// Whether a pass of a convolution over such images is made here.
inline bool saves_products(const Convolution& c, const Filtering& f) {
  return has_three_plain_taps(c.y) && has_three_plain_taps(c.x) && f.pays();
}

// How many parts the gradient of the kernel is summed up in, each with sums of its own.
inline int64_t count_parts(const Filtering& f) {
  return std::min({kPartNumbers / (kPoints * f.from.channels * f.to.channels), f.quads() / kPartQuads, kParts});
}

// Whether the gradient of the kernel is made here, too.
inline bool gradient_saves_products(const Convolution& c) {
  const Filtering f = filtering(c);
  return saves_products(c, f) && count_parts(f) >= kFewParts;
}

// Numbers of some quads at each point: `plane` numbers for one point, and in them a row for each quad.
struct Planes {
  float* data;
  int64_t plane, stride;

  float* row(int64_t point, int64_t index) const { return data + point * plane + index * stride; }
};

inline int64_t plane_stride(int64_t channels) { return round_up(channels, kTileColumns) + kLine; }

// A transform of the columns of a block of numbers, then of its rows: kFrom x kFrom of them to kTo x kTo.
template <int kFrom, int kTo, auto kLine>
inline __attribute__((always_inline)) void transform(const Vector* from, Vector* to) {
  Vector half[kTo * kFrom];
#pragma GCC unroll 4
  for (int j = 0; j < kFrom; ++j) kLine(from + j, kFrom, half + j, kFrom);
#pragma GCC unroll 4
  for (int i = 0; i < kTo; ++i) kLine(half + i * kFrom, 1, to + i * kTo, 1);
}

// The transforms of one line, their numbers `step` and `to_step` apart: of pixels, taps and sums, and the turned ones.
inline void pixels_to_points(const Vector* pixels, int step, Vector* points, int to_step) {
  points[0] = pixels[0] - pixels[2 * step];
  points[to_step] = pixels[step] + pixels[2 * step];
  points[2 * to_step] = pixels[2 * step] - pixels[step];
  points[3 * to_step] = pixels[step] - pixels[3 * step];
}

inline void taps_to_points(const Vector* taps, int step, Vector* points, int to_step) {
  const Vector ends = 0.5f * (taps[0] + taps[2 * step]), middle = 0.5f * taps[step];
  points[0] = taps[0];
  points[to_step] = ends + middle;
  points[2 * to_step] = ends - middle;
  points[3 * to_step] = taps[2 * step];
}

inline void points_to_quad(const Vector* points, int step, Vector* quad, int to_step) {
  quad[0] = points[0] + points[step] + points[2 * step];
  quad[to_step] = points[step] - points[2 * step] - points[3 * step];
}

inline void quad_to_points(const Vector* quad, int step, Vector* points, int to_step) {
  points[0] = quad[0];
  points[to_step] = quad[0] + quad[step];
  points[2 * to_step] = quad[0] - quad[step];
  points[3 * to_step] = -quad[step];
}

inline void points_to_taps(const Vector* points, int step, Vector* taps, int to_step) {
  const Vector sum = 0.5f * (points[step] + points[2 * step]);
  taps[0] = points[0] + sum;
  taps[to_step] = 0.5f * (points[step] - points[2 * step]);
  taps[2 * to_step] = sum + points[3 * step];
}

// Transform kSize x kSize pixels of an image from `corner` on, those beyond it being zeros, to row `index` of the
// planes.
template <int kSize, auto kLine>
inline void read_points(const Images& images, const float* data, const Quad& corner, const float* zeros,
                        const Planes& to, int64_t index) {
  const float* pixels[kSize * kSize];
  for (int i = 0; i < kSize; ++i) {
    for (int j = 0; j < kSize; ++j) {
      const int64_t y = corner.y + i, x = corner.x + j;
      pixels[i * kSize + j] = images.holds(y, x) ? data + images.at(corner.image, y, x) : zeros;
    }
  }
  float* const row = to.row(0, index);
  const int64_t plane = to.plane;
  each_vector(images.channels, [&](int64_t channel, auto lanes) __attribute__((always_inline)) {
    Vector block[kSize * kSize], points[kPoints];
#pragma GCC unroll 16
    for (int i = 0; i < kSize * kSize; ++i) block[i] = load_some(pixels[i] + channel, lanes);
    transform<kSize, 4, kLine>(block, points);
#pragma GCC unroll 16
    for (int p = 0; p < kPoints; ++p) store(row + p * plane + channel, points[p]);
  });
}

inline void read_square(const Filtering& f, const float* x, const Quad& quad, const float* zeros, const Planes& to,
                        int64_t index) {
  read_points<4, pixels_to_points>(f.from, x, {quad.image, quad.y - f.above, quad.x - f.left}, zeros, to, index);
}

// Some columns of the kernel at each point, as panels; `tap(t)` is its matrix from inputs to outputs at a tap.
template <class Tap>
void pack_points(const Tap& tap, int64_t in, Range columns, float* to, const Workers& workers) {
  workers.run((columns.end - columns.begin + kTileColumns - 1) / kTileColumns, [&](int64_t panel) {
    const int64_t column = columns.begin + panel * kTileColumns, size = in * kTileColumns;
    float* const taps = scratches().rows.get(kTaps * size);
    for (int64_t t = 0; t < kTaps; ++t)
      tap(t).pack(0, in, column, std::min(kTileColumns, columns.end - column), taps + t * size);
    for (int64_t i = 0; i < size; i += kLanes) {
      Vector kernel[kTaps], points[kPoints];
      for (int t = 0; t < kTaps; ++t) kernel[t] = load(taps + t * size + i);
      transform<3, 4, taps_to_points>(kernel, points);
      for (int p = 0; p < kPoints; ++p) store(to + (panel * kPoints + p) * size + i, points[p]);
    }
  });
}

// The sums of some quads at each point, for one panel of the kernel: kTileColumns for each point of each quad.
inline void multiply_points(const Planes& squares, int64_t count, int64_t in, const float* panel, float* sums) {
  for (int64_t p = 0; p < kPoints; ++p) {
    const Panel right{panel + p * in * kTileColumns, kTileColumns};
    for (int64_t i = 0; i < count; i += kTileRows) {
      Vector tile[kTileRows][kWidth];
      clear_tile(tile);
      multiply_tile(squares.row(p, i), squares.stride, 1, right, in, tile);
      put_tile(tile, Plain{sums + p * kTileColumns, kPoints * kTileColumns}, {},
               {i, kTileRows, 0, kTileColumns, true, true});
    }
  }
}

// Ask for the memory that a quad is written to, so that it is there in time.
inline void expect_quad(const Filtering& f, float* y, const Quad& quad, int64_t column) {
  for (int64_t i = 0; i < 4; ++i)
    __builtin_prefetch(y + f.to.at(quad.image, quad.y + i / 2, quad.x + i % 2) + column, 1);
}

// Write a quad, for the columns of one panel, from its sums at each point.
inline void write_quad(const Filtering& f, const float* sums, float* y, const Quad& quad, const Finish& finish,
                       int64_t column) {
  each_vector(std::min(kTileColumns, f.to.channels - column), [&](int64_t j, auto lanes) {
    Vector points[kPoints], outputs[4];
#pragma GCC unroll 16
    for (int p = 0; p < kPoints; ++p) points[p] = load(sums + p * kTileColumns + j);
    transform<4, 2, points_to_quad>(points, outputs);
    const Vector bias = finish.bias ? load_some(finish.bias + column + j, lanes) : Vector{};
    for (int i = 0; i < 4; ++i) {
      const int64_t row = quad.y + i / 2, across = quad.x + i % 2;
      if (f.to.holds(row, across))
        store_some(y + f.to.at(quad.image, row, across) + column + j, activated(outputs[i] + bias, finish.activation),
                   lanes);
    }
  });
}

// Make some columns of the result, from the kernel at its points.
inline void filter_columns(const Filtering& f, const float* x, const float* kernel, Range columns, const Finish& finish,
                           float* y, const Workers& workers) {
  const int64_t in = f.from.channels, stride = plane_stride(in);
  const int64_t fitting = kBetween / (kPoints * stride) / kTileRows * kTileRows;
  const int64_t most = std::clamp<int64_t>(fitting, kTileRows, kMostQuads), blocks = (f.quads() + most - 1) / most;
  const int64_t tasks = count_tasks(blocks, workers);
  const std::vector<float> zeros(static_cast<size_t>(in));
  workers.run(tasks, [&](int64_t task) {
    const Planes squares{scratches().rows.get(kPoints * most * stride), most * stride, stride};
    float* const sums = scratches().sums.get(most * kPoints * kTileColumns);
    clear(squares.data, kPoints * most * stride);
    const Range range = part(f.quads(), most, task, tasks);
    for (int64_t first = range.begin; first < range.end; first += most) {
      const int64_t count = std::min(most, range.end - first);
      Quad block[kMostQuads];
      for (int64_t i = 0; i < count; ++i) {
        block[i] = f.quad(first + i);
        read_square(f, x, block[i], zeros.data(), squares, i);
      }
      for (int64_t column = columns.begin; column < columns.end; column += kTileColumns) {
        for (int64_t i = 0; i < count; ++i) expect_quad(f, y, block[i], column);
        multiply_points(squares, count, in, kernel + (column - columns.begin) * kPoints * in, sums);
        for (int64_t i = 0; i < count; ++i)
          write_quad(f, sums + i * kPoints * kTileColumns, y, block[i], finish, column);
      }
    }
  });
}

// Convolve images; `tap(t)` is the kernel's matrix from inputs to outputs at each of the taps, row by row.
template <class Tap>
void filter(const Filtering& f, const float* x, const Tap& tap, const Finish& finish, float* y,
            const Workers& workers) {
  const int64_t in = f.from.channels, panel = kPoints * in * kTileColumns;
  const int64_t most = std::max<int64_t>(kKernelNumbers / panel, 1) * kTileColumns;
  for (int64_t first = 0; first < f.to.channels; first += most) {
    const Range columns{first, std::min(f.to.channels, first + most)};
    float* const kernel = scratches().shared.get(round_up(columns.end - columns.begin, kTileColumns) * kPoints * in);
    pack_points(tap, in, columns, kernel, workers);
    filter_columns(f, x, kernel, columns, finish, y, workers);
  }
}

// Add the products of squares and quads at each point to sums of the shape (kPoints, inputs, outputs), or begin these.
inline void add_points(const Planes& squares, const Planes& quads, int64_t count, int64_t in, int64_t out, bool begins,
                       float* sums) {
  for (int64_t p = 0; p < kPoints; ++p) {
    for (int64_t column = 0; column < out; column += kTileColumns) {
      const Panel right{quads.row(p, 0) + column, quads.stride};
      for (int64_t i = 0; i < in; i += kTileRows) {
        Vector tile[kTileRows][kWidth];
        clear_tile(tile);
        multiply_tile(squares.row(p, 0) + i, 1, squares.stride, right, count, tile);
        put_tile(tile, Plain{sums + p * in * out, out}, {},
                 {i, std::min<int64_t>(kTileRows, in - i), column, std::min(kTileColumns, out - column), begins, true});
      }
    }
  }
}

// What some quads give to the kernel's gradient at each point, (kPoints, inputs, outputs).
inline void part_of_gradient(const Filtering& f, const float* x, const float* dy, Range range, float* sums) {
  const int64_t in = f.from.channels, out = f.to.channels;
  const int64_t wide = plane_stride(in), high = plane_stride(out);
  const int64_t most = std::clamp<int64_t>(kBetween / (kPoints * (wide + high)), kTileRows, 2 * kMostQuads);
  const std::vector<float> zeros(static_cast<size_t>(std::max(in, out)));
  float* const memory = scratches().rows.get(kPoints * most * (wide + high));
  clear(memory, kPoints * most * (wide + high));
  const Planes squares{memory, most * wide, wide}, quads{memory + kPoints * most * wide, most * high, high};
  for (int64_t first = range.begin; first < range.end; first += most) {
    const int64_t count = std::min(most, range.end - first);
    for (int64_t i = 0; i < count; ++i) {
      const Quad quad = f.quad(first + i);
      read_square(f, x, quad, zeros.data(), squares, i);
      read_points<2, quad_to_points>(f.to, dy, quad, zeros.data(), quads, i);
    }
    add_points(squares, quads, count, in, out, first == range.begin, sums);
  }
}

// The kernel's gradient; row (tap, input) of the result has a number for each output.
inline void filter_gradient(const Filtering& f, const float* x, const float* dy, const Plain& result,
                            const Workers& workers) {
  const int64_t in = f.from.channels, out = f.to.channels, size = kPoints * in * out;
  const int64_t parts = count_parts(f);
  float* const sums = scratches().sums.get(parts * size);
  workers.run(
      parts, [&](int64_t index) { part_of_gradient(f, x, dy, part(f.quads(), 1, index, parts), sums + index * size); });
  workers.run(in, [&](int64_t channel) {
    each_vector(out, [&](int64_t column, auto lanes) {
      Vector points[kPoints] = {}, taps[kTaps];
      for (int64_t index = 0; index < parts; ++index)
        for (int64_t p = 0; p < kPoints; ++p)
          points[p] += load_some(sums + index * size + (p * in + channel) * out + column, lanes);
      transform<4, 3, points_to_taps>(points, taps);
      for (int64_t t = 0; t < kTaps; ++t) store_some(result.row(t * in + channel) + column, taps[t], lanes);
    });
  });
}

// A convolution. Of this and the gradient of the input, `saves_products` must hold.
inline void winograd(const Convolution& c, const float* x, const float* kernel, const float* bias, float* y,
                     const Workers& workers) {
  const Filtering f = filtering(c);
  const int64_t in = f.from.channels, out = f.to.channels;
  for (int64_t group = 0; group < c.groups; ++group) {
    const auto tap = [&](int64_t t) { return Factor{kernel + t * in * c.out + group * out, c.out, 1}; };
    const Finish finish{bias ? bias + group * out : nullptr, c.activation};
    filter(f, x + group * in, tap, finish, y + group * out, workers);
  }
}

// The gradient of the input is that of the output, filtered by the kernel turned around.
inline void winograd_input_gradient(const Convolution& c, const float* dy, const float* kernel, float* dx,
                                    const Workers& workers) {
  const Filtering f = turned_filtering(c);
  const int64_t in = f.to.channels, out = f.from.channels;
  for (int64_t group = 0; group < c.groups; ++group) {
    const auto tap = [&](int64_t t) { return Factor{kernel + (kTaps - 1 - t) * in * c.out + group * out, 1, c.out}; };
    filter(f, dy + group * out, tap, {}, dx + group * in, workers);
  }
}

// A gradient of a kernel, of which `gradient_saves_products` holds.
inline void winograd_kernel_gradient(const Convolution& c, const float* x, const float* dy, float* dkernel,
                                     const Workers& workers) {
  const Filtering f = filtering(c);
  for (int64_t group = 0; group < c.groups; ++group)
    filter_gradient(f, x + group * f.from.channels, dy + group * f.to.channels,
                    Plain{dkernel + group * f.to.channels, c.out}, workers);
}

}  // namespace lamina::LAMINA_SET
