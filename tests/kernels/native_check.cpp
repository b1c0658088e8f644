// Runs every kernel over many sizes, in memory that is hard on it. Compares with plain loops, and what many threads
// make with what one makes. Compiled with sanitizers by test_library.py.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "checks.h"
#include "kernels.h"
#include "winograd.h"

using namespace lamina;

void check_recurrent_layers(const Workers& alone, const Workers& many);  // recurrent_check.cpp

namespace {

void expect_close(const char* what, const Numbers& found, const std::vector<double>& wanted) {
  for (size_t i = 0; i < found.size(); ++i) {
    if (std::fabs(found[i] - wanted[i]) <= 1e-3 * (1 + std::fabs(wanted[i]))) continue;
    std::printf("%s: number %zu is %g, expected %g\n", what, i, found[i], wanted[i]);
    std::exit(1);
  }
}

Side side(bool pools) {
  Side s{};
  s.kernel = drawn(1, 4), s.stride = drawn(1, 3), s.dilation = pools ? 1 : drawn(1, 2);
  s.low = drawn(0, pools ? s.kernel - 1 : 2);
  const int64_t high = drawn(0, pools ? s.kernel - 1 : 2), reach = (s.kernel - 1) * s.dilation + 1;
  s.in = drawn(1, 12) + (reach > s.low + high ? reach - s.low - high : 0);
  s.out = (s.in + s.low + high - reach) / s.stride + 1;
  return s;
}

// Call visit(x, kernel, y) with the place of each number that meets another.
template <class Visit>
void visit(const Convolution& c, const Visit& each) {
  const int64_t in = c.in / c.groups, out = c.out / c.groups;
  for (int64_t n = 0; n < c.batch; ++n)
    for (int64_t oy = 0; oy < c.y.out; ++oy)
      for (int64_t ox = 0; ox < c.x.out; ++ox)
        for (int64_t ky = 0; ky < c.y.kernel; ++ky)
          for (int64_t kx = 0; kx < c.x.kernel; ++kx) {
            const int64_t iy = oy * c.y.stride - c.y.low + ky * c.y.dilation;
            const int64_t ix = ox * c.x.stride - c.x.low + kx * c.x.dilation;
            if (iy < 0 || iy >= c.y.in || ix < 0 || ix >= c.x.in) continue;
            for (int64_t o = 0; o < c.out; ++o)
              for (int64_t i = 0; i < in; ++i)
                each(((n * c.y.in + iy) * c.x.in + ix) * c.in + o / out * in + i,
                     ((ky * c.x.kernel + kx) * in + i) * c.out + o, ((n * c.y.out + oy) * c.x.out + ox) * c.out + o);
          }
}

Convolution any_convolution() {
  Convolution c{};
  c.batch = drawn(0, 9) ? drawn(1, 3) : 40, c.groups = drawn(1, 3), c.y = side(false), c.x = side(false);
  c.in = c.groups * drawn(1, 9), c.out = c.groups * drawn(1, 21), c.activation = Activation::kRelu;
  if (drawn(0, 3) == 0) c.groups = c.in, c.out = c.in * drawn(1, 2);
  return c;
}

// One whose three passes are made with fewer products.
Convolution saving_convolution() {
  using namespace LAMINA_SET;
  Convolution c{};
  do {
    c.batch = drawn(55, 60), c.groups = drawn(1, 2);
    c.activation = static_cast<Activation>(drawn(0, 1));
    c.in = c.groups * drawn(16, 20), c.out = c.groups * drawn(16, 35);
    for (Side* side : {&c.y, &c.x}) {
      const int64_t low = drawn(0, 3), high = drawn(0, 2);
      *side = {drawn(4, 9), 0, 3, 1, low, 1};
      side->out = side->in + low + high - 2;
    }
  } while (!saves_products(c, filtering(c)) || !saves_products(c, turned_filtering(c)) || !gradient_saves_products(c));
  return c;
}

void check_convolution(const Convolution& c, const Workers& alone, const Workers& many) {
  const Numbers x = numbers(c.batch * c.y.in * c.x.in * c.in), bias = numbers(c.out);
  const Numbers kernel = numbers(c.y.kernel * c.x.kernel * c.in / c.groups * c.out);
  const Numbers dy = numbers(c.batch * c.y.out * c.x.out * c.out);
  std::vector<double> y(dy.size()), dx(x.size()), dkernel(kernel.size());
  visit(c, [&](int64_t at_x, int64_t at_kernel, int64_t at_y) {
    y[at_y] += double(x[at_x]) * kernel[at_kernel];
    dx[at_x] += double(dy[at_y]) * kernel[at_kernel];
    dkernel[at_kernel] += double(dy[at_y]) * x[at_x];
  });
  for (size_t i = 0; i < y.size(); ++i) {
    y[i] += bias[i % static_cast<size_t>(c.out)];
    if (c.activation == Activation::kRelu) y[i] = std::fmax(y[i], 0);
  }
  Numbers found_y[2], found_dx[2], found_dkernel[2];
  for (const int turn : {0, 1}) {
    const Workers& workers = turn ? alone : many;
    found_y[turn].resize(y.size()), found_dx[turn].resize(dx.size()), found_dkernel[turn].resize(dkernel.size());
    kernels().convolve(c, x.data(), kernel.data(), bias.data(), found_y[turn].data(), workers);
    kernels().convolve_input_gradient(c, dy.data(), kernel.data(), found_dx[turn].data(), workers);
    kernels().convolve_kernel_gradient(c, x.data(), dy.data(), found_dkernel[turn].data(), workers);
  }
  expect_close("convolve", found_y[0], y);
  expect_close("convolve_input_gradient", found_dx[0], dx);
  expect_close("convolve_kernel_gradient", found_dkernel[0], dkernel);
  expect_same("convolve", found_y[1], found_y[0]);
  expect_same("convolve_input_gradient", found_dx[1], found_dx[0]);
  expect_same("convolve_kernel_gradient", found_dkernel[1], found_dkernel[0]);
}

void check_pooling(const Workers& workers) {
  const Pooling p{drawn(1, 3), drawn(1, 19), side(true), side(true)};
  const int64_t in = p.batch * p.y.in * p.x.in * p.channels, out = p.batch * p.y.out * p.x.out * p.channels;
  const Numbers x = numbers(in), dy = numbers(out);
  Numbers y(dy.size()), mean(dy.size()), dx(x.size()), share(x.size());
  std::vector<uint8_t> bytes(dy.size());
  std::vector<int32_t, Misaligned<int32_t>> wholes(dy.size());
  kernels().max_pool(p, x.data(), mean.data(), {}, workers);
  for (const Places places : {Places{nullptr, wholes.data()}, Places{bytes.data(), nullptr}}) {
    kernels().max_pool(p, x.data(), y.data(), places, workers);
    expect_same("max_pool without places", mean, y);
    if (places.bytes) share = dx;
    kernels().max_pool_gradient(p, dy.data(), places, dx.data(), workers);
  }
  expect_same("max_pool_gradient with places as bytes", dx, share);
  kernels().average_pool(p, x.data(), mean.data(), workers);
  kernels().average_pool_gradient(p, dy.data(), share.data(), workers);
  double given = 0, back = 0, shared = 0;  // what is put back is all that there was
  for (const float slope : dy) given += slope;
  for (const float slope : dx) back += slope;
  for (const float slope : share) shared += slope;
  expect_close("max_pool_gradient", {float(back)}, {given});
  expect_close("average_pool_gradient", {float(shared)}, {given});
  for (size_t i = 0; i < y.size(); ++i)
    if (!(y[i] >= mean[i] - 1e-4)) expect_close("max_pool", {y[i]}, {mean[i]});
}

}  // namespace

int main() {
  const Workers alone;
  const Workers many(3, [](Workers::Job job) { std::thread(std::move(job)).detach(); });
  check_recurrent_layers(alone, many);
  for (int i = 0; i < 150; ++i) {
    check_convolution(i % 15 ? any_convolution() : saving_convolution(), alone, many);
    check_pooling(i % 2 ? alone : many);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // for those who come late
  std::printf("all kernels agree (%s)\n", kernels().set);
}
