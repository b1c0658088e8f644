// The long short-term memory: c = s(f) * c + s(i) * tanh(g), h = s(o) * tanh(c), with the gates in the order i, f, g,
// o.
#pragma once

#include "recurrent.h"

namespace lamina::LAMINA_SET {

inline void lstm(const Recurrence& r, const LstmForward& l, const Workers& workers) {
  const int64_t units = r.units, wide = round_up(units, kLanes), depth = r.features + units;
  Weave<4> kernels(depth, units, 4 * units);
  kernels.place(scratches().shared.get(kernels.size()));
  kernels.pack({l.kernel, 4 * units, 1}, 0, r.features, workers);
  kernels.pack({l.recurrent_kernel, 4 * units, 1}, r.features, units, workers);
  const int64_t shares = count_shares(r.rows);
  workers.run(shares, [&](int64_t share) {
    const Range rows = share_rows(r, share, shares);
    const int64_t count = rows.end - rows.begin;
    float* const memory = scratches().rows.get(count * (2 * wide + depth));
    const Made h{memory, wide}, c{memory + count * wide, wide}, left{memory + 2 * count * wide, depth};
    const Given kept{l.kept ? l.kept + rows.begin * units : nullptr, units};
    read_rows(l.h, rows, units, h);
    read_rows(l.c, rows, units, c);
    for (int64_t step = 0; step < r.steps; ++step) {
      join(r, l.x, h, kept, rows, step, left);
      const Made outputs = by_row(l.outputs, r, rows, step, units), cells = by_step(l.cells, r, rows, step, units);
      const Made gates = by_step(l.gates, r, rows, step, 4 * units);
      each_vector(units, [&](int64_t unit, auto lanes) {
        Vector bias[4];
        for (int j = 0; j < 4; ++j) bias[j] = load_some(l.bias + j * units + unit, lanes);
        each_tile<4>(count, [&](Tile<4>& tile) {
          multiply(given(left), kernels.panel(unit), depth, bias, tile);
          for (int64_t i = 0; i < tile.rows; ++i) {
            const int64_t row = tile.first + i;
            const Vector(&sum)[4] = tile.sums[i];
            const Vector made[4] = {gate(sum[0]), gate(sum[1]), hyperbolic_tangent(sum[2]), gate(sum[3])};
            Vector cell = load(c.row(row) + unit), output = load(h.row(row) + unit);
            if (is_real(l.mask, r, rows.begin + row, step)) {
              cell = made[1] * cell + made[0] * made[2];
              output = made[3] * hyperbolic_tangent(cell);
            }
            store(c.row(row) + unit, cell);
            store(h.row(row) + unit, output);
            store_some(outputs.row(row) + unit, output, lanes);
            if (!gates.data) continue;
            store_some(cells.row(row) + unit, cell, lanes);
            for (int j = 0; j < 4; ++j) store_some(gates.row(row) + j * units + unit, made[j], lanes);
          }
        });
      });
    }
    write_rows(c, rows, units, l.last);
  });
}

// What a share of rows carries from step to step on the way back: the slopes of h and c, and that of the bias so far.
struct LstmSlopes {
  Made h, c;
  float* bias;
};

// Replace the gates of one step by the slopes of their sums, and the slopes of the states after it by those of the
// states before it, but for what comes through the recurrent kernel.
inline void lstm_slopes(const Recurrence& r, const LstmBackward& l, Range rows, int64_t step,
                        const LstmSlopes& slopes) {
  const int64_t units = r.units;
  const Given d_outputs = by_row(l.d_outputs, r, rows, step, units), cells = by_step(l.cells, r, rows, step, units);
  const Given before = step ? by_step(l.cells, r, rows, step - 1, units) : Given{l.c + rows.begin * units, units};
  const Made gates = by_step(l.gates, r, rows, step, 4 * units);
  each_vector(units, [&](int64_t unit, auto lanes) {
    Vector bias[4] = {};
    for (int64_t row = 0; row < rows.end - rows.begin; ++row) {
      float* const place = gates.row(row) + unit;
      Vector d_h = load(slopes.h.row(row) + unit) + load_some(d_outputs.row(row) + unit, lanes), sums[4] = {};
      if (is_real(l.mask, r, rows.begin + row, step)) {
        const Vector in = load_some(place, lanes), forget = load_some(place + units, lanes);
        const Vector candidate = load_some(place + 2 * units, lanes), out = load_some(place + 3 * units, lanes);
        const Vector squashed = hyperbolic_tangent(load_some(cells.row(row) + unit, lanes));
        const Vector d_cell = load(slopes.c.row(row) + unit) + d_h * out * (1.f - squashed * squashed);
        sums[0] = d_cell * candidate * in * (1.f - in);
        sums[1] = d_cell * load_some(before.row(row) + unit, lanes) * forget * (1.f - forget);
        sums[2] = d_cell * in * (1.f - candidate * candidate);
        sums[3] = d_h * squashed * out * (1.f - out);
        store(slopes.c.row(row) + unit, d_cell * forget);
        d_h = Vector{};
      }
      store(slopes.h.row(row) + unit, d_h);
      for (int j = 0; j < 4; ++j) {
        store_some(place + j * units, sums[j], lanes);
        bias[j] += sums[j];
      }
    }
    for (int j = 0; j < 4; ++j) add(slopes.bias + j * units + unit, bias[j], lanes);
  });
}

inline void lstm_gradient(const Recurrence& r, const LstmBackward& l, const Workers& workers) {
  const int64_t units = r.units, wide = round_up(units, kLanes), shares = count_shares(r.rows);
  Weave<2> turned = halves(4 * units, units), turned_kernel = halves(4 * units, l.d_x ? r.features : 0);
  const Joined left{{r, l.x}, {r, l.h, l.outputs, l.kept}};
  const Stacked kernels{{l.d_kernel, 4 * units}, r.features, {l.d_recurrent_kernel, 4 * units}};
  KernelGradient gradient(r, left, {l.gates, 4 * units, 1}, r.features + units, 4 * units, kernels);
  const int64_t size = turned.size() + turned_kernel.size() + gradient.size() + shares * 4 * units;
  float* const bias = gradient.place(turned_kernel.place(turned.place(scratches().shared.get(size))));
  clear(bias, shares * 4 * units);
  turned.pack({l.recurrent_kernel, 1, 4 * units}, 0, 4 * units, workers);
  turned_kernel.pack({l.kernel, 1, 4 * units}, 0, 4 * units, workers);
  workers.run(shares, [&](int64_t share) {
    const Range rows = share_rows(r, share, shares);
    const int64_t count = rows.end - rows.begin;
    float* const memory = scratches().rows.get(2 * count * wide);
    const LstmSlopes slopes{{memory, wide}, {memory + count * wide, wide}, bias + share * 4 * units};
    const Given kept{l.kept ? l.kept + rows.begin * units : nullptr, units};
    clear(memory, count * wide);
    read_rows(l.d_last, rows, units, slopes.c);
    for (int64_t step = r.steps; step-- > 0;) {
      lstm_slopes(r, l, rows, step, slopes);
      if (step > 1) {
        fetch(by_row(l.d_outputs, r, rows, step - 1, units), rows, units);
        fetch(given(by_step(l.gates, r, rows, step - 1, 4 * units)), rows, 4 * units);
        fetch(by_step(l.cells, r, rows, step - 2, units), rows, units);
      }
      add_product(count, given(by_step(l.gates, r, rows, step, 4 * units)), turned, kept, slopes.h);
    }
    write_rows(slopes.h, rows, units, l.d_h);
    write_rows(slopes.c, rows, units, l.d_c);
    for (int64_t step = 0; l.d_x && step < r.steps; ++step)  // by itself, so that the kernel stays in the first cache
      put_product(count, given(by_step(l.gates, r, rows, step, 4 * units)), turned_kernel,
                  by_row(l.d_x, r, rows, step, r.features));
    gradient.add(rows, share);
  });
  add_parts(bias, shares, 4 * units, 0, 4 * units, l.d_bias);
  gradient.write(workers);
}

}  // namespace lamina::LAMINA_SET
