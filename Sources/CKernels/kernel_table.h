#ifndef KERNEL_TABLE_H
#define KERNEL_TABLE_H

#include <stddef.h>

/// What one instruction set brings. `kernel_template.h` is compiled once for each, and fills one of these.
struct kernel_table {
  /// The most rows `micro` takes.
  size_t max_rows;
  /// C[rows][32] (+)= A · B over k steps: A holds `rows` consecutive values every `a_step`, B 32 every 32.
  /// `ahead` is prefetched towards the second-level cache while the tile is computed (NULL: nothing).
  void (*micro)(size_t rows, size_t k, const float *a, size_t a_step, const float *b, float *c, size_t ldc,
                int accumulate, const float *ahead);
  /// The same with A row-major: row i starts at a + i · a_row and its steps follow one another.
  void (*micro_rows)(size_t rows, size_t k, const float *a, size_t a_row, const float *b, float *c, size_t ldc,
                     int accumulate, const float *ahead);
  /// x = exp(scale · (x − maximum)) over a row of n (a multiple of 32), of which `valid` count and the rest become
  /// 0; returns the sum.
  float (*softmax_row)(size_t n, size_t valid, float scale, float *x);
  /// The same over tokens for 32 rows side by side: x[tokens][32]; lane r counts its first visible[r] tokens,
  /// and inverse_sum[r] is one over its sum.
  void (*softmax_lanes)(size_t tokens, const int *visible, float scale, float *x, float *inverse_sum);
  void (*rms_norm)(size_t m, size_t n, float epsilon, const float *x, const float *weight, float *out);
  void (*gate)(size_t m, size_t n, const float *x, float *out);
  void (*rotate)(size_t heads, size_t head, const float *cosine, const float *sine, float *x);
  float (*read)(size_t count, const float *x);
  void (*copy)(size_t count, const float *from, float *to);
  void (*triad)(size_t count, float s, const float *a, const float *b, float *to);
};

extern const struct kernel_table ck_generic_table;
#if defined(__x86_64__)
extern const struct kernel_table ck_avx2_table;
extern const struct kernel_table ck_avx512_table;
#endif

/// Floats ahead of the one in use at which streams are prefetched: four kilobytes, a page.
#define CK_AHEAD 1024

/// The table in use.
const struct kernel_table *ck_table(void);

#endif
