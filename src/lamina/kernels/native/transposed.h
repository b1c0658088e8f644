// The product in which the first matrix is transposed: result[m][n] = sum over the rows r of a[r][m] * b[r][n].
//
// As a rule there are many rows and few results. Then the rows are divided: each task sums up some of them in memory of
// its own, and what the tasks have made is added up in order. How many there are depends on the sizes alone.
#pragma once

#include <algorithm>

#include "product.h"

namespace lamina::LAMINA_SET {

constexpr int64_t kFlatDepth = 192, kFlatRows = 192;  // numbers gathered at a time: half of the second cache
constexpr int64_t kFlatStride = kFlatRows + kLine;
constexpr int64_t kFewRows = 6 * kTileRows;    // of the result, for which packing the second matrix takes too long
constexpr int64_t kParts = 16;                 // at most, of the rows that are summed up
constexpr int64_t kPartNumbers = 1 << 20;      // at most, of all parts of the result: 4 MiB
constexpr int64_t kPartRows = 2 * kFlatDepth;  // at least, in each part

// Begin and sum up the first rows of a tile, fewer than it has, which is less work than all of them.
template <int kRows = kTileRows - 1>
void multiply_edge(int64_t rows, const float* a, int64_t along, const Panel& b, int64_t depth,
                   Vector (&tile)[kTileRows][kWidth]) {
  if constexpr (kRows > 1) {
    if (rows < kRows) return multiply_edge<kRows - 1>(rows, a, along, b, depth, tile);
  }
  Vector sums[kRows][kWidth];
  clear_tile(sums);
  multiply_tile(a, 1, along, b, depth, sums);
  copy_tile<kRows>(sums, tile);
}

// The sum over some rows, for the part of the result of one task.
template <class Source, class Result>
void multiply_transposed_part(const Source& a, const Factor& b, Range lines, const Result& result, Range rows,
                              Range columns) {
  const int64_t passes = count_passes(lines.end - lines.begin, kFlatDepth), most = kPanelNumbers / kFlatDepth;
  const bool packs = rows.end - rows.begin > kFewRows || b.across != 1;
  float* const block = scratches().rows.get(kFlatDepth * kFlatStride);
  for (int64_t first = columns.begin; first < columns.end; first += most) {
    const int64_t last = std::min(columns.end, first + most);
    for (int64_t pass = 0; pass < passes; ++pass) {
      const Range k = part(lines.end - lines.begin, 1, pass, passes);
      const int64_t from = lines.begin + k.begin, deep = k.end - k.begin;
      Panels<Factor> panels(b, first, last);
      if (packs) panels.pack_all(from, deep);
      for (int64_t row = rows.begin; row < rows.end; row += kFlatRows) {
        const int64_t height = std::min(kFlatRows, rows.end - row);
        a.copy(from, deep, row, height, block, kFlatStride);
        for (int64_t column = first; column < last; column += kTileColumns) {
          const int64_t wide = panels.columns(column);
          const Panel panel = packs || wide < kTileColumns ? panels.get(column, from, deep) : b.panel(from, column);
          for (int64_t i = 0; i < height; i += kTileRows) {
            const int64_t tall = std::min<int64_t>(kTileRows, height - i);
            const Pass place{row + i, tall, column, wide, pass == 0, pass + 1 == passes};
            if (tall < kTileRows) {
              Vector edge[kTileRows][kWidth];
              multiply_edge(tall, block + i, kFlatStride, panel, deep, edge);
              put_edge(edge, result, {}, place);
            } else {
              Vector tile[kTileRows][kWidth];
              clear_tile(tile);
              multiply_tile(block + i, 1, kFlatStride, panel, deep, tile);
              put_tile(tile, result, {}, place);
            }
          }
        }
      }
    }
  }
}

// Divide the result, which is large, among the threads.
template <class Source, class Result>
void multiply_transposed_whole(const Source& a, const Factor& b, int64_t depth, int64_t rows, int64_t columns,
                               const Result& result, const Workers& workers) {
  const bool by_rows = rows * 2 > columns;
  const int64_t grain = by_rows ? kFlatRows : 4 * kTileColumns;
  const int64_t size = by_rows ? rows : columns;
  const int64_t tasks = count_tasks((size + grain - 1) / grain, workers);
  workers.run(tasks, [&](int64_t task) {
    const Range some = part(size, grain, task, tasks);
    multiply_transposed_part(a, b, {0, depth}, result, by_rows ? some : Range{0, rows},
                             by_rows ? Range{0, columns} : some);
  });
}

// Add up a run of numbers of several parts, each of `size` numbers, always in the same order.
inline void add_parts(const float* parts, int64_t count, int64_t size, int64_t first, int64_t numbers, float* to) {
  copy(parts + first, to, numbers);
  for (int64_t index = 1; index < count; ++index)
    for (int64_t i = 0; i < numbers; ++i) to[i] += parts[index * size + first + i];
}

template <class Source, class Result>
void multiply_transposed(const Source& a, const Factor& b, int64_t depth, int64_t rows, int64_t columns,
                         const Result& result, const Workers& workers) {
  const int64_t size = std::max<int64_t>(rows * columns, 1);
  const int64_t parts = std::min({depth / kPartRows, kPartNumbers / size, kParts});
  if (parts < 2) return multiply_transposed_whole(a, b, depth, rows, columns, result, workers);
  float* const sums = scratches().sums.get(parts * size);
  workers.run(parts, [&](int64_t index) {
    multiply_transposed_part(a, b, part(depth, 1, index, parts), Plain{sums + index * size, columns}, {0, rows},
                             {0, columns});
  });
  for (int64_t row = 0; row < rows; ++row) add_parts(sums, parts, size, row * columns, columns, result.row(row));
}

}  // namespace lamina::LAMINA_SET
