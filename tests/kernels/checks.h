// What the checks of the kernels share: random sizes, and random numbers in memory that is hard on a kernel.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

namespace lamina {

// Memory that begins four bytes behind a multiple of sixteen, so that no vector in it is aligned, and ends with its
// last number, so that the sanitizer sees whoever reads on.
template <class T>
struct Misaligned {
  using value_type = T;
  Misaligned() = default;
  template <class Other>
  Misaligned(const Misaligned<Other>&) {}
  T* allocate(size_t count) { return reinterpret_cast<T*>(static_cast<char*>(std::malloc(count * sizeof(T) + 4)) + 4); }
  void deallocate(T* memory, size_t) { std::free(reinterpret_cast<char*>(memory) - 4); }
  bool operator==(const Misaligned&) const { return true; }
  bool operator!=(const Misaligned&) const { return false; }
};

using Numbers = std::vector<float, Misaligned<float>>;

inline std::mt19937 generator(7);

inline int64_t drawn(int64_t from, int64_t to) { return std::uniform_int_distribution<int64_t>(from, to)(generator); }

inline Numbers numbers(int64_t count, float spread = 1) {
  std::normal_distribution<float> normal(0, spread);
  Numbers result(static_cast<size_t>(count));
  for (float& number : result) number = normal(generator);
  return result;
}

inline void expect_same(const char* what, const Numbers& found, const Numbers& before) {
  if (found == before) return;
  std::printf("%s: other numbers the second time\n", what);
  std::exit(1);
}

}  // namespace lamina
