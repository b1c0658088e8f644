// Runs the kernels of recurrent layers over many sizes, in memory that is hard on them. Compares with plain loops in
// double precision, gradients with central differences, and with the same once more. A part of native_check.cpp.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "checks.h"
#include "kernels.h"

using namespace lamina;
using Doubles = std::vector<double>;

namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

enum class Kind { kLstm, kGru, kGruResetBefore };

// A layer with everything that can be differentiated: x, kernel, recurrent kernel, bias, h and, for the LSTM, c.
struct Layer {
  Kind kind;
  Recurrence r;
  Numbers parts[6], kept;
  std::vector<char> mask;  // vector<bool> has no numbers to point to

  int64_t gates() const { return kind == Kind::kLstm ? 4 : 3; }
  const float* kept_or_none() const { return kept.empty() ? nullptr : kept.data(); }
  const bool* mask_or_none() const { return mask.empty() ? nullptr : reinterpret_cast<const bool*>(mask.data()); }

  // Return the sum for a gate at one step, of the inputs if `part` is 0, of the state if it is 1.
  double sum(const Doubles (&p)[6], int part, const double* left, int64_t depth, int64_t column) const {
    double total = 0;
    for (int64_t k = 0; k < depth; ++k) total += left[k] * p[1 + part][k * gates() * r.units + column];
    const bool has_bias = part == 0 || kind == Kind::kGru;
    return has_bias ? total + p[3][part * gates() * r.units + column] : total;
  }

  // Return all outputs and, for the LSTM, c after the last step behind them.
  Doubles run(const Doubles (&p)[6]) const {
    const int64_t u = r.units;
    Doubles outputs, cells;
    for (int64_t row = 0; row < r.rows; ++row) {
      Doubles h(p[4].begin() + row * u, p[4].begin() + (row + 1) * u), c(h), left(h), dropped(h);
      if (kind == Kind::kLstm) c.assign(p[5].begin() + row * u, p[5].begin() + (row + 1) * u);
      for (int64_t step = 0; step < r.steps; ++step) {
        const double* x = p[0].data() + (row * r.steps + step) * r.features;
        for (int64_t k = 0; k < u; ++k) left[k] = dropped[k] = kept.empty() ? h[k] : h[k] * kept[row * u + k];
        const auto in = [&](int64_t gate, int64_t k) { return sum(p, 0, x, r.features, gate * u + k); };
        const auto own = [&](int64_t gate, int64_t k) { return sum(p, 1, left.data(), u, gate * u + k); };
        Doubles next(h), memory(c);
        if (kind == Kind::kGruResetBefore) {
          Doubles resets(h);
          for (int64_t k = 0; k < u; ++k) resets[k] = sigmoid(in(1, k) + own(1, k)) * dropped[k];
          for (int64_t k = 0; k < u; ++k) next[k] = sigmoid(in(0, k) + own(0, k));
          left = resets;
          for (int64_t k = 0; k < u; ++k) next[k] = next[k] * h[k] + (1 - next[k]) * std::tanh(in(2, k) + own(2, k));
        } else if (kind == Kind::kGru) {
          for (int64_t k = 0; k < u; ++k) {
            const double z = sigmoid(in(0, k) + own(0, k)), reset = sigmoid(in(1, k) + own(1, k));
            next[k] = z * h[k] + (1 - z) * std::tanh(in(2, k) + reset * own(2, k));
          }
        } else {
          for (int64_t k = 0; k < u; ++k) {
            const auto all = [&](int64_t gate) { return in(gate, k) + own(gate, k); };
            memory[k] = sigmoid(all(1)) * c[k] + sigmoid(all(0)) * std::tanh(all(2));
            next[k] = sigmoid(all(3)) * std::tanh(memory[k]);
          }
        }
        if (mask.empty() || mask[row * r.steps + step]) h = next, c = memory;
        outputs.insert(outputs.end(), h.begin(), h.end());
      }
      if (kind == Kind::kLstm) cells.insert(cells.end(), c.begin(), c.end());
    }
    outputs.insert(outputs.end(), cells.begin(), cells.end());
    return outputs;
  }
};

void expect_close(const char* what, double found, double wanted, double scale) {
  if (std::fabs(found - wanted) <= 1e-4 * scale) return;
  std::printf("%s: %g, expected %g\n", what, found, wanted);
  std::exit(1);
}

// A large one has more numbers in its kernels than each share of the rows may sum up for itself.
Layer drawn_layer(Kind kind, bool large) {
  Layer l{kind, {drawn(0, 4) ? drawn(1, 9) : 60, drawn(1, 5), drawn(1, 9), drawn(1, 40)}, {}, {}, {}};
  if (large) l.r = {60, 2, 300, 130};
  const Recurrence& r = l.r;
  const int64_t width = l.gates() * r.units, states = r.rows * r.units;
  const int64_t sizes[6] = {r.rows * r.steps * r.features,
                            r.features * width,
                            r.units * width,
                            kind == Kind::kGru ? 2 * width : width,
                            states,
                            kind == Kind::kLstm ? states : 0};
  for (int i = 0; i < 6; ++i) l.parts[i] = numbers(sizes[i], 0.5f);
  if (drawn(0, 1)) l.kept = numbers(states, 0.5f);
  if (drawn(0, 1))
    for (int64_t i = 0; i < r.rows * r.steps; ++i) l.mask.push_back(static_cast<char>(drawn(0, 1)));
  return l;
}

// Return the outputs and, for the LSTM, c behind them; make the slopes of all parts, once more without those of x.
Numbers run(const Layer& l, const Numbers& d_outputs, const Numbers& d_last, Numbers (&slopes)[6], const Workers& w) {
  const Recurrence& r = l.r;
  const int64_t lines = r.rows * r.steps, width = l.gates() * r.units;
  const auto at = [&](int i) { return l.parts[i].data(); };
  for (int i = 0; i < 6; ++i) slopes[i] = Numbers(l.parts[i].size());
  Numbers outputs(lines * r.units), last(r.rows * r.units), extra(lines * r.units), gates(lines * width);
  if (l.kind == Kind::kLstm) {
    kernels().lstm(r,
                   {at(0), at(1), at(2), at(3), at(4), at(5), l.kept_or_none(), l.mask_or_none(), outputs.data(),
                    last.data(), nullptr, nullptr},
                   w);
    kernels().lstm(r,
                   {at(0), at(1), at(2), at(3), at(4), at(5), l.kept_or_none(), l.mask_or_none(), outputs.data(),
                    last.data(), extra.data(), gates.data()},
                   w);
    for (const bool wanted : {false, true}) {
      Numbers spare(gates);
      kernels().lstm_gradient(
          r,
          {d_outputs.data(), d_last.data(), at(0), wanted ? at(1) : nullptr, at(2), at(4), at(5), l.kept_or_none(),
           outputs.data(), extra.data(), l.mask_or_none(), spare.data(), wanted ? slopes[0].data() : nullptr,
           slopes[1].data(), slopes[2].data(), slopes[3].data(), slopes[4].data(), slopes[5].data()},
          w);
    }
    outputs.insert(outputs.end(), last.begin(), last.end());
    return outputs;
  }
  const bool after = l.kind == Kind::kGru;
  (after ? kernels().gru : kernels().gru_reset_before)(
      r, {at(0), at(1), at(2), at(3), at(4), l.kept_or_none(), l.mask_or_none(), outputs.data(), nullptr, nullptr}, w);
  (after ? kernels().gru : kernels().gru_reset_before)(r,
                                                       {at(0), at(1), at(2), at(3), at(4), l.kept_or_none(),
                                                        l.mask_or_none(), outputs.data(), gates.data(), extra.data()},
                                                       w);
  for (const bool wanted : {false, true}) {
    Numbers spare(gates), inner(extra);
    (after ? kernels().gru_gradient : kernels().gru_reset_before_gradient)(
        r,
        {d_outputs.data(), at(0), wanted ? at(1) : nullptr, at(2), at(4), l.kept_or_none(), outputs.data(),
         l.mask_or_none(), spare.data(), inner.data(), wanted ? slopes[0].data() : nullptr, slopes[1].data(),
         slopes[2].data(), slopes[3].data(), slopes[4].data()},
        w);
  }
  return outputs;
}

void check(Kind kind, bool large, const Workers& alone, const Workers& many) {
  const Layer l = drawn_layer(kind, large);
  const Recurrence& r = l.r;
  const Numbers d_outputs = numbers(r.rows * r.steps * r.units);
  const Numbers d_last = numbers(kind == Kind::kLstm ? r.rows * r.units : 0);
  Numbers slopes[6], again[6];
  const Numbers found = run(l, d_outputs, d_last, slopes, many);
  expect_same("outputs", run(l, d_outputs, d_last, again, alone), found);
  for (int i = 0; i < 6; ++i) expect_same("slopes", again[i], slopes[i]);
  Doubles ahead[6], behind[6], here[6];
  double slope = 0, scale = 1;
  for (int i = 0; i < 6; ++i) {
    const Numbers step = numbers(static_cast<int64_t>(l.parts[i].size()));
    here[i].assign(l.parts[i].begin(), l.parts[i].end());
    ahead[i] = behind[i] = here[i];
    for (size_t k = 0; k < step.size(); ++k) {
      ahead[i][k] += 1e-5 * step[k], behind[i][k] -= 1e-5 * step[k];
      slope += double(step[k]) * slopes[i][k], scale += std::fabs(double(step[k]) * slopes[i][k]);
    }
  }
  const Doubles wanted = l.run(here), more = l.run(ahead), less = l.run(behind);
  double change = 0;
  for (size_t i = 0; i < wanted.size(); ++i) {
    expect_close("output", found[i], wanted[i], 1);
    const double weight = i < d_outputs.size() ? d_outputs[i] : d_last[i - d_outputs.size()];
    change += weight * (more[i] - less[i]) / 2e-5;
  }
  expect_close("gradient", slope, change, scale);
}

}  // namespace

void check_recurrent_layers(const Workers& alone, const Workers& many) {
  for (int i = 0; i < 60; ++i)
    for (const Kind kind : {Kind::kLstm, Kind::kGru, Kind::kGruResetBefore}) check(kind, i == 0, alone, many);
}
