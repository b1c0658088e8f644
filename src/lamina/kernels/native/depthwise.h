// Depthwise convolution: each channel by itself, so there is nothing to multiply as matrices.
#pragma once

#include "shapes.h"
#include "vector.h"
#include "workers.h"

namespace lamina::LAMINA_SET {

// A run of channels that is worked on at once. With several outputs for a channel, one number at a time.
struct Lanes {
  int64_t multiple, count;  // outputs for each channel; how many outputs there are

  int64_t step(int64_t at) const { return multiple == 1 && at + kLanes <= count ? kLanes : 1; }
};

// Call visit(input pixel, tap) for each tap of the place (y, x) that lies within the image.
template <class Visit>
inline void visit_taps(const Convolution& c, int64_t y, int64_t x, const Visit& visit) {
  for (int64_t i = 0; i < c.y.kernel; ++i) {
    const int64_t at_y = y * c.y.stride - c.y.low + i * c.y.dilation;
    if (at_y < 0 || at_y >= c.y.in) continue;
    for (int64_t j = 0; j < c.x.kernel; ++j) {
      const int64_t at_x = x * c.x.stride - c.x.low + j * c.x.dilation;
      if (at_x >= 0 && at_x < c.x.in) visit(at_y * c.x.in + at_x, i * c.x.kernel + j);
    }
  }
}

// Call visit(output pixel, tap) for each place whose tap falls on the input pixel (y, x).
template <class Visit>
inline void visit_places(const Convolution& c, int64_t y, int64_t x, const Visit& visit) {
  for (int64_t i = 0; i < c.y.kernel; ++i) {
    const int64_t at_y = y + c.y.low - i * c.y.dilation;
    if (at_y < 0 || at_y % c.y.stride || at_y / c.y.stride >= c.y.out) continue;
    for (int64_t j = 0; j < c.x.kernel; ++j) {
      const int64_t at_x = x + c.x.low - j * c.x.dilation;
      if (at_x < 0 || at_x % c.x.stride || at_x / c.x.stride >= c.x.out) continue;
      visit(at_y / c.y.stride * c.x.out + at_x / c.x.stride, i * c.x.kernel + j);
    }
  }
}

inline void depthwise(const Convolution& c, const float* x, const float* kernel, const float* bias, float* y,
                      const Workers& workers) {
  const Lanes lanes{c.out / c.in, c.out};
  workers.run(c.batch * c.y.out, [&](int64_t line) {
    const float* image = x + line / c.y.out * c.y.in * c.x.in * c.in;
    float* to = y + line * c.x.out * c.out;
    for (int64_t place = 0; place < c.x.out; ++place, to += c.out) {
      for (int64_t at = 0, step; at < c.out; at += step) {
        step = lanes.step(at);
        if (step == kLanes) {
          Vector sum{};
          visit_taps(c, line % c.y.out, place, [&](int64_t pixel, int64_t tap) {
            sum += load(image + pixel * c.in + at) * load(kernel + tap * c.out + at);
          });
          store(to + at, sum);
        } else {
          float sum = 0;
          visit_taps(c, line % c.y.out, place, [&](int64_t pixel, int64_t tap) {
            sum += image[pixel * c.in + at / lanes.multiple] * kernel[tap * c.out + at];
          });
          to[at] = sum;
        }
      }
      finish_row(to, c.out, bias, c.activation);
    }
  });
}

inline void depthwise_input_gradient(const Convolution& c, const float* dy, const float* kernel, float* dx,
                                     const Workers& workers) {
  const Lanes lanes{c.out / c.in, c.in};
  workers.run(c.batch * c.y.in, [&](int64_t line) {
    const float* from = dy + line / c.y.in * c.y.out * c.x.out * c.out;
    float* to = dx + line * c.x.in * c.in;
    for (int64_t pixel = 0; pixel < c.x.in; ++pixel, to += c.in) {
      for (int64_t at = 0, step; at < c.in; at += step) {
        step = lanes.step(at);
        if (step == kLanes) {
          Vector sum{};
          visit_places(c, line % c.y.in, pixel, [&](int64_t place, int64_t tap) {
            sum += load(from + place * c.out + at) * load(kernel + tap * c.out + at);
          });
          store(to + at, sum);
        } else {
          float sum = 0;
          visit_places(c, line % c.y.in, pixel, [&](int64_t place, int64_t tap) {
            for (int64_t o = at * lanes.multiple; o < (at + 1) * lanes.multiple; ++o)
              sum += from[place * c.out + o] * kernel[tap * c.out + o];
          });
          to[at] = sum;
        }
      }
    }
  });
}

// Each task sums up some channels over all images, so that the sums do not depend on the number of threads.
inline void depthwise_kernel_gradient(const Convolution& c, const float* x, const float* dy, float* dkernel,
                                      const Workers& workers) {
  const int64_t grain = 16, tasks = (c.out + grain - 1) / grain, taps = c.y.kernel * c.x.kernel;
  workers.run(tasks, [&](int64_t task) {
    const Range some{task * grain, task * grain + grain < c.out ? task * grain + grain : c.out};
    const Lanes lanes{c.out / c.in, some.end};
    for (int64_t tap = 0; tap < taps; ++tap) clear(dkernel + tap * c.out + some.begin, some.end - some.begin);
    for (int64_t line = 0; line < c.batch * c.y.out; ++line) {
      const float* image = x + line / c.y.out * c.y.in * c.x.in * c.in;
      for (int64_t place = 0; place < c.x.out; ++place) {
        const float* from = dy + (line * c.x.out + place) * c.out;
        visit_taps(c, line % c.y.out, place, [&](int64_t pixel, int64_t tap) {
          for (int64_t at = some.begin, step; at < some.end; at += step) {
            float* const sum = dkernel + tap * c.out + at;
            step = lanes.step(at);
            if (step == kLanes)
              store(sum, load(sum) + load(image + pixel * c.in + at) * load(from + at));
            else
              *sum += image[pixel * c.in + at / lanes.multiple] * from[at];
          }
        });
      }
    }
  });
}

}  // namespace lamina::LAMINA_SET
