// What products of matrices are made of: memory of a thread, panels of the second matrix, and the tile of the result
// that stays in registers.
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
constexpr int64_t kPanelNumbers = 1 << 18;  // of the second matrix, packed at a time: 1 MiB
constexpr int64_t kTasks = 8;               // for each thread, so that a late one holds up less
constexpr int64_t kLine = 16;               // numbers of a cache line

// Into how many tasks some pieces of work are divided.
inline int64_t count_tasks(int64_t pieces, const Workers& workers) {
  return std::min(pieces, workers.threads() == 1 ? 1 : workers.threads() * kTasks);
}

inline int64_t round_up(int64_t size, int64_t grain) { return (size + grain - 1) / grain * grain; }

// Memory of one thread, kept between calls. It starts at a cache line.
class Scratch {
 public:
  float* get(int64_t count) {
    if (count > size_) {
      numbers_.reset();  // first, so that there are never both
      size_ = 0;
      numbers_.reset(static_cast<float*>(::operator new[](static_cast<size_t>(count) * sizeof(float), kEdge)));
      size_ = count;
    }
    return numbers_.get();
  }

 private:
  static constexpr std::align_val_t kEdge{4 * kLine};
  struct Free {
    void operator()(float* numbers) const { ::operator delete[](numbers, kEdge); }
  };
  std::unique_ptr<float[], Free> numbers_;
  int64_t size_ = 0;
};

// `rows` and `panels` belong to a task. `sums` belong to a task, too, or hold those of all tasks where the calling
// thread adds them up at the end: then no task may ask for its own. `shared` is what the calling thread makes for all
// tasks.
struct Scratches {
  Scratch rows, panels, sums, shared;
};

inline Scratches& scratches() {
  thread_local Scratches mine;
  return mine;
}

// kTileColumns columns of the second matrix, each of its rows `stride` behind the one before.
struct Panel {
  const float* data;
  int64_t stride;
};

// The second matrix: number (k, column) lies at data[k * row + column * across].
struct Factor {
  const float* data;
  int64_t row, across;

  // Columns of which each row lies side by side, as they are.
  Panel panel(int64_t k, int64_t column) const { return {data + k * row + column, row}; }

  // Write `depth` rows of `columns` (at most kColumns) side by side, `stride` apart, filled up with zeros.
  template <int64_t kColumns = kTileColumns>
  void pack(int64_t k, int64_t depth, int64_t column, int64_t columns, float* to, int64_t stride = kColumns) const {
    const float* from = data + k * row + column * across;
    for (int64_t i = 0; columns < kColumns && i < depth; ++i) clear(to + i * stride + columns, kColumns - columns);
    if (across == 1 && columns == kColumns) {
      for (int64_t i = 0; i < depth; ++i, from += row, to += stride) {
        __builtin_prefetch(from + kColumns);  // for the next panel
        for (int64_t j = 0; j < kColumns; j += kLanes) store(to + j, load(from + j));
      }
    } else if (across == 1) {
      for (int64_t i = 0; i < depth; ++i) LAMINA_SET::copy(from + i * row, to + i * stride, columns);
    } else {
      int64_t i = 0, j = 0;
      if (row == 1)
        for (; i + kLanes <= depth; i += kLanes)
          for (j = 0; j + kLanes <= columns; j += kLanes)
            transpose(from + i + j * across, across, to + i * stride + j, stride);
      for (int64_t rest = j; rest < columns; ++rest)
        for (int64_t line = 0; line < i; ++line) to[line * stride + rest] = from[line * row + rest * across];
      for (; i < depth; ++i)
        for (int64_t rest = 0; rest < columns; ++rest) to[i * stride + rest] = from[i * row + rest * across];
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

// Begin the sums of a tile, each row with the same vectors. Written out, so that they are set in registers and not in
// memory, which takes as long as some products.
template <int kRows, int kVectors>
inline __attribute__((always_inline)) void fill_tile(const Vector* row, Vector (&tile)[kRows][kVectors]) {
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 8
    for (int j = 0; j < kVectors; ++j) tile[i][j] = row[j];
}

// The same with zeros.
template <int kRows, int kVectors>
inline __attribute__((always_inline)) void clear_tile(Vector (&tile)[kRows][kVectors]) {
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 8
    for (int j = 0; j < kVectors; ++j) tile[i][j] = Vector{};
}

// Copy the first kRows rows of a tile. Written out for the same reason.
template <int kRows, int kFrom, int kTo, int kVectors>
inline __attribute__((always_inline)) void copy_tile(const Vector (&from)[kFrom][kVectors],
                                                     Vector (&to)[kTo][kVectors]) {
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 8
    for (int j = 0; j < kVectors; ++j) to[i][j] = from[i][j];
}

// Add to the tile: row i gains the sum over k of a[i * across + k * along] * b[k].
template <int kRows, int kVectors>
inline __attribute__((always_inline)) void multiply_tile(const float* a, int64_t across, int64_t along, const Panel& b,
                                                         int64_t depth, Vector (&tile)[kRows][kVectors]) {
  const float* from = b.data;
  for (int64_t k = 0; k < depth; ++k, a += along, from += b.stride) {
    Vector right[kVectors];
#pragma GCC unroll 8
    for (int j = 0; j < kVectors; ++j) right[j] = load(from + j * kLanes);
#pragma GCC unroll 16
    for (int i = 0; i < kRows; ++i) {
      const Vector left = all(a[i * across]);
#pragma GCC unroll 8
      for (int j = 0; j < kVectors; ++j) tile[i][j] += left * right[j];
    }
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
  if (!whole) {
    Vector edge[kTileRows][kWidth];  // so that the tile itself need not lie in memory
    copy_tile<kTileRows>(tile, edge);
    return put_edge(edge, result, finish, pass);
  }
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

}  // namespace lamina::LAMINA_SET
