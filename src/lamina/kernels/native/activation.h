// Activations that are applied where a sum is written, and the functions they are made of.
#pragma once

#include <cstdint>

#include "vector.h"

namespace lamina {

enum class Activation : int64_t { kLinear = 0, kRelu = 1, kSigmoid = 2, kTanh = 3 };

}  // namespace lamina

namespace lamina::LAMINA_SET {

// e to the power of x, within 2 units in the last place: 2^n times a polynomial on [-ln 2 / 2, ln 2 / 2], whose
// coefficients are those of the series of e^r. Beyond what a float can hold it gives 0, or infinity.
inline Vector exponential(Vector x) {
  const Vector low = all(-103.9721f), high = all(89.f);  // e^low is below the least number, e^high above the largest
  const Vector within = bounded(x, low, high);
  const Vector shift = all(12582912.f);  // 1.5 * 2^23: adding it rounds to a whole number in the low bits
  const Vector n = (within * 1.44269504f + shift) - shift;
  const Vector r = (within - n * 0.693359375f) + n * 2.12194440e-4f;  // ln 2 in two parts, the first exact
  Vector p = all(1.f / 5040);
  p = p * r + 1.f / 720;
  p = p * r + 1.f / 120;
  p = p * r + 1.f / 24;
  p = p * r + 1.f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.f;
  p = p * r + 1.f;
  const Whole whole = __builtin_convertvector(choose(x == x, n, Vector{}), Whole);
  const Whole half = whole >> 1;  // in two steps, since 2^n alone may not be a number any more
  const Vector first = reinterpret_cast<Vector>((half + 127) << 23);
  const Vector second = reinterpret_cast<Vector>((whole - half + 127) << 23);
  return p * first * second;
}

inline Vector sigmoid(Vector x) { return 1.f / (1.f + exponential(-x)); }

// tanh(x) as x times a quotient of polynomials in x^2, whose coefficients make the largest relative error least: 2e-8
// before rounding, 4e-7 with it.
inline __attribute__((always_inline)) Vector hyperbolic_tangent(Vector x) {
  const Vector bound = all(9.f);  // tanh(9) is 1 to the last digit
  const Vector within = bounded(x, -bound, bound);
  const Vector square = within * within;
  Vector p = all(1.3336550e-8f), q = all(7.7691591e-7f);
  p = p * square + 2.0596053e-5f;
  p = p * square + 3.4947976e-3f;
  p = p * square + 0.13380360f;
  p = p * square + 1.f;
  q = q * square + 3.2843412e-4f;
  q = q * square + 2.5873975e-2f;
  q = q * square + 0.46713676f;
  q = q * square + 1.f;
  return within * p / q;
}

inline Vector activated(Vector x, Activation activation) {
  switch (activation) {
    case Activation::kRelu:
      return choose(x < 0.f, Vector{}, x);  // NaN stays
    case Activation::kSigmoid:
      return sigmoid(x);
    case Activation::kTanh:
      return hyperbolic_tangent(x);
    default:
      return x;
  }
}

// Add the bias to a row of sums and apply the activation.
inline void finish_row(float* row, int64_t count, const float* bias, Activation activation) {
  if (!bias && activation == Activation::kLinear) return;
  for (int64_t i = 0; i < count; i += kLanes) {
    const int64_t lanes = count - i < kLanes ? count - i : kLanes;
    Vector value = load_some(row + i, lanes);
    if (bias) value += load_some(bias + i, lanes);
    store_some(row + i, activated(value, activation), lanes);
  }
}

}  // namespace lamina::LAMINA_SET
