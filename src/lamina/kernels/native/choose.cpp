// Which instruction set is used: the best that the processor has, or the one that LAMINA_KERNELS names.
#include <cstdlib>
#include <cstring>

#include "kernels.h"

namespace lamina {

namespace baseline {
extern const Kernels kKernels;
}
#if defined(LAMINA_X86)
namespace avx2 {
extern const Kernels kKernels;
}
namespace avx512 {
extern const Kernels kKernels;
}
#endif

namespace {

const Kernels& choose() {
  const Kernels* candidates[3] = {&baseline::kKernels};
  int count = 1;
#if defined(LAMINA_X86)
  __builtin_cpu_init();
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (has_avx2) candidates[count++] = &avx2::kKernels;
  if (has_avx2 && __builtin_cpu_supports("avx512f")) candidates[count++] = &avx512::kKernels;
#endif
  if (const char* wanted = std::getenv("LAMINA_KERNELS"))
    for (int i = 0; i < count; ++i)
      if (!std::strcmp(wanted, candidates[i]->set)) return *candidates[i];
  return *candidates[count - 1];
}

}  // namespace

const Kernels& kernels() {
  static const Kernels& chosen = choose();
  return chosen;
}

}  // namespace lamina
