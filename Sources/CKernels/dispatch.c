#include <stdatomic.h>

#include "ckernels.h"
#include "kernel_table.h"

/// −1 until the first use asks the CPU.
static _Atomic int current = -1;

int ck_best_isa(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  int fma = __builtin_cpu_supports("fma");
  if (fma && __builtin_cpu_supports("avx512f")) return CK_AVX512;
  if (fma && __builtin_cpu_supports("avx2")) return CK_AVX2;
#endif
  return CK_GENERIC;
}

int ck_current_isa(void) {
  int isa = atomic_load_explicit(&current, memory_order_relaxed);
  if (isa < 0) {
    isa = ck_best_isa();
    atomic_store_explicit(&current, isa, memory_order_relaxed);
  }
  return isa;
}

int ck_use_isa(int isa) {
  if (isa < CK_GENERIC || isa > ck_best_isa()) return 0;
  atomic_store_explicit(&current, isa, memory_order_relaxed);
  return 1;
}

const struct kernel_table *ck_table(void) {
  switch (ck_current_isa()) {
#if defined(__x86_64__)
    case CK_AVX512: return &ck_avx512_table;
    case CK_AVX2: return &ck_avx2_table;
#endif
    default: return &ck_generic_table;
  }
}

void ck_rms_norm(size_t m, size_t n, float epsilon, const float *x, const float *weight, float *out) {
  ck_table()->rms_norm(m, n, epsilon, x, weight, out);
}
void ck_gate(size_t m, size_t n, const float *x, float *out) { ck_table()->gate(m, n, x, out); }
void ck_rotate(size_t heads, size_t head, const float *cosine, const float *sine, float *x) {
  ck_table()->rotate(heads, head, cosine, sine, x);
}
float ck_read(size_t count, const float *x) { return ck_table()->read(count, x); }
void ck_copy(size_t count, const float *from, float *to) { ck_table()->copy(count, from, to); }
void ck_triad(size_t count, float s, const float *a, const float *b, float *to) {
  ck_table()->triad(count, s, a, b, to);
}
