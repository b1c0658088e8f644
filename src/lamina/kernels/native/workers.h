// How a kernel spreads its work over threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

namespace lamina {

// A pool of threads that is lent to a kernel for one call.
//
// The calling thread takes part in the work and never waits for a thread that has not begun: whoever comes late finds
// nothing left to do. So a kernel ends even if the pool is busy, or is the pool that the caller itself runs on.
class Workers {
 public:
  using Job = std::function<void()>;
  using Schedule = std::function<void(Job)>;

  Workers() = default;  // the calling thread alone
  Workers(int64_t threads, Schedule schedule) : threads_(threads < 1 ? 1 : threads), schedule_(std::move(schedule)) {}

  int64_t threads() const { return threads_; }

  // Call task(0) ... task(count - 1), each once, in any order, and return when all have ended.
  template <class Task>
  void run(int64_t count, const Task& task) const {
    const int64_t helpers = (threads_ < count ? threads_ : count) - 1;
    if (helpers < 1) {
      for (int64_t i = 0; i < count; ++i) task(i);
      return;
    }
    struct Progress {
      std::atomic<int64_t> next{0};
      std::atomic<int64_t> done{0};
    };
    auto progress = std::make_shared<Progress>();  // outlives this call, for those who come late
    const Task* what = &task;                      // does not, but is used only before the last task has ended
    const Job work = [progress, what, count] {
      for (int64_t i; (i = progress->next.fetch_add(1)) < count;) {
        (*what)(i);
        progress->done.fetch_add(1, std::memory_order_release);
      }
    };
    for (int64_t i = 0; i < helpers; ++i) schedule_(work);
    work();
    while (progress->done.load(std::memory_order_acquire) < count) std::this_thread::yield();
  }

 private:
  int64_t threads_ = 1;
  Schedule schedule_;
};

// Part `index` of `count` nearly equal parts of 0 ... size, each but the last a multiple of `grain`.
struct Range {
  int64_t begin, end;
};

inline Range part(int64_t size, int64_t grain, int64_t index, int64_t count) {
  const int64_t grains = (size + grain - 1) / grain;
  const auto edge = [&](int64_t i) {
    const int64_t at = grains * i / count * grain;
    return at < size ? at : size;
  };
  return {edge(index), edge(index + 1)};
}

}  // namespace lamina
