// What recurrent layers share: rows of a batch that are taken through all steps, and the products of a step.
//
// Rows have nothing to do with each other, so each thread takes some of them through all steps and waits for nobody. In
// a step the inputs and states of its rows, side by side, are multiplied by the kernel and the recurrent kernel, one
// below the other. The sums for a few units, those of all gates, stay in registers until the new states of these units
// are known. On the way back the slopes of the gates take the place of the gates themselves.
#pragma once

#include <algorithm>
#include <tuple>

#include "shapes.h"
#include "transposed.h"

namespace lamina::LAMINA_SET {

// Vectors of sums that stay in registers, and the fewest rows that a thread takes through the steps at a time: as many
// as keep the registers busy. Eight divide the usual batches evenly.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kSums = 24;
constexpr int64_t kShareRows = 8;
#else
constexpr int kSums = 12;
constexpr int64_t kShareRows = 6;
#endif
constexpr int64_t kMostShareRows = 48;  // the most rows at a time
constexpr int64_t kShares = 64;         // the most shares, but for that

// 1 / (1 + e^-x), to within 2e-7 and not, as `sigmoid` does it, to the last digits of numbers near 0.
inline Vector gate(Vector x) { return 0.5f + 0.5f * hyperbolic_tangent(0.5f * x); }

// Numbers of some rows, `stride` apart.
template <class Number>
struct Lines {
  Number* data;
  int64_t stride;

  Number* row(int64_t index) const { return data + index * stride; }
};

using Given = Lines<const float>;
using Made = Lines<float>;

inline Given given(const Made& lines) { return {lines.data, lines.stride}; }

// The numbers that a share of the rows has at one step, `width` of them in each row; none where there is no data.
// Inputs and outputs lie row by row.
template <class Number>
inline Lines<Number> by_row(Number* data, const Recurrence& r, Range rows, int64_t step, int64_t width) {
  return {data ? data + (rows.begin * r.steps + step) * width : nullptr, r.steps * width};
}

// What is saved for the way back lies share by share, and that of a share step by step.
template <class Number>
inline Lines<Number> by_step(Number* data, const Recurrence& r, Range rows, int64_t step, int64_t width) {
  return {data ? data + (rows.begin * r.steps + step * (rows.end - rows.begin)) * width : nullptr, width};
}

// Ask for numbers of a share of the rows that the next step reads, so that it need not wait for them. They lie so far
// apart that the processor does not see them coming.
inline void fetch(const Given& lines, Range rows, int64_t width) {
  for (int64_t row = 0; row < rows.end - rows.begin; ++row)
    for (int64_t i = 0; i < width; i += kLine) __builtin_prefetch(lines.row(row) + i);
}

inline bool is_real(const bool* mask, const Recurrence& r, int64_t row, int64_t step) {
  return !mask || mask[row * r.steps + step];
}

// A matrix whose columns are divided into gates, as panels of kLanes columns of each gate side by side.
template <int kGates>
class Weave {
 public:
  // Gate g is the columns from g * span on, up to the next gate or the last of the columns.
  Weave(int64_t depth, int64_t span, int64_t columns) : depth_(depth), span_(span), columns_(columns) {}

  int64_t size() const { return round_up(span_, kLanes) * kGates * depth_; }
  int64_t depth() const { return depth_; }
  int64_t span() const { return span_; }
  int64_t column(int64_t gate, int64_t unit) const { return gate * span_ + unit; }
  int64_t lanes(int64_t gate, int64_t unit) const {
    return std::clamp<int64_t>(std::min(span_ - unit, columns_ - column(gate, unit)), 0, kLanes);
  }
  const float* panel(int64_t unit, int64_t k = 0) const { return numbers_ + (unit * depth_ + k * kLanes) * kGates; }

  // Say where the panels lie, and return where the next thing may lie.
  float* place(float* memory) {
    numbers_ = memory;
    return memory + size();
  }

  // Pack `depth` rows of the matrix, those from `first` on.
  void pack(const Factor& matrix, int64_t first, int64_t depth, const Workers& workers) {
    const Workers alone;
    (size() < kPanelNumbers ? alone : workers).run((span_ + kLanes - 1) / kLanes, [&](int64_t block) {
      const int64_t unit = block * kLanes;
      float* const to = numbers_ + (unit * depth_ + first * kLanes) * kGates;
      for (int64_t gate = 0; gate < kGates; ++gate)
        matrix.pack<kLanes>(0, depth, column(gate, unit), lanes(gate, unit), to + gate * kLanes, kGates * kLanes);
    });
  }

 private:
  int64_t depth_, span_, columns_;
  float* numbers_ = nullptr;
};

// The columns of a matrix in two halves.
inline Weave<2> halves(int64_t depth, int64_t columns) { return {depth, (columns + 1) / 2, columns}; }

// Some rows and, for a vector of units, their sums for each gate.
template <int kGates>
struct Tile {
  static constexpr int kRows = std::min(12, kSums / kGates);

  int64_t first, rows;
  Vector sums[kRows][kGates];
};

// Row i of the tile becomes `begin`, or stays what it is where that is missing, plus the sum over k of left[i][k] *
// right[k]. A function of its own, so that nothing else takes the registers that the sums stay in.
template <int kRows, int kGates>
__attribute__((noinline)) void multiply_rows(const float* left, int64_t stride, const float* right, int64_t depth,
                                             const Vector* begin, Tile<kGates>& tile) {
  Vector sums[kRows][kGates];
  if (begin)
    fill_tile(begin, sums);
  else
    copy_tile<kRows>(tile.sums, sums);
  multiply_tile(left, stride, 1, {right, kGates * kLanes}, depth, sums);
  copy_tile<kRows>(sums, tile.sums);
}

// The same for as many rows as the tile has.
template <int kGates, int kRows = Tile<kGates>::kRows>
inline void multiply(const Given& left, const float* right, int64_t depth, const Vector* begin, Tile<kGates>& tile) {
  if constexpr (kRows > 1) {
    if (tile.rows < kRows) return multiply<kGates, kRows - 1>(left, right, depth, begin, tile);
  }
  multiply_rows<kRows>(left.row(tile.first), left.stride, right, depth, begin, tile);
}

// Call visit(tile) for tiles of nearly equal size, their sums not yet begun.
template <int kGates, class Visit>
inline void each_tile(int64_t rows, const Visit& visit) {
  const int64_t tiles = (rows + Tile<kGates>::kRows - 1) / Tile<kGates>::kRows;
  Tile<kGates> tile;
  for (int64_t index = 0; index < tiles; ++index) {
    const Range some = part(rows, 1, index, tiles);
    tile.first = some.begin, tile.rows = some.end - some.begin;
    visit(tile);
  }
}

// Call put(row, column, lanes, sum) with each vector of left @ right.
template <class Put>
inline void each_sum(int64_t rows, const Given& left, const Weave<2>& right, const Put& put) {
  const Vector nothing[2] = {};
  for (int64_t unit = 0; unit < right.span(); unit += kLanes) {
    each_tile<2>(rows, [&](Tile<2>& tile) {
      multiply(left, right.panel(unit), right.depth(), nothing, tile);
      for (int64_t i = 0; i < tile.rows; ++i)
        for (int half = 0; half < 2; ++half)
          put(tile.first + i, right.column(half, unit), right.lanes(half, unit), tile.sums[i][half]);
    });
  }
}

// Add a vector to those summed up so far.
inline void add(float* to, Vector value, int64_t lanes) { store_some(to, load_some(to, lanes) + value, lanes); }

// to = left @ right.
inline void put_product(int64_t rows, const Given& left, const Weave<2>& right, const Made& to) {
  each_sum(rows, left, right, [&](int64_t row, int64_t column, int64_t lanes, Vector sum) {
    store_some(to.row(row) + column, sum, lanes);
  });
}

// to += kept * (left @ right); `kept` may be missing.
inline void add_product(int64_t rows, const Given& left, const Weave<2>& right, const Given& kept, const Made& to) {
  each_sum(rows, left, right, [&](int64_t row, int64_t column, int64_t lanes, Vector sum) {
    add(to.row(row) + column, kept.data ? sum * load_some(kept.row(row) + column, lanes) : sum, lanes);
  });
}

// Into how many shares rows are divided: small ones, so that no thread waits long for a slower one, and what a share
// leaves behind in its steps is still in the second cache on the way back. Sizes alone decide, so that the sums over
// shares are the same for any number of threads.
inline int64_t count_shares(int64_t rows) {
  return std::max(std::min((rows + kShareRows - 1) / kShareRows, kShares),
                  (rows + kMostShareRows - 1) / kMostShareRows);
}

inline Range share_rows(const Recurrence& r, int64_t share, int64_t shares) {
  return part(r.rows, kShareRows, share, shares);
}

// Copy rows between memory of their own width and memory in which whole vectors fit; what is beyond becomes 0.
inline void read_rows(const float* from, Range rows, int64_t width, const Made& to) {
  for (int64_t i = 0; i < rows.end - rows.begin; ++i) {
    copy(from + (rows.begin + i) * width, to.row(i), width);
    clear(to.row(i) + width, to.stride - width);
  }
}

inline void write_rows(const Made& from, Range rows, int64_t width, float* to) {
  for (int64_t i = 0; i < rows.end - rows.begin; ++i) copy(from.row(i), to + (rows.begin + i) * width, width);
}

// Put what a step multiplies side by side: its inputs, and the states before it, with their dropout mask.
inline void join(const Recurrence& r, const float* x, const Made& h, const Given& kept, Range rows, int64_t step,
                 const Made& left) {
  const Given now = by_row(x, r, rows, step, r.features);
  for (int64_t row = 0; row < rows.end - rows.begin; ++row) {
    float* const to = left.row(row) + r.features;
    copy(now.row(row), left.row(row), r.features);
    copy(h.row(row), to, r.units);
    if (kept.data)
      for (int64_t unit = 0; unit < r.units; ++unit) to[unit] *= kept.row(row)[unit];
  }
  if (step + 1 < r.steps) fetch(by_row(x, r, rows, step + 1, r.features), rows, r.features);
}

// Call visit(row, step) for some lines of what lies share by share.
template <class Visit>
inline void each_line(const Recurrence& r, int64_t line, int64_t lines, const Visit& visit) {
  const int64_t shares = count_shares(r.rows);
  for (int64_t share = 0; lines > 0; ++share) {
    const Range rows = share_rows(r, share, shares);
    const int64_t count = rows.end - rows.begin, within = line - rows.begin * r.steps;
    int64_t row = within % count, step = within / count;
    for (; lines > 0 && step < r.steps; --lines, ++line) {
      visit(rows.begin + row, step);
      if (++row == count) row = 0, ++step;
    }
  }
}

// The inputs of all steps, line by line, as a source of rows for a product.
struct Inputs {
  const Recurrence& r;
  const float* x;

  void copy(int64_t line, int64_t lines, int64_t from, int64_t count, float* to, int64_t to_stride) const {
    each_line(r, line, lines, [&](int64_t row, int64_t step) {
      LAMINA_SET::copy(x + (row * r.steps + step) * r.features + from, to, count);
      to += to_stride;
    });
  }
};

// The states before each step in the same way, each multiplied by its dropout mask.
struct StatesBefore {
  const Recurrence& r;
  const float *h, *outputs, *kept;

  void copy(int64_t line, int64_t lines, int64_t from, int64_t count, float* to, int64_t to_stride) const {
    each_line(r, line, lines, [&](int64_t row, int64_t step) {
      LAMINA_SET::copy((step ? outputs + (row * r.steps + step - 1) * r.units : h + row * r.units) + from, to, count);
      if (kept)
        for (int64_t k = 0; k < count; ++k) to[k] *= kept[row * r.units + from + k];
      to += to_stride;
    });
  }
};

// Both, side by side.
struct Joined {
  Inputs inputs;
  StatesBefore states;

  void copy(int64_t line, int64_t lines, int64_t from, int64_t count, float* to, int64_t to_stride) const {
    const int64_t own = std::clamp<int64_t>(inputs.r.features - from, 0, count);
    if (own > 0) inputs.copy(line, lines, from, own, to, to_stride);
    if (own < count) states.copy(line, lines, from + own - inputs.r.features, count - own, to + own, to_stride);
  }
};

// Two results, the rows of one below those of the other.
struct Stacked {
  Plain first;
  int64_t rows;  // of the first
  Plain second;

  float* row(int64_t index) const { return index < rows ? first.row(index) : second.row(index - rows); }
};

// What was saved, of which the lines lie side by side.
struct Saved {
  const float* data;
  int64_t width;

  void copy(int64_t line, int64_t lines, int64_t from, int64_t count, float* to, int64_t to_stride) const {
    for (int64_t i = line; i < line + lines; ++i, to += to_stride) LAMINA_SET::copy(data + i * width + from, to, count);
  }
};

// The gradient of a kernel: the sum over all lines of what a line of one matrix and one of another give. Each share of
// the rows sums up its own lines once it is back at the first step, while they are in the second cache, unless the
// sums of all shares would take too much memory.
template <class Source, class Result>
class KernelGradient {
 public:
  KernelGradient(const Recurrence& r, const Source& left, const Factor& right, int64_t rows, int64_t columns,
                 const Result& result)
      : r_(r), left_(left), right_(right), rows_(rows), columns_(columns), result_(result) {}

  // How much memory it needs.
  int64_t size() const { return sums_by_share() ? count_shares(r_.rows) * rows_ * columns_ : 0; }

  // Say where that lies, and return where the next thing may lie.
  float* place(float* memory) {
    sums_ = memory;
    return memory + size();
  }

  void add(Range rows, int64_t share) const {
    if (!sums_by_share()) return;
    const Range lines{rows.begin * r_.steps, rows.end * r_.steps};
    multiply_transposed_part(left_, right_, lines, Plain{sums_ + share * rows_ * columns_, columns_}, {0, rows_},
                             {0, columns_});
  }

  void write(const Workers& workers) const {
    if (!sums_by_share())
      return multiply_transposed(left_, right_, r_.rows * r_.steps, rows_, columns_, result_, workers);
    for (int64_t row = 0; row < rows_; ++row)
      add_parts(sums_, count_shares(r_.rows), rows_ * columns_, row * columns_, columns_, result_.row(row));
  }

 private:
  bool sums_by_share() const { return count_shares(r_.rows) * rows_ * columns_ <= kPartNumbers; }

  const Recurrence& r_;
  Source left_;
  Factor right_;
  int64_t rows_, columns_;
  Result result_;
  float* sums_ = nullptr;
};

}  // namespace lamina::LAMINA_SET
