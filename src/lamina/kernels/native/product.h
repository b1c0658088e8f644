// The product of two matrices, of which the first may exist only as a rule for finding its rows.
//
// A convolution multiplies patches. Most lie in the image as a tile needs them, a constant distance apart, and are read
// from there; the others, at edges, are gathered into a small block just before they are used (Dukhan (2019), The
// indirect convolution algorithm, https://arxiv.org/abs/1907.02129, has the idea of not building the matrix of
// patches). The blocking is that of Goto and van de Geijn (2008), Anatomy of high-performance matrix multiplication,
// https://doi.org/10.1145/1356052.1356053.
//
// A source of rows is any class with
//   void copy(int64_t row, int64_t rows, int64_t from, int64_t count, float* to, int64_t stride) const
// which writes the numbers from ... from + count of each of the rows, `stride` apart. For this product it also has
//   void find_spots(int64_t row, int64_t tiles, Spot* spots) const, int64_t pitch() const
//   void find_runs(int64_t from, int64_t count, Runs& runs) const
// which say where the rows of each tile lie.
// Each number of the result is summed up by one thread in an order that depends on the sizes alone.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "tile.h"

namespace lamina::LAMINA_SET {

constexpr int64_t kDepth = kLanes == 16 ? 256 : 400;  // numbers summed up before the result is touched again
constexpr int64_t kBlockTiles = 24;                   // tiles of rows at a time: with kDepth numbers in each row, they
constexpr int64_t kBlockRows = kBlockTiles * kTileRows;  // fill half of the second cache

// Where the first of the rows of a tile lies, or nowhere if they must be gathered. Its runs count lines of the image
// from `line` on; those beyond the image are zeros.
struct Spot {
  const float* data = nullptr;
  int64_t line = 0;
};

// Some numbers of a row that lie side by side: `count` of them, `offset` from the spot, `lines` below it.
struct Run {
  int64_t lines, offset, count;
};

struct Runs {
  std::vector<Run> list;
  int64_t image = 0;  // how many lines there are

  bool meets(const Spot& spot, const Run& run) const {
    return spot.line + run.lines >= 0 && spot.line + run.lines < image;
  }
};

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
  Panel get(int64_t column, int64_t from, int64_t depth) {
    if (all_) return {numbers_ + (column - first_) * depth_ + (from - from_) * kTileColumns, kTileColumns};
    numbers_ = scratches().panels.get(kDepth * kTileColumns);
    b_.pack(from, depth, column, columns(column), numbers_);
    return {numbers_, kTileColumns};
  }

 private:
  const Right& b_;
  int64_t first_, last_, from_ = 0, depth_ = 0;
  float* numbers_ = nullptr;
  bool all_ = false;
};

inline int64_t count_passes(int64_t depth, int64_t most) { return std::max<int64_t>(1, (depth + most - 1) / most); }

// Some rows of the first matrix: where each tile of them lies, or what was gathered of it.
template <class Source>
class Block {
 public:
  Block(const Source& a, int64_t row, int64_t rows) : a_(a), row_(row), rows_(rows) {
    a.find_spots(row, rows / kTileRows, spots_.data());
  }

  // Make the numbers from ... from + depth of each row ready.
  void read(int64_t from, int64_t depth) {
    stride_ = round_up(depth, kLine) + kLine;  // a cache line more, so that rows do not fall on one another
    gathered_ = scratches().rows.get(kBlockRows * stride_);
    for (int64_t i = 0, end = 0; i < rows_; i = end + kTileRows) {  // neighbours at once
      for (end = i; end < rows_ && !spot(end).data;) end += kTileRows;
      if (end > i) a_.copy(row_ + i, std::min(end, rows_) - i, from, depth, gathered_ + i * stride_, stride_);
    }
    clear(gathered_ + rows_ * stride_, (round_up(rows_, kTileRows) - rows_) * stride_);
    runs_.list.clear();
    a_.find_runs(from, depth, runs_);
  }

  // Multiply with one panel, tile by tile. `place` says where the block's result begins.
  template <class Result>
  void multiply(const Panel& panel, int64_t depth, const Result& result, const Finish& finish, Pass place) const {
    const int64_t pitch = a_.pitch();
    for (int64_t i = 0; i < rows_; i += kTileRows) {
      Vector tile[kTileRows][kWidth];
      clear_tile(tile);
      if (spot(i).data)
        multiply_runs(spot(i), pitch, panel, tile);
      else
        multiply_tile(gathered_ + i * stride_, stride_, 1, panel, depth, tile);
      place.row = row_ + i;
      place.rows = std::min<int64_t>(kTileRows, rows_ - i);
      put_tile(tile, result, finish, place);
    }
  }

 private:
  const Spot& spot(int64_t row) const { return spots_[static_cast<size_t>(row / kTileRows)]; }

  inline __attribute__((always_inline)) void multiply_runs(const Spot& spot, int64_t pitch, Panel panel,
                                                           Vector (&tile)[kTileRows][kWidth]) const {
    for (const Run& run : runs_.list) {
      if (runs_.meets(spot, run)) multiply_tile(spot.data + run.offset, pitch, 1, panel, run.count, tile);
      panel.data += run.count * kTileColumns;
    }
  }

  const Source& a_;
  int64_t row_, rows_, stride_ = 0;
  float* gathered_ = nullptr;
  std::array<Spot, kBlockTiles> spots_;
  Runs runs_;
};

// result[m] = finish(sum over k of a[m][k] * b[k]) for the rows and columns of one task.
//
// A panel of the second matrix stays in the first cache while all rows of a block pass over it. Where there is one
// block only, each panel is packed when it is needed; else all are packed once.
template <class Source, class Right, class Result>
void multiply_part(const Source& a, const Right& b, int64_t depth, const Result& result, const Finish& finish,
                   Range rows, Range columns) {
  const int64_t passes = count_passes(depth, kDepth);
  const bool once = rows.end - rows.begin <= kBlockRows;
  const int64_t fitting = kPanelNumbers / std::max<int64_t>(depth, 1) / kTileColumns * kTileColumns;
  const int64_t most = once ? columns.end - columns.begin : std::max(kTileColumns, fitting);
  for (int64_t first = columns.begin; first < columns.end; first += most) {
    const int64_t last = std::min(columns.end, first + most);
    Panels<Right> panels(b, first, last);
    if (!once) panels.pack_all(0, depth);
    for (int64_t row = rows.begin; row < rows.end; row += kBlockRows) {
      Block<Source> block(a, row, std::min(kBlockRows, rows.end - row));
      for (int64_t pass = 0; pass < passes; ++pass) {
        const Range k = part(depth, 1, pass, passes);
        const int64_t deep = k.end - k.begin;
        block.read(k.begin, deep);
        for (int64_t column = first; column < last; column += kTileColumns)
          block.multiply(panels.get(column, k.begin, deep), deep, result, finish,
                         {0, 0, column, panels.columns(column), pass == 0, pass + 1 == passes});
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
  const int64_t tasks = count_tasks((size + grain - 1) / grain, workers);
  workers.run(tasks, [&](int64_t task) {
    const Range some = part(size, grain, task, tasks);
    multiply_part(a, b, depth, result, finish, by_rows ? some : Range{0, rows}, by_rows ? Range{0, columns} : some);
  });
}

}  // namespace lamina::LAMINA_SET
