// The gated recurrent unit: h = z * h + (1 - z) * tanh(...), with the gates in the order z, r, candidate.
//
// The reset gate r multiplies what the recurrent kernel makes of the state for the candidate, or the state before that.
// The second form has two products in a step, one waiting for the other.
#pragma once

#include "recurrent.h"

namespace lamina::LAMINA_SET {

// What a step of the GRU reads and writes for a share of the rows: the states, what it multiplies, and the results.
struct GruStep {
  const Recurrence& r;
  const GruForward& g;
  Range rows;
  int64_t step;
  Made h, left, outputs, gates, inner;

  // Write the new state of some units of a row, or the old one where the step is not real.
  void put(int64_t row, int64_t unit, int64_t lanes, Vector update, Vector candidate) const {
    float* const place = h.row(row) + unit;
    if (is_real(g.mask, r, rows.begin + row, step)) store(place, update * load(place) + (1.f - update) * candidate);
    store_some(outputs.row(row) + unit, load(place), lanes);
  }

  void save(const Made& to, int64_t row, int64_t place, int64_t lanes, Vector value) const {
    if (to.data) store_some(to.row(row) + place, value, lanes);
  }
};

// Take each share of the rows through all steps. `work` does a step; it has memory for two numbers of each unit and
// row.
template <class Work>
inline void gru_steps(const Recurrence& r, const GruForward& g, const Workers& workers, const Work& work) {
  const int64_t units = r.units, wide = round_up(units, kLanes), deep = r.features + wide;
  const int64_t shares = count_shares(r.rows);
  workers.run(shares, [&](int64_t share) {
    const Range rows = share_rows(r, share, shares);
    const int64_t count = rows.end - rows.begin;
    float* const memory = scratches().rows.get(count * (3 * wide + deep));
    const Made h{memory, wide}, left{memory + 3 * count * wide, deep};
    const Made updates{memory + count * wide, wide}, resets{memory + 2 * count * wide, wide};
    const Given kept{g.kept ? g.kept + rows.begin * units : nullptr, units};
    read_rows(g.h, rows, units, h);
    for (int64_t step = 0; step < r.steps; ++step) {
      join(r, g.x, h, kept, rows, step, left);
      work(GruStep{r, g, rows, step, h, left, by_row(g.outputs, r, rows, step, units),
                   by_step(g.gates, r, rows, step, 3 * units), by_step(g.inner, r, rows, step, units)},
           updates, resets);
    }
  });
}

inline void gru(const Recurrence& r, const GruForward& g, const Workers& workers) {
  const int64_t units = r.units;
  Weave<3> kernel(r.features, units, 3 * units), recurrent(units, units, 3 * units);
  recurrent.place(kernel.place(scratches().shared.get(kernel.size() + recurrent.size())));
  kernel.pack({g.kernel, 3 * units, 1}, 0, r.features, workers);
  recurrent.pack({g.recurrent_kernel, 3 * units, 1}, 0, units, workers);
  gru_steps(r, g, workers, [&](const GruStep& s, const Made&, const Made&) {
    each_vector(units, [&](int64_t unit, auto lanes) {
      const auto bias = [&](int64_t gate) { return load_some(g.bias + gate * units + unit, lanes); };
      const Vector biases[4] = {bias(0) + bias(3), bias(1) + bias(4), bias(2), bias(5)};
      each_tile<3>(s.rows.end - s.rows.begin, [&](Tile<3>& tile) {
        Vector inputs[Tile<3>::kRows];
        multiply(given(s.left), kernel.panel(unit), r.features, biases, tile);
        for (int64_t i = 0; i < tile.rows; ++i) inputs[i] = tile.sums[i][2], tile.sums[i][2] = biases[3];
        multiply({s.left.data + r.features, s.left.stride}, recurrent.panel(unit), units, nullptr, tile);
        for (int64_t i = 0; i < tile.rows; ++i) {
          const int64_t row = tile.first + i;
          const Vector update = gate(tile.sums[i][0]), reset = gate(tile.sums[i][1]);
          const Vector candidate = hyperbolic_tangent(inputs[i] + reset * tile.sums[i][2]);
          s.put(row, unit, lanes, update, candidate);
          s.save(s.gates, row, unit, lanes, update);
          s.save(s.gates, row, units + unit, lanes, reset);
          s.save(s.gates, row, 2 * units + unit, lanes, candidate);
          s.save(s.inner, row, unit, lanes, tile.sums[i][2]);
        }
      });
    });
  });
}

inline void gru_reset_before(const Recurrence& r, const GruForward& g, const Workers& workers) {
  const int64_t units = r.units, depth = r.features + units;
  Weave<2> gates(depth, units, 2 * units);
  Weave<1> candidates(depth, units, units);
  candidates.place(gates.place(scratches().shared.get(gates.size() + candidates.size())));
  for (const auto& [from, first, rows] :
       {std::tuple(g.kernel, int64_t{0}, r.features), std::tuple(g.recurrent_kernel, r.features, units)}) {
    gates.pack({from, 3 * units, 1}, first, rows, workers);
    candidates.pack({from + 2 * units, 3 * units, 1}, first, rows, workers);
  }
  gru_steps(r, g, workers, [&](const GruStep& s, const Made& updates, const Made& resets) {
    const int64_t count = s.rows.end - s.rows.begin;
    each_vector(units, [&](int64_t unit, auto lanes) {
      const Vector bias[2] = {load_some(g.bias + unit, lanes), load_some(g.bias + units + unit, lanes)};
      each_tile<2>(count, [&](Tile<2>& tile) {
        multiply(given(s.left), gates.panel(unit), depth, bias, tile);
        for (int64_t i = 0; i < tile.rows; ++i) {
          const int64_t row = tile.first + i;
          const Vector update = gate(tile.sums[i][0]), reset = gate(tile.sums[i][1]);
          const Vector left = reset * load_some(s.left.row(row) + r.features + unit, lanes);
          store(updates.row(row) + unit, update);
          store(resets.row(row) + unit, left);
          s.save(s.gates, row, unit, lanes, update);
          s.save(s.gates, row, units + unit, lanes, reset);
          s.save(s.inner, row, unit, lanes, left);
        }
      });
    });
    for (int64_t row = 0; row < count; ++row) copy(resets.row(row), s.left.row(row) + r.features, units);
    each_vector(units, [&](int64_t unit, auto lanes) {
      const Vector bias = load_some(g.bias + 2 * units + unit, lanes);
      each_tile<1>(count, [&](Tile<1>& tile) {
        multiply(given(s.left), candidates.panel(unit), depth, &bias, tile);
        for (int64_t i = 0; i < tile.rows; ++i) {
          const int64_t row = tile.first + i;
          const Vector candidate = hyperbolic_tangent(tile.sums[i][0]);
          s.put(row, unit, lanes, load(updates.row(row) + unit), candidate);
          s.save(s.gates, row, 2 * units + unit, lanes, candidate);
        }
      });
    });
  });
}

// What a share of rows has at a step on the way back: the slopes of h and of the bias so far, the gates, which are
// replaced by the slopes of their sums, what was saved beside them, and the states before the step.
struct GruSlopes {
  const Recurrence& r;
  Range rows;
  Made h, gates, inner, spare;
  Given before, kept;
  float* bias;

  int64_t count() const { return rows.end - rows.begin; }
};

// Make the slopes of the sums for z and the candidate, and begin those of the states before the step.
inline void begin_slopes(const GruBackward& g, int64_t step, const GruSlopes& s) {
  const int64_t units = s.r.units;
  const Given d_outputs = by_row(g.d_outputs, s.r, s.rows, step, units);
  for (int64_t row = 0; row < s.count(); ++row) {
    const bool real = is_real(g.mask, s.r, s.rows.begin + row, step);
    each_vector(units, [&](int64_t unit, auto lanes) {
      float* const place = s.gates.row(row) + unit;
      const Vector update = load_some(place, lanes), candidate = load_some(place + 2 * units, lanes);
      const Vector slope = load(s.h.row(row) + unit) + load_some(d_outputs.row(row) + unit, lanes);
      const Vector d_h = real ? slope : Vector{};
      const Vector change = load_some(s.before.row(row) + unit, lanes) - candidate;
      store(s.h.row(row) + unit, real ? slope * update : slope);
      store_some(place, d_h * change * update * (1.f - update), lanes);
      store_some(place + 2 * units, d_h * (1.f - update) * (1.f - candidate * candidate), lanes);
    });
  }
}

// Add the slopes of the sums of a step, or of a part of them, to that of the bias.
inline void add_bias(const Made& slopes, int64_t rows, int64_t width, float* bias) {
  each_vector(width, [&](int64_t unit, auto lanes) {
    Vector sum{};
    for (int64_t row = 0; row < rows; ++row) sum += load_some(slopes.row(row) + unit, lanes);
    add(bias + unit, sum, lanes);
  });
}

// The kernels turned around: of the recurrent one the part for z and r, and the part for the candidate.
struct GruTurned {
  Weave<2> gates, candidates, kernel;

  GruTurned(const Recurrence& r, const GruBackward& g)
      : gates(halves(2 * r.units, r.units)),
        candidates(halves(r.units, r.units)),
        kernel(halves(3 * r.units, g.d_x ? r.features : 0)) {}

  int64_t size() const { return gates.size() + candidates.size() + kernel.size(); }

  float* place(float* memory) { return kernel.place(candidates.place(gates.place(memory))); }

  void pack(const Recurrence& r, const GruBackward& g, const Workers& workers) {
    gates.pack({g.recurrent_kernel, 1, 3 * r.units}, 0, 2 * r.units, workers);
    candidates.pack({g.recurrent_kernel + 2 * r.units, 1, 3 * r.units}, 0, r.units, workers);
    kernel.pack({g.kernel, 1, 3 * r.units}, 0, 3 * r.units, workers);
  }
};

// Take each share of the rows back through all steps: `work` does what the two forms do differently, and `candidate`
// is the gradient of the recurrent kernel's part for the candidate.
template <class Candidate, class Work>
inline void gru_back(const Recurrence& r, const GruBackward& g, int64_t biases, Candidate candidate,
                     const Workers& workers, const Work& work) {
  const int64_t units = r.units, wide = round_up(units, kLanes), shares = count_shares(r.rows);
  GruTurned turned(r, g);
  const StatesBefore states{r, g.h, g.outputs, g.kept};
  const Factor right{g.gates, 3 * units, 1};
  KernelGradient kernel(r, Inputs{r, g.x}, right, r.features, 3 * units, Plain{g.d_kernel, 3 * units});
  KernelGradient recurrent(r, states, right, units, 2 * units, Plain{g.d_recurrent_kernel, 3 * units});
  const int64_t size = turned.size() + kernel.size() + recurrent.size() + candidate.size() + shares * biases;
  float* const behind = turned.place(scratches().shared.get(size));
  float* const bias = candidate.place(recurrent.place(kernel.place(behind)));
  clear(bias, shares * biases);
  turned.pack(r, g, workers);
  workers.run(shares, [&](int64_t share) {
    const Range rows = share_rows(r, share, shares);
    const int64_t count = rows.end - rows.begin;
    float* const memory = scratches().rows.get(2 * count * wide);
    clear(memory, 2 * count * wide);
    for (int64_t step = r.steps; step-- > 0;) {
      const Given before = step ? by_row(g.outputs, r, rows, step - 1, units) : Given{g.h + rows.begin * units, units};
      const GruSlopes slopes{r,
                             rows,
                             {memory, wide},
                             by_step(g.gates, r, rows, step, 3 * units),
                             by_step(g.inner, r, rows, step, units),
                             {memory + count * wide, wide},
                             before,
                             {g.kept ? g.kept + rows.begin * units : nullptr, units},
                             bias + share * biases};
      begin_slopes(g, step, slopes);
      if (step > 1) {
        fetch(by_row(g.d_outputs, r, rows, step - 1, units), rows, units);
        fetch(given(by_step(g.gates, r, rows, step - 1, 3 * units)), rows, 3 * units);
        fetch(by_row(g.outputs, r, rows, step - 2, units), rows, units);
      }
      work(slopes, turned);
      add_bias(slopes.gates, count, 3 * units, slopes.bias);
    }
    write_rows({memory, wide}, rows, units, g.d_h);
    for (int64_t step = 0; g.d_x && step < r.steps; ++step)  // by itself, so that the kernel stays in the first cache
      put_product(count, given(by_step(g.gates, r, rows, step, 3 * units)), turned.kernel,
                  by_row(g.d_x, r, rows, step, r.features));
    kernel.add(rows, share);
    recurrent.add(rows, share);
    candidate.add(rows, share);
  });
  add_parts(bias, shares, biases, 0, biases, g.d_bias);
  kernel.write(workers);
  recurrent.write(workers);
  candidate.write(workers);
}

inline void gru_gradient(const Recurrence& r, const GruBackward& g, const Workers& workers) {
  const int64_t units = r.units;
  const StatesBefore states{r, g.h, g.outputs, g.kept};
  const KernelGradient gradient(r, states, {g.inner, units, 1}, units, units,
                                Plain{g.d_recurrent_kernel + 2 * units, 3 * units});
  gru_back(r, g, 6 * units, gradient, workers, [&](const GruSlopes& s, const GruTurned& turned) {
    for (int64_t row = 0; row < s.count(); ++row) {
      each_vector(units, [&](int64_t unit, auto lanes) {
        float* const place = s.gates.row(row) + units + unit;
        const Vector reset = load_some(place, lanes), candidate = load_some(place + units, lanes);
        const Vector inner = load_some(s.inner.row(row) + unit, lanes);
        store_some(place, candidate * inner * reset * (1.f - reset), lanes);
        store_some(s.inner.row(row) + unit, candidate * reset, lanes);
      });
    }
    add_product(s.count(), given(s.gates), turned.gates, s.kept, s.h);
    add_product(s.count(), given(s.inner), turned.candidates, s.kept, s.h);
    add_bias(s.gates, s.count(), 2 * units, s.bias + 3 * units);
    add_bias(s.inner, s.count(), units, s.bias + 5 * units);
  });
}

inline void gru_reset_before_gradient(const Recurrence& r, const GruBackward& g, const Workers& workers) {
  const int64_t units = r.units;
  const KernelGradient gradient(r, Saved{g.inner, units}, {g.gates + 2 * units, 3 * units, 1}, units, units,
                                Plain{g.d_recurrent_kernel + 2 * units, 3 * units});
  gru_back(r, g, 3 * units, gradient, workers, [&](const GruSlopes& s, const GruTurned& turned) {
    put_product(s.count(), {s.gates.data + 2 * units, 3 * units}, turned.candidates, s.spare);
    for (int64_t row = 0; row < s.count(); ++row) {
      each_vector(units, [&](int64_t unit, auto lanes) {
        float* const place = s.gates.row(row) + units + unit;
        const Vector reset = load_some(place, lanes), before = load_some(s.before.row(row) + unit, lanes);
        Vector slope = load(s.spare.row(row) + unit);
        if (s.kept.data) slope *= load_some(s.kept.row(row) + unit, lanes);
        store_some(place, slope * before * reset * (1.f - reset), lanes);
        store(s.h.row(row) + unit, load(s.h.row(row) + unit) + slope * reset);
      });
    }
    add_product(s.count(), given(s.gates), turned.gates, s.kept, s.h);
  });
}

}  // namespace lamina::LAMINA_SET
