// How many billions of floating-point operations a second this machine can do at most, in numbers of 32 bits.
//
//     c++ -std=c++17 -O3 -march=native -ffp-contract=fast -pthread peak.cpp -o peak && ./peak 0.2
//
// Every thread multiplies and adds in registers only. A sum waits some cycles for the one before it, so that there are
// many of them at a time; each has numbers of its own, or the compiler would find out that they are all the same.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

#if defined(__AVX512F__)
constexpr int kLanes = 16, kSums = 24;
#elif defined(__AVX__)
constexpr int kLanes = 8, kSums = 12;  // of 16 registers; two hold what is multiplied and added
#else
constexpr int kLanes = 4, kSums = 12;
#endif
typedef float Vector __attribute__((vector_size(4 * kLanes)));
using Clock = std::chrono::steady_clock;

// Multiplies and adds until the time is up; returns the number of operations. `sink` keeps the sums from being dropped.
double work(float seed, Clock::time_point end, float* sink) {
  const Vector factor = Vector{} + (1.0f - seed), summand = Vector{} + seed;
  Vector sums[kSums];
  for (int i = 0; i < kSums; ++i) sums[i] = Vector{} + seed * static_cast<float>(i);
  double operations = 0;
  while (Clock::now() < end) {
    for (int step = 0; step < 10000; ++step) {
#pragma GCC unroll 32
      for (int i = 0; i < kSums; ++i) sums[i] = sums[i] * factor + summand;
    }
    operations += 2.0 * 10000 * kSums * kLanes;
  }
  for (const Vector& sum : sums) *sink += sum[0];
  return operations;
}

}  // namespace

int main(int count, char** arguments) {
  const double seconds = count > 1 ? std::atof(arguments[1]) : 0.2;
  const unsigned threads = std::thread::hardware_concurrency();
  std::vector<double> operations(threads);
  std::vector<float> sinks(threads);
  std::vector<std::thread> team;
  const auto start = Clock::now();
  const auto end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  for (unsigned i = 0; i < threads; ++i)
    team.emplace_back([&, i] { operations[i] = work(1e-3f * static_cast<float>(count), end, &sinks[i]); });
  for (std::thread& thread : team) thread.join();
  const double passed = std::chrono::duration<double>(Clock::now() - start).count();
  double sum = 0;
  float sink = 0;
  for (unsigned i = 0; i < threads; ++i) sum += operations[i], sink += sinks[i];
  std::printf("%g\n", sink == sink ? sum / passed * 1e-9 : 0.0);
}
