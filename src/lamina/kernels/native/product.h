// The product of two matrices, of which the first may exist only as a rule for copying its rows.
//
// A convolution multiplies patches, which are gathered into a small block just before they are used (Dukhan (2019), The
// indirect convolution algorithm, https://arxiv.org/abs/1907.02129, has the idea of not building the matrix of
// patches). The blocking is that of Goto and van de Geijn (2008), Anatomy of high-performance matrix multiplication,
// https://doi.org/10.1145/1356052.1356053.
//
// A source of rows is any class with
//   void copy(int64_t row, int64_t rows, int64_t from, int64_t count, float* to, int64_t stride) const
// which writes the numbers from ... from + count of each of the rows, `stride` apart.
// Each number of the result is summed up by one thread in an order that depends on the sizes alone.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>

#include "activation.h"
#include "vector.h"
#include "workers.h"

namespace lamina::LAMINA_SET {

// The tile of the result that stays in registers: kTileRows rows of kWidth vectors.
#if defined(__AVX512F__)
constexpr int kTileRows = 12, kWidth = 2;
#elif defined(__AVX2__)
constexpr int kTileRows = 6, kWidth = 2;
#elif defined(__aarch64__)
constexpr int kTileRows = 6, kWidth = 4;
#else
constexpr int kTileRows = 6, kWidth = 2;
#endif

constexpr int64_t kTileColumns = kWidth * kLanes;
constexpr int64_t kDepth = kLanes == 16 ? 256 : 400;  // numbers summed up before the result is touched again
constexpr int64_t kRowStride = kDepth + 16;           // one cache line more, so that rows do not fall on one another
constexpr int64_t kBlockRows = 24 * kTileRows;        // rows gathered at a time: with kDepth numbers each, they fill
                                                      // half of the second cache
constexpr int64_t kShallow = 32;                      // numbers at most, for which rows lie closer together, so that
constexpr int64_t kShallowStride = kShallow + 16;     // a block of them fits the first cache
constexpr int64_t kFlatDepth = 192, kFlatRows = 192;  // the same where the first matrix is transposed
constexpr int64_t kFlatStride = kFlatRows + 16;
constexpr int64_t kPanelNumbers = 1 << 18;  // of the second matrix, packed at a time: 1 MiB
constexpr int64_t kTasks = 8;               // for each thread, so that a late one holds up less

inline int64_t round_up(int64_t size, int64_t grain) { return (size + grain - 1) / grain * grain; }

// Memory of one thread, kept between calls. It starts at a cache line.
class Scratch {
 public:
  float* get(int64_t count) {
    if (count > size_) {
      numbers_.reset(static_cast<float*>(::operator new[](static_cast<size_t>(count) * sizeof(float), kLine)));
      size_ = count;
    }
    return numbers_.get();
  }

 private:
  static constexpr std::align_val_t kLine{64};
  struct Free {
    void operator()(float* numbers) const { ::operator delete[](numbers, kLine); }
  };
  std::unique_ptr<float[], Free> numbers_;
  int64_t size_ = 0;
};

struct Scratches {
  Scratch rows, panels;
};

inline Scratches& scratches() {
  thread_local Scratches mine;
  return mine;
}

// The second matrix: number (k, column) lies at data[k * row + column * across].
struct Factor {
  const float* data;
  int64_t row, across;

  // Write `depth` rows of `columns` (at most kTileColumns) side by side, filled up with zeros.
  void pack(int64_t k, int64_t depth, int64_t column, int64_t columns, float* to) const {
    const float* from = data + k * row + column * across;
    if (columns < kTileColumns) clear(to, depth * kTileColumns);
    if (across == 1 && columns == kTileColumns) {
      for (int64_t i = 0; i < depth; ++i, from += row, to += kTileColumns) {
        __builtin_prefetch(from + kTileColumns);  // for the next panel
        for (int j = 0; j < kWidth; ++j) store(to + j * kLanes, load(from + j * kLanes));
      }
    } else if (across == 1) {
      for (int64_t i = 0; i < depth; ++i) LAMINA_SET::copy(from + i * row, to + i * kTileColumns, columns);
    } else {
      int64_t i = 0, j = 0;
      if (row == 1)
        for (; i + kLanes <= depth; i += kLanes)
          for (j = 0; j + kLanes <= columns; j += kLanes)
            transpose(from + i + j * across, across, to + i * kTileColumns + j, kTileColumns);
      for (int64_t rest = j; rest < columns; ++rest)
        for (int64_t k = 0; k < i; ++k) to[k * kTileColumns + rest] = from[k * row + rest * across];
      for (; i < depth; ++i)
        for (int64_t rest = 0; rest < columns; ++rest) to[i * kTileColumns + rest] = from[i * row + rest * across];
    }
  }
};

// Where a row of the result is written; the same for consecutive rows of memory.
struct Plain {
  float* data;
  int64_t stride;

  float* row(int64_t index) const { return data + index * stride; }
};

// What happens to a sum when it is written.
struct Finish {
  const float* bias = nullptr;  // one for each column
  Activation activation = Activation::kLinear;
};

// Add to the tile: row i gains the sum over k of a[i * kAcross + k * kAlong] * b[k].
template <int64_t kAcross, int64_t kAlong>
inline void multiply_tile(const float* a, const float* b, int64_t depth, Vector (&tile)[kTileRows][kWidth]) {
#pragma GCC unroll 4
  for (int64_t k = 0; k < depth; ++k) {
    Vector right[kWidth];
#pragma GCC unroll 8
    for (int j = 0; j < kWidth; ++j) right[j] = load(b + j * kLanes);
#pragma GCC unroll 16
    for (int i = 0; i < kTileRows; ++i) {
      const Vector left = all(a[i * kAcross]);
#pragma GCC unroll 8
      for (int j = 0; j < kWidth; ++j) tile[i][j] += left * right[j];
    }
    a += kAlong;
    b += kTileColumns;
  }
}

// What one pass over a tile does besides adding: which part of the result it is, and whether sums begin or end here.
struct Pass {
  int64_t row, rows, column, columns;
  bool begins, ends;
};

// Write the part of a tile that lies within the result.
template <class Result>
void put_edge(const Vector (&tile)[kTileRows][kWidth], const Result& result, const Finish& finish, const Pass& pass) {
  for (int64_t i = 0; i < pass.rows; ++i) {
    float* const to = result.row(pass.row + i) + pass.column;
    float row[kTileColumns];
    for (int j = 0; j < kWidth; ++j) store(row + j * kLanes, tile[i][j]);
    if (!pass.begins)
      for (int64_t j = 0; j < pass.columns; ++j) row[j] += to[j];
    if (pass.ends) finish_row(row, pass.columns, finish.bias ? finish.bias + pass.column : nullptr, finish.activation);
    copy(row, to, pass.columns);
  }
}

// Write a whole tile, or the part of it that the result has.
template <class Result>
inline __attribute__((always_inline)) void put_tile(Vector (&tile)[kTileRows][kWidth], const Result& result,
                                                    const Finish& finish, const Pass& pass) {
  const bool whole = pass.rows == kTileRows && pass.columns == kTileColumns;
  if (!whole) return put_edge(tile, result, finish, pass);
  Vector bias[kWidth] = {};
  if (pass.ends && finish.bias)
    for (int j = 0; j < kWidth; ++j) bias[j] = load(finish.bias + pass.column + j * kLanes);
#pragma GCC unroll 16
  for (int i = 0; i < kTileRows; ++i) {
    float* const to = result.row(pass.row + i) + pass.column;
#pragma GCC unroll 8
    for (int j = 0; j < kWidth; ++j) {
      Vector sum = tile[i][j];
      if (!pass.begins) sum += load(to + j * kLanes);
      if (pass.ends) sum = activated(sum + bias[j], finish.activation);
      store(to + j * kLanes, sum);
    }
  }
}

// Multiply a block of gathered rows with one panel, tile by tile. `place` says where the block's result begins.
template <int64_t kAcross, int64_t kAlong, class Result>
void multiply_panel(const float* block, const float* panel, int64_t depth, const Result& result, const Finish& finish,
                    const Pass& place) {
  for (int64_t i = 0; i < place.rows; i += kTileRows) {
    Vector tile[kTileRows][kWidth] = {};
    multiply_tile<kAcross, kAlong>(block + i * kAcross, panel, depth, tile);
    Pass here = place;
    here.row += i;
    here.rows = std::min<int64_t>(kTileRows, place.rows - i);
    put_tile(tile, result, finish, here);
  }
}

// The second matrix as panels of kTileColumns columns, for the columns and numbers in use.
template <class Right>
class Panels {
 public:
  Panels(const Right& b, int64_t first, int64_t last) : b_(b), first_(first), last_(last) {}

  int64_t columns(int64_t column) const { return std::min(kTileColumns, last_ - column); }

  // Pack all columns, numbers from ... from + depth of each.
  void pack_all(int64_t from, int64_t depth) {
    numbers_ = scratches().panels.get(round_up(last_ - first_, kTileColumns) * std::max<int64_t>(depth, 1));
    for (int64_t column = first_; column < last_; column += kTileColumns)
      b_.pack(from, depth, column, columns(column), numbers_ + (column - first_) * depth);
    from_ = from, depth_ = depth, all_ = true;
  }

  // Return the numbers from ... from + depth of the panel at a column, packed now if they are not.
  const float* get(int64_t column, int64_t from, int64_t depth) {
    if (all_) return numbers_ + (column - first_) * depth_ + (from - from_) * kTileColumns;
    numbers_ = scratches().panels.get(kDepth * kTileColumns);
    b_.pack(from, depth, column, columns(column), numbers_);
    return numbers_;
  }

 private:
  const Right& b_;
  int64_t first_, last_, from_ = 0, depth_ = 0;
  float* numbers_ = nullptr;
  bool all_ = false;
};

inline int64_t count_passes(int64_t depth, int64_t most) { return std::max<int64_t>(1, (depth + most - 1) / most); }

// result[m] = finish(sum over k of a[m][k] * b[k]) for the rows and columns of one task.
//
// A panel of the second matrix stays in the first cache while all rows of a block pass over it. Where there is one
// block only, each panel is packed when it is needed; else all are packed once.
template <int64_t kStride, class Source, class Right, class Result>
void multiply_part(const Source& a, const Right& b, int64_t depth, const Result& result, const Finish& finish,
                   Range rows, Range columns) {
  const int64_t passes = count_passes(depth, kDepth);
  const bool once = rows.end - rows.begin <= kBlockRows;
  const int64_t fitting = kPanelNumbers / std::max<int64_t>(depth, 1) / kTileColumns * kTileColumns;
  const int64_t most = once ? columns.end - columns.begin : std::max(kTileColumns, fitting);
  float* const block = scratches().rows.get(kBlockRows * kStride);
  for (int64_t first = columns.begin; first < columns.end; first += most) {
    const int64_t last = std::min(columns.end, first + most);
    Panels<Right> panels(b, first, last);
    if (!once) panels.pack_all(0, depth);
    for (int64_t row = rows.begin; row < rows.end; row += kBlockRows) {
      const int64_t height = std::min(kBlockRows, rows.end - row);
      clear(block + height * kStride, (round_up(height, kTileRows) - height) * kStride);
      for (int64_t pass = 0; pass < passes; ++pass) {
        const Range k = part(depth, 1, pass, passes);
        const int64_t deep = k.end - k.begin;
        a.copy(row, height, k.begin, deep, block, kStride);
        for (int64_t column = first; column < last; column += kTileColumns)
          multiply_panel<kStride, 1>(block, panels.get(column, k.begin, deep), deep, result, finish,
                                     {row, height, column, panels.columns(column), pass == 0, pass + 1 == passes});
      }
    }
  }
}

// result[m][n] = sum over the rows r of a[r][m] * b[r][n], for the part of the result of one task.
template <class Source, class Result>
void multiply_transposed_part(const Source& a, const Factor& b, int64_t depth, const Result& result, Range rows,
                              Range columns) {
  const int64_t passes = count_passes(depth, kFlatDepth), most = kPanelNumbers / kFlatDepth;
  float* const block = scratches().rows.get(kFlatDepth * kFlatStride);
  clear(block, kFlatDepth * kFlatStride);  // what a tile reads beyond the last row is multiplied, though never written
  for (int64_t first = columns.begin; first < columns.end; first += most) {
    const int64_t last = std::min(columns.end, first + most);
    for (int64_t pass = 0; pass < passes; ++pass) {
      const Range k = part(depth, 1, pass, passes);
      const int64_t deep = k.end - k.begin;
      Panels<Factor> panels(b, first, last);
      panels.pack_all(k.begin, deep);
      for (int64_t row = rows.begin; row < rows.end; row += kFlatRows) {
        const int64_t height = std::min(kFlatRows, rows.end - row);
        a.copy(k.begin, deep, row, height, block, kFlatStride);
        for (int64_t column = first; column < last; column += kTileColumns)
          multiply_panel<1, kFlatStride>(block, panels.get(column, k.begin, deep), deep, result, {},
                                         {row, height, column, panels.columns(column), pass == 0, pass + 1 == passes});
      }
    }
  }
}

// Divide the result among the threads, along the side on which less is packed or gathered twice.
template <class Source, class Right, class Result>
void multiply(const Source& a, const Right& b, int64_t depth, int64_t rows, int64_t columns, const Result& result,
              const Finish& finish, const Workers& workers) {
  const bool by_rows = rows > columns;
  const int64_t grain = by_rows ? kBlockRows : kTileColumns;
  const int64_t size = by_rows ? rows : columns;
  const int64_t tasks = std::min((size + grain - 1) / grain, workers.threads() == 1 ? 1 : workers.threads() * kTasks);
  workers.run(tasks, [&](int64_t task) {
    const Range some = part(size, grain, task, tasks);
    const Range down = by_rows ? some : Range{0, rows}, across = by_rows ? Range{0, columns} : some;
    if (depth <= kShallow)
      multiply_part<kShallowStride>(a, b, depth, result, finish, down, across);
    else
      multiply_part<kRowStride>(a, b, depth, result, finish, down, across);
  });
}

// The same for the product in which the first matrix is transposed.
template <class Source, class Result>
void multiply_transposed(const Source& a, const Factor& b, int64_t depth, int64_t rows, int64_t columns,
                         const Result& result, const Workers& workers) {
  const bool by_rows = rows * 2 > columns;
  const int64_t grain = by_rows ? kTileRows : kTileColumns;
  const int64_t size = by_rows ? rows : columns;
  const int64_t tasks = std::min((size + grain - 1) / grain, workers.threads());
  workers.run(tasks, [&](int64_t task) {
    const Range some = part(size, grain, task, tasks);
    multiply_transposed_part(a, b, depth, result, by_rows ? some : Range{0, rows}, by_rows ? Range{0, columns} : some);
  });
}

}  // namespace lamina::LAMINA_SET
