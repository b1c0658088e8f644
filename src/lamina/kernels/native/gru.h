// The gated recurrent unit: h = z * h + (1 - z) * tanh(...), with the gates in the order z, r, candidate.
//
// The reset gate r multiplies the product of the state with its part of the kernel, or the state before that product.
// The first form has one product in a step, the second two, one waiting for the other.
#pragma once

#include "recurrent.h"

namespace lamina::LAMINA_SET {

// What becomes of a state, and of what it says about the gates.
struct GruStep {
  Lines<float> h, next;
  Lines<const float> left, now;
  Lines<float> outputs, gates, inner;
  int64_t units;

  Vector projected(int64_t row, int gate, int64_t unit, int64_t lanes) const {
    return load_some(now.row(row) + gate * units + unit, lanes);
  }

  // Write the new state of some units of a row, or the old one where the step is not real.
  void put(int64_t row, int64_t unit, int64_t lanes, Vector update, Vector candidate, bool real) const {
    const Vector before = load(h.row(row) + unit);
    const Vector after = real ? update * before + (1.f - update) * candidate : before;
    store(next.row(row) + unit, after);
    store_some(outputs.row(row) + unit, after, lanes);
  }

  void keep(int64_t row, int gate, int64_t unit, int64_t lanes, Vector value) const {
    if (gates.data) store_some(gates.row(row) + gate * units + unit, value, lanes);
  }
};

// Take a share of the rows through all steps. `work` does one step; `spare` is memory for a number of each unit.
template <class Work>
inline void gru_steps(const Recurrence& r, const GruForward& g, Range rows, const Work& work) {
  const int64_t units = r.units, wide = round_up(units, kLanes), size = (rows.end - rows.begin) * wide;
  float* const memory = scratches().rows.get(5 * size);
  Lines<float> h{memory, wide}, next{memory + size, wide};
  const Lines<float> left{memory + 2 * size, wide}, spare{memory + 3 * size, wide}, other{memory + 4 * size, wide};
  read_rows(g.h, rows, units, h);
  for (int64_t step = 0; step < r.steps; ++step, std::swap(h, next)) {
    const Lines<const float> before = dropped(h, g.kept, rows, units, left);
    work(step, spare, other,
         GruStep{h, next, before, at_step(g.projected, r, rows, step, 3 * units),
                 at_step(g.outputs, r, rows, step, units), at_step(g.gates, r, rows, step, 3 * units),
                 at_step(g.inner, r, rows, step, units), units});
  }
}

inline void gru(const Recurrence& r, const GruForward& g, const Workers& workers) {
  const int64_t units = r.units;
  const Real real{g.mask, r.steps};
  Weave<3> kernel({g.kernel, 3 * units, 1}, units, units, 3 * units);
  kernel.pack(scratches().panels.get(kernel.size()), workers);
  share_rows(r.rows, workers, [&](Range rows) {
    gru_steps(r, g, rows, [&](int64_t step, Lines<float>, Lines<float>, const GruStep& s) {
      for (int64_t unit = 0; unit < units; unit += kLanes) {
        const int64_t lanes = std::min<int64_t>(kLanes, units - unit);
        Vector bias[3];
        for (int gate = 0; gate < 3; ++gate) bias[gate] = load_some(g.bias + gate * units + unit, lanes);
        each_tile(rows.end - rows.begin, [&](auto tile, int64_t first) {
          Vector sums[tile][3];
          for (int i = 0; i < tile; ++i) {
            sums[i][0] = bias[0] + s.projected(first + i, 0, unit, lanes);
            sums[i][1] = bias[1] + s.projected(first + i, 1, unit, lanes);
            sums[i][2] = bias[2];
          }
          multiply_gates<tile, 3>({s.left.row(first), s.left.stride}, kernel.panel(unit), units, sums);
          for (int i = 0; i < tile; ++i) {
            const int64_t row = first + i;
            const Vector update = sigmoid(sums[i][0]), reset = sigmoid(sums[i][1]);
            const Vector candidate = hyperbolic_tangent(s.projected(row, 2, unit, lanes) + reset * sums[i][2]);
            s.put(row, unit, lanes, update, candidate, real(rows.begin + row, step));
            s.keep(row, 0, unit, lanes, update);
            s.keep(row, 1, unit, lanes, reset);
            s.keep(row, 2, unit, lanes, candidate);
            if (s.inner.data) store_some(s.inner.row(row) + unit, sums[i][2], lanes);
          }
        });
      }
    });
  });
}

inline void gru_reset_before(const Recurrence& r, const GruForward& g, const Workers& workers) {
  const int64_t units = r.units;
  const Real real{g.mask, r.steps};
  Weave<2> gates({g.kernel, 3 * units, 1}, units, units, 2 * units);
  Weave<1> candidates({g.kernel + 2 * units, 3 * units, 1}, units, units, units);
  float* const memory = scratches().panels.get(gates.size() + candidates.size());
  gates.pack(memory, workers);
  candidates.pack(memory + gates.size(), workers);
  share_rows(r.rows, workers, [&](Range rows) {
    gru_steps(r, g, rows, [&](int64_t step, Lines<float> updates, Lines<float> resets, const GruStep& s) {
      const int64_t count = rows.end - rows.begin;
      for (int64_t unit = 0; unit < units; unit += kLanes) {
        const int64_t lanes = std::min<int64_t>(kLanes, units - unit);
        each_tile(count, [&](auto tile, int64_t first) {
          Vector sums[tile][2];
          for (int i = 0; i < tile; ++i)
            for (int gate = 0; gate < 2; ++gate) sums[i][gate] = s.projected(first + i, gate, unit, lanes);
          multiply_gates<tile, 2>({s.left.row(first), s.left.stride}, gates.panel(unit), units, sums);
          for (int i = 0; i < tile; ++i) {
            const int64_t row = first + i;
            const Vector update = sigmoid(sums[i][0]), reset = sigmoid(sums[i][1]);
            store(updates.row(row) + unit, update);
            store(resets.row(row) + unit, reset * load_some(s.left.row(row) + unit, lanes));
            s.keep(row, 0, unit, lanes, update);
            s.keep(row, 1, unit, lanes, reset);
          }
        });
      }
      for (int64_t unit = 0; unit < units; unit += kLanes) {
        const int64_t lanes = std::min<int64_t>(kLanes, units - unit);
        each_tile(count, [&](auto tile, int64_t first) {
          Vector sums[tile][1];
          for (int i = 0; i < tile; ++i) sums[i][0] = s.projected(first + i, 2, unit, lanes);
          multiply_gates<tile, 1>({resets.row(first), resets.stride}, candidates.panel(unit), units, sums);
          for (int i = 0; i < tile; ++i) {
            const int64_t row = first + i;
            const Vector candidate = hyperbolic_tangent(sums[i][0]);
            s.put(row, unit, lanes, load(updates.row(row) + unit), candidate, real(rows.begin + row, step));
            s.keep(row, 2, unit, lanes, candidate);
          }
        });
      }
    });
  });
}

// What a share of rows carries from step to step on the way back: the slopes of h, and those of what the kernel gave.
struct GruSlopes {
  Lines<float> h, gates, spare;
};

// Call visit(row, unit, lanes, d_output, h before, z, r, candidate) for each vector of units of a step, and put zeros
// in place of what a step that is not real would do.
template <class Visit>
inline void visit_gru(const Recurrence& r, const GruBackward& g, Range rows, int64_t step, const GruSlopes& slopes,
                      const Visit& visit) {
  const int64_t units = r.units;
  const Real real{g.mask, r.steps};
  const auto d_outputs = at_step(g.d_outputs, r, rows, step, units), gates = at_step(g.gates, r, rows, step, 3 * units);
  const auto before =
      step ? at_step(g.outputs, r, rows, step - 1, units) : Lines<const float>{g.h + rows.begin * units, units};
  for (int64_t row = 0; row < rows.end - rows.begin; ++row) {
    for (int64_t unit = 0; unit < units; unit += kLanes) {
      const int64_t lanes = std::min<int64_t>(kLanes, units - unit);
      const auto gate = [&](int index) { return load_some(gates.row(row) + index * units + unit, lanes); };
      const Vector d_output = load(slopes.h.row(row) + unit) + load_some(d_outputs.row(row) + unit, lanes);
      const bool is_real = real(rows.begin + row, step);
      store(slopes.h.row(row) + unit, is_real ? d_output * gate(0) : d_output);
      visit(row, unit, lanes, is_real ? d_output : Vector{}, load_some(before.row(row) + unit, lanes), gate(0), gate(1),
            gate(2));
    }
  }
}

inline void put_slope(const Lines<float>& to, int64_t row, int64_t place, int64_t lanes, Vector slope) {
  store_some(to.row(row) + place, slope, lanes);
}

// Take a share of the rows back through all steps.
template <class Work>
inline void gru_back(const Recurrence& r, const GruBackward& g, Range rows, const Work& work) {
  const int64_t units = r.units, wide = round_up(units, kLanes), gates = round_up(3 * units, kLanes) + kLanes;
  const int64_t count = rows.end - rows.begin;
  float* const memory = scratches().rows.get(count * (2 * wide + gates));
  const GruSlopes slopes{{memory, wide}, {memory + 2 * count * wide, gates}, {memory + count * wide, wide}};
  clear(memory, count * wide);
  const Lines<const float> kept{g.kept ? g.kept + rows.begin * units : nullptr, units};
  for (int64_t step = r.steps; step-- > 0;)
    work(step, count, slopes, kept, at_step(g.d_projected, r, rows, step, 3 * units));
  write_rows(slopes.h, rows, units, g.d_h);
}

inline void gru_gradient(const Recurrence& r, const GruBackward& g, const Workers& workers) {
  const int64_t units = r.units;
  Weave<2> turned({g.kernel, 1, 3 * units}, 3 * units, (units + 1) / 2, units);
  turned.pack(scratches().panels.get(turned.size()), workers);
  share_rows(r.rows, workers, [&](Range rows) {
    gru_back(r, g, rows,
             [&](int64_t step, int64_t count, const GruSlopes& slopes, Lines<const float> kept, Lines<float> result) {
               const auto inner = at_step(g.inner, r, rows, step, units);
               const auto d_inner = at_step(g.d_inner, r, rows, step, units);
               visit_gru(r, g, rows, step, slopes,
                         [&](int64_t row, int64_t unit, int64_t lanes, Vector d_output, Vector before, Vector update,
                             Vector reset, Vector candidate) {
                           const Vector last = d_output * (1.f - update) * (1.f - candidate * candidate);
                           const Vector first = d_output * (before - candidate) * update * (1.f - update);
                           const Vector middle = last * load_some(inner.row(row) + unit, lanes) * reset * (1.f - reset);
                           for (const auto& to : {slopes.gates, result}) {
                             store_some(to.row(row) + unit, first, lanes);
                             store_some(to.row(row) + units + unit, middle, lanes);
                           }
                           store_some(result.row(row) + 2 * units + unit, last, lanes);
                           store_some(slopes.gates.row(row) + 2 * units + unit, last * reset, lanes);
                           store_some(d_inner.row(row) + unit, last * reset, lanes);
                         });
               add_product(count, {slopes.gates.data, slopes.gates.stride}, turned, kept, slopes.h);
             });
  });
  const StatesBefore before{r, g.h, g.outputs, g.kept, nullptr, 0};
  const int64_t all = r.rows * r.steps;
  multiply_transposed(before, {g.d_projected, 3 * units, 1}, all, units, 2 * units, Plain{g.d_kernel, 3 * units},
                      workers);
  multiply_transposed(before, {g.d_inner, units, 1}, all, units, units, Plain{g.d_kernel + 2 * units, 3 * units},
                      workers);
}

inline void gru_reset_before_gradient(const Recurrence& r, const GruBackward& g, const Workers& workers) {
  const int64_t units = r.units, half = (units + 1) / 2;
  Weave<2> gates({g.kernel, 1, 3 * units}, 2 * units, half, units);
  Weave<2> candidates({g.kernel + 2 * units, 1, 3 * units}, units, half, units);
  float* const memory = scratches().panels.get(gates.size() + candidates.size());
  gates.pack(memory, workers);
  candidates.pack(memory + gates.size(), workers);
  share_rows(r.rows, workers, [&](Range rows) {
    gru_back(r, g, rows,
             [&](int64_t step, int64_t count, const GruSlopes& slopes, Lines<const float> kept, Lines<float> result) {
               visit_gru(r, g, rows, step, slopes,
                         [&](int64_t row, int64_t unit, int64_t lanes, Vector d_output, Vector before, Vector update,
                             Vector, Vector candidate) {
                           const Vector last = d_output * (1.f - update) * (1.f - candidate * candidate);
                           store_some(slopes.gates.row(row) + unit,
                                      d_output * (before - candidate) * update * (1.f - update), lanes);
                           store_some(slopes.gates.row(row) + 2 * units + unit, last, lanes);
                           store(slopes.spare.row(row) + unit, Vector{});
                         });
               add_product(count, {slopes.gates.data + 2 * units, slopes.gates.stride}, candidates, {nullptr, 0},
                           slopes.spare);
               const auto kept_gates = at_step(g.gates, r, rows, step, 3 * units);
               const auto before = step ? at_step(g.outputs, r, rows, step - 1, units)
                                        : Lines<const float>{g.h + rows.begin * units, units};
               for (int64_t row = 0; row < count; ++row) {
                 for (int64_t unit = 0; unit < units; unit += kLanes) {
                   const int64_t lanes = std::min<int64_t>(kLanes, units - unit);
                   const Vector reset = load_some(kept_gates.row(row) + units + unit, lanes);
                   const Vector share = kept.data ? load_some(kept.row(row) + unit, lanes) : all(1.f);
                   const Vector slope = load(slopes.spare.row(row) + unit) * share;
                   const Vector h = load_some(before.row(row) + unit, lanes);
                   store(slopes.h.row(row) + unit, load(slopes.h.row(row) + unit) + slope * reset);
                   store_some(slopes.gates.row(row) + units + unit, slope * h * reset * (1.f - reset), lanes);
                 }
                 copy(slopes.gates.row(row), result.row(row), 3 * units);
               }
               add_product(count, {slopes.gates.data, slopes.gates.stride}, gates, kept, slopes.h);
             });
  });
  const int64_t every = r.rows * r.steps;
  multiply_transposed(StatesBefore{r, g.h, g.outputs, g.kept, nullptr, 0}, {g.d_projected, 3 * units, 1}, every, units,
                      2 * units, Plain{g.d_kernel, 3 * units}, workers);
  multiply_transposed(StatesBefore{r, g.h, g.outputs, g.kept, g.gates + units, 3 * units},
                      {g.d_projected + 2 * units, 3 * units, 1}, every, units, units,
                      Plain{g.d_kernel + 2 * units, 3 * units}, workers);
}

}  // namespace lamina::LAMINA_SET
