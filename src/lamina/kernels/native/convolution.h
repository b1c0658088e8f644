// Two-dimensional convolution as products of patches, and its two gradients.
#pragma once

#include <vector>

#include "product.h"
#include "shapes.h"
#include "transposed.h"

namespace lamina::LAMINA_SET {

// The patches of images as rows of a matrix: one row for each place (image, y, x), and in it one number for each tap
// and channel. Tap t of place q looks at the pixel q * step + offset[t]; what lies outside of the image is zero.
struct Patches {
  struct Axis {
    int64_t size, places, step;
    std::vector<int64_t> offsets;

    // Whether the taps are neighbours.
    bool is_dense() const {
      for (size_t i = 1; i < offsets.size(); ++i)
        if (offsets[i] != offsets[i - 1] + 1) return false;
      return true;
    }

    // Whether the taps of some neighbouring places lie within the image.
    bool holds(int64_t place, int64_t count) const {
      return place + count <= places && !offsets.empty() && place * step + offsets.front() >= 0 &&
             (place + count - 1) * step + offsets.back() < size;
    }
  };

  const float* data;
  int64_t channels, pixel;  // how many are read of each pixel, and how far the next pixel is
  Axis y, x;
  bool runs;  // whether a row of taps is one run of memory

  Patches(const float* data, int64_t channels, int64_t pixel, Axis y, Axis x)
      : data(data), channels(channels), pixel(pixel), y(std::move(y)), x(std::move(x)) {
    runs = channels == pixel && this->x.is_dense();
  }

  // How far the next row lies, where rows are not gathered.
  int64_t pitch() const { return x.step * pixel; }

  // Gathered are also rows a power of two apart, which fall on the same few lines of the first cache, and those of a
  // single tap: copying them in their order is the best way to fetch what is read once.
  void find_spots(int64_t row, int64_t tiles, Spot* spots) const {
    int64_t place_x = row % x.places, place_y = row / x.places % y.places, image = row / (x.places * y.places);
    const bool lie = pitch() % (64 * kLine) != 0 && y.offsets.size() * x.offsets.size() > 1;
    for (int64_t tile = 0; tile < tiles; ++tile) {
      const int64_t line = place_y * y.step;
      spots[tile] = {};
      if (lie && x.holds(place_x, kTileRows))
        spots[tile] = {data + ((image * y.size + line) * x.size + place_x * x.step) * pixel, line};
      for (place_x += kTileRows; place_x >= x.places; place_x -= x.places)
        if (++place_y == y.places) place_y = 0, ++image;
    }
  }

  void find_runs(int64_t from, int64_t count, Runs& found) const {
    const int64_t taps = static_cast<int64_t>(x.offsets.size()), most = runs ? taps * channels : channels;
    found.image = y.size;
    for (int64_t k = from; k < from + count;) {
      const int64_t tap = k / channels, channel = k - tap * channels;
      const int64_t some = std::min(most - k % most, from + count - k);
      const int64_t lines = y.offsets[static_cast<size_t>(tap / taps)];
      const int64_t across = x.offsets[static_cast<size_t>(tap % taps)];
      found.list.push_back({lines, (lines * x.size + across) * pixel + channel, some});
      k += some;
    }
  }

  int64_t depth() const { return static_cast<int64_t>(y.offsets.size() * x.offsets.size()) * channels; }

  void copy(int64_t row, int64_t rows, int64_t from, int64_t count, float* to, int64_t stride) const {
    if (count == 0) return;
    int64_t place_x = row % x.places, place_y = row / x.places % y.places;
    const float* image = data + row / (x.places * y.places) * y.size * x.size * pixel;
    const int64_t line = static_cast<int64_t>(x.offsets.size()) * channels;  // numbers in a row of taps
    const int64_t first_tap = from / line, first_within = from - first_tap * line;
    for (int64_t i = 0; i < rows; ++i, to += stride) {
      int64_t tap = first_tap, within = first_within;
      for (int64_t done = 0; done < count; ++tap, within = 0) {
        const int64_t length = std::min(line - within, count - done);
        copy_line(image, place_y * y.step + y.offsets[static_cast<size_t>(tap)], place_x * x.step, within, length,
                  to + done);
        done += length;
      }
      if (++place_x == x.places) {
        place_x = 0;
        if (++place_y == y.places) {
          place_y = 0;
          image += y.size * x.size * pixel;
        }
      }
    }
  }

 private:
  // Copy a part of one row of taps.
  void copy_line(const float* image, int64_t at_y, int64_t base_x, int64_t within, int64_t length, float* to) const {
    if (at_y < 0 || at_y >= y.size) return clear(to, length);
    const float* line = image + at_y * x.size * pixel;
    if (runs) {
      const int64_t begin = (base_x + x.offsets[0]) * channels + within;  // in numbers from the left edge
      if (begin >= 0 && begin + length <= x.size * channels) {
        const int64_t rest = (y.size - at_y) * x.size * channels - begin;  // numbers of this image from here on
        if (rest < length + kLanes) return LAMINA_SET::copy(line + begin, to, length);
        return copy_whole(line + begin, to, length);  // what lies behind is written next, or never kept
      }
      const int64_t left = std::clamp<int64_t>(-begin, 0, length);
      const int64_t right = std::clamp<int64_t>(x.size * channels - begin, left, length);
      clear(to, left);
      LAMINA_SET::copy(line + begin + left, to + left, right - left);
      return clear(to + right, length - right);
    }
    for (int64_t k = within; k < within + length;) {
      const int64_t tap = k / channels, channel = k - tap * channels;
      const int64_t some = std::min(channels - channel, within + length - k);
      const int64_t at_x = base_x + x.offsets[static_cast<size_t>(tap)];
      float* const there = to + (k - within);
      if (at_x < 0 || at_x >= x.size)
        clear(there, some);
      else
        LAMINA_SET::copy(line + at_x * pixel + channel, there, some);
      k += some;
    }
  }
};

inline Patches::Axis forward_axis(const Side& side) {
  Patches::Axis axis{side.in, side.out, side.stride, {}};
  for (int64_t tap = 0; tap < side.kernel; ++tap) axis.offsets.push_back(tap * side.dilation - side.low);
  return axis;
}

inline void convolve(const Convolution& c, const float* x, const float* kernel, const float* bias, float* y,
                     const Workers& workers) {
  const int64_t in = c.in / c.groups, out = c.out / c.groups;
  for (int64_t group = 0; group < c.groups; ++group) {
    const Patches patches(x + group * in, in, c.in, forward_axis(c.y), forward_axis(c.x));
    const Finish finish{bias ? bias + group * out : nullptr, c.activation};
    multiply(patches, Factor{kernel + group * out, c.out, 1}, patches.depth(), c.batch * c.y.out * c.x.out, out,
             Plain{y + group * out, c.out}, finish, workers);
  }
}

inline void convolve_kernel_gradient(const Convolution& c, const float* x, const float* dy, float* dkernel,
                                     const Workers& workers) {
  const int64_t in = c.in / c.groups, out = c.out / c.groups;
  for (int64_t group = 0; group < c.groups; ++group) {
    const Patches patches(x + group * in, in, c.in, forward_axis(c.y), forward_axis(c.x));
    multiply_transposed(patches, Factor{dy + group * out, c.out, 1}, c.batch * c.y.out * c.x.out, patches.depth(), out,
                        Plain{dkernel + group * out, c.out}, workers);
  }
}

// Those pixels of the input, along one axis, that lie alike to the strides: which taps of the kernel reach them.
struct Phase {
  int64_t first;                // the first pixel; the others follow by the stride
  Patches::Axis axis;           // the patches of the output's gradient that flow into them
  std::vector<int64_t> kernel;  // the taps, as in the kernel
};

inline std::vector<Phase> phases(const Side& side) {
  std::vector<Phase> result;
  for (int64_t first = 0; first < std::min(side.stride, side.in); ++first) {
    Phase phase{first, {side.out, (side.in - first + side.stride - 1) / side.stride, 1, {}}, {}};
    for (int64_t tap = side.kernel - 1; tap >= 0; --tap) {  // backwards, so that offsets rise
      const int64_t distance = first + side.low - tap * side.dilation;
      if (distance % side.stride) continue;
      phase.axis.offsets.push_back(distance / side.stride);
      phase.kernel.push_back(tap);
    }
    result.push_back(std::move(phase));
  }
  return result;
}

// The kernel's taps of a phase as a matrix from outputs to inputs.
struct Turned {
  const Convolution& c;
  const float* kernel;  // of this group
  const Phase &y, &x;

  void pack(int64_t k, int64_t depth, int64_t column, int64_t columns, float* to) const {
    const int64_t out = c.out / c.groups, taps = static_cast<int64_t>(x.kernel.size());
    for (const int64_t end = k + depth; k < end;) {
      const int64_t tap = k / out, channel = k - tap * out, some = std::min(out - channel, end - k);
      const int64_t at =
          y.kernel[static_cast<size_t>(tap / taps)] * c.x.kernel + x.kernel[static_cast<size_t>(tap % taps)];
      Factor{kernel + at * (c.in / c.groups) * c.out, 1, c.out}.pack(channel, some, column, columns, to);
      to += some * kTileColumns;
      k += some;
    }
  }
};

// Where the pixels of a phase lie.
struct Scattered {
  const Convolution& c;
  float* data;
  const Phase &y, &x;

  float* row(int64_t index) const {
    const int64_t at_x = index % x.axis.places, at_y = index / x.axis.places % y.axis.places;
    const int64_t image = index / (x.axis.places * y.axis.places);
    return data + ((image * c.y.in + y.first + at_y * c.y.stride) * c.x.in + x.first + at_x * c.x.stride) * c.in;
  }
};

inline void convolve_input_gradient(const Convolution& c, const float* dy, const float* kernel, float* dx,
                                    const Workers& workers) {
  const int64_t in = c.in / c.groups, out = c.out / c.groups;
  const std::vector<Phase> down = phases(c.y), across = phases(c.x);
  for (int64_t group = 0; group < c.groups; ++group) {
    for (const Phase& y : down) {
      for (const Phase& x : across) {
        const Patches patches(dy + group * out, out, c.out, y.axis, x.axis);
        const Turned turned{c, kernel + group * out, y, x};
        const int64_t places = c.batch * y.axis.places * x.axis.places;
        if (c.y.stride == 1 && c.x.stride == 1)
          multiply(patches, turned, patches.depth(), places, in, Plain{dx + group * in, c.in}, {}, workers);
        else
          multiply(patches, turned, patches.depth(), places, in, Scattered{c, dx + group * in, y, x}, {}, workers);
      }
    }
  }
}

}  // namespace lamina::LAMINA_SET
