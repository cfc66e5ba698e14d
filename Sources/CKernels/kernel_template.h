// The kernels, written once over vectors of LANES floats. The including file defines
//   LANES     floats per register
//   TARGET    the function attribute that allows the instructions
//   MAX_ROWS  the most rows of a register tile, 6 or 12
//   WIDTH_OF  vectors of a tile of so many rows: rows × width accumulators leave room for width + 1 operands
//   TABLE     the name of the table to fill
// No header guard: each instruction set includes it once, in its own translation unit.

#include <math.h>
#include <string.h>

#include "ckernels.h"
#include "kernel_table.h"

#pragma clang fp contract(fast)

#define VECTORS (CK_PANEL / LANES)
/// Independent sums for a tile of `count` accumulators: eight or more hide a latency of four cycles on two ports.
#define UNROLL_OF(count) ((count) >= 10 ? 1 : (count) >= 4 ? 2 : 4)
#define UNROLLED _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline)) TARGET
#define KERNEL static __attribute__((noinline)) TARGET

typedef float vec __attribute__((vector_size(LANES * 4), aligned(4)));
typedef int veci __attribute__((vector_size(LANES * 4), aligned(4)));

INLINE vec load(const float *p) { return *(const vec *)p; }
INLINE void store(float *p, vec v) { *(vec *)p = v; }
INLINE vec fill(float s) {
  vec v;
  for (int i = 0; i < LANES; i++) v[i] = s;
  return v;
}
INLINE vec larger(vec a, vec b) {
  veci mask = a > b;
  return (vec)((mask & (veci)a) | (~mask & (veci)b));
}
INLINE float sum(vec v) {
  float s = 0;
  for (int i = 0; i < LANES; i++) s += v[i];
  return s;
}
INLINE float largest(vec v) {
  float s = v[0];
  for (int i = 1; i < LANES; i++) s = v[i] > s ? v[i] : s;
  return s;
}

/// e^x for x ≤ 88: x = n·ln 2 + r, a polynomial of degree 6 in r, and n added to the exponent. Relative error
/// below 3e-7; arguments under −87 give a number too small to matter.
INLINE vec exponential(vec x) {
  x = larger(x, fill(-87.0f));
  vec shifted = x * fill(1.44269504f) + fill(12582912.0f);
  vec n = shifted - fill(12582912.0f);
  vec r = x - n * fill(0.693359375f);
  r = r - n * fill(-2.12194440e-4f);
  vec p = fill(1.9875691500e-4f);
  p = p * r + fill(1.3981999507e-3f);
  p = p * r + fill(8.3334519073e-3f);
  p = p * r + fill(4.1665795894e-2f);
  p = p * r + fill(1.6666665459e-1f);
  p = p * r + fill(5.0000001201e-1f);
  p = p * (r * r) + r + fill(1.0f);
  veci exponent = (veci)shifted << 23;
  return (vec)((veci)p + exponent);
}

/// One register tile of C[rows][width vectors]. `rows`, `width`, `unroll` and one of `a_row`, `a_step` are constants
/// at every call, so the loops unroll into registers; with few rows, `unroll` independent sums hide the latency of
/// the multiply-add.
INLINE void tile(const int rows, const int width, const int unroll, size_t k, const float *a, size_t a_row,
                 size_t a_step, const float *b, float *c, size_t ldc, int accumulate, const float *ahead) {
  vec sums[4][MAX_ROWS][VECTORS];
  if (accumulate) {
    UNROLLED for (int i = 0; i < rows; i++) {
      UNROLLED for (int l = 0; l < width * LANES; l += 16) __builtin_prefetch(c + i * ldc + l, 1, 3);
    }
  }
  UNROLLED for (int u = 0; u < unroll; u++) {
    UNROLLED for (int i = 0; i < rows; i++) {
      UNROLLED for (int j = 0; j < width; j++) sums[u][i][j] = fill(0);
    }
  }
  size_t step = 0;
  for (; step + unroll <= k; step += unroll) {
    UNROLLED for (int u = 0; u < unroll; u++) {
      vec right[VECTORS];
      UNROLLED for (int j = 0; j < width; j++) right[j] = load(b + u * CK_PANEL + j * LANES);
      UNROLLED for (int l = 0; l < width * LANES; l += 16) __builtin_prefetch(ahead + u * CK_PANEL + l, 0, 2);
      UNROLLED for (int i = 0; i < rows; i++) {
        vec left = fill(a[u * a_step + i * a_row]);
        UNROLLED for (int j = 0; j < width; j++) sums[u][i][j] = sums[u][i][j] + left * right[j];
      }
    }
    a += unroll * a_step;
    b += unroll * CK_PANEL;
    ahead += unroll * CK_PANEL;
  }
  for (; step < k; step++, a += a_step, b += CK_PANEL) {
    UNROLLED for (int i = 0; i < rows; i++) {
      vec left = fill(a[i * a_row]);
      UNROLLED for (int j = 0; j < width; j++) sums[0][i][j] = sums[0][i][j] + left * load(b + j * LANES);
    }
  }
  UNROLLED for (int i = 0; i < rows; i++) {
    UNROLLED for (int j = 0; j < width; j++) {
      vec total = sums[0][i][j];
      UNROLLED for (int u = 1; u < unroll; u++) total = total + sums[u][i][j];
      float *place = c + i * ldc + j * LANES;
      store(place, accumulate ? load(place) + total : total);
    }
  }
}

/// A tile as wide as a panel, in as many parts as its rows leave registers for.
INLINE void panel_tile(const int rows, size_t k, const float *a, size_t a_row, size_t a_step, const float *b,
                       float *c, size_t ldc, int accumulate, const float *ahead) {
  const int width = WIDTH_OF(rows), unroll = UNROLL_OF(rows * width);
  UNROLLED for (int j = 0; j < VECTORS; j += width)
    tile(rows, width, unroll, k, a, a_row, a_step, b + j * LANES, c + j * LANES, ldc, accumulate,
         ahead + j * LANES);
}

#define CASE(r)                                                                   \
  case r:                                                                         \
    panel_tile(r, k, a, a_row, a_step, b, c, ldc, accumulate, ahead ? ahead : b); \
    break;

#if MAX_ROWS == 12
#define CASES CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
#else
#define CASES CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#endif

/// A's rows lie side by side in each step: packed operands.
KERNEL void micro(size_t rows, size_t k, const float *a, size_t a_step, const float *b, float *c, size_t ldc,
                  int accumulate, const float *ahead) {
  const size_t a_row = 1;
  switch (rows) { CASES }
}

/// A's steps lie side by side in each row: plain row-major operands.
KERNEL void micro_rows(size_t rows, size_t k, const float *a, size_t a_row, const float *b, float *c, size_t ldc,
                       int accumulate, const float *ahead) {
  const size_t a_step = 1;
  switch (rows) { CASES }
}

KERNEL float softmax_row(size_t n, size_t valid, float scale, float *x) {
  size_t whole = valid / LANES * LANES;
  float peak = x[0];
  vec peaks = fill(peak);
  for (size_t i = 0; i < whole; i += LANES) peaks = larger(peaks, load(x + i));
  peak = largest(peaks);
  for (size_t i = whole; i < valid; i++) peak = x[i] > peak ? x[i] : peak;
  const vec scales = fill(scale), shift = fill(scale * peak);
  for (size_t i = valid; i < n; i++) x[i] = -INFINITY;
  vec total = fill(0);
  for (size_t i = 0; i < n; i += LANES) {
    vec e = exponential(load(x + i) * scales - shift);
    if (i + LANES > valid)
      for (int l = 0; l < LANES; l++) e[l] = i + l < valid ? e[l] : 0;
    store(x + i, e);
    total = total + e;
  }
  return sum(total);
}

KERNEL void softmax_lanes(size_t tokens, const int *visible, float scale, float *x, float *inverse_sum) {
  for (int j = 0; j < VECTORS; j++) {
    veci limit;
    int least = visible[j * LANES];
    for (int l = 0; l < LANES; l++) {
      limit[l] = visible[j * LANES + l];
      least = visible[j * LANES + l] < least ? visible[j * LANES + l] : least;
    }
    float *column = x + j * LANES;
    vec peak = fill(-INFINITY), total = fill(0);
    for (size_t t = 0; t < tokens; t++) {
      vec s = load(column + t * CK_PANEL);
      if (t >= (size_t)least) {
        veci position = (veci)fill(0) + (int)t;
        veci mask = position < limit;
        s = (vec)((mask & (veci)s) | (~mask & (veci)fill(-INFINITY)));
        store(column + t * CK_PANEL, s);
      }
      peak = larger(peak, s);
    }
    const vec scales = fill(scale), shift = peak * scales;
    for (size_t t = 0; t < tokens; t++) {
      vec s = load(column + t * CK_PANEL);
      vec e = exponential(s * scales - shift);
      if (t >= (size_t)least) {
        veci mask = ((veci)fill(0) + (int)t) < limit;
        e = (vec)(mask & (veci)e);
      }
      store(column + t * CK_PANEL, e);
      total = total + e;
    }
    store(inverse_sum + j * LANES, fill(1) / total);
  }
}

KERNEL void rms_norm(size_t m, size_t n, float epsilon, const float *x, const float *weight, float *out) {
  for (size_t r = 0; r < m; r++, x += n, out += n) {
    vec squares[4] = {fill(0), fill(0), fill(0), fill(0)};
    size_t i = 0;
    for (; i + 4 * LANES <= n; i += 4 * LANES)
      for (int u = 0; u < 4; u++) {
        vec v = load(x + i + u * LANES);
        squares[u] = squares[u] + v * v;
      }
    for (; i < n; i += LANES) squares[0] = squares[0] + load(x + i) * load(x + i);
    float mean = sum((squares[0] + squares[1]) + (squares[2] + squares[3])) / (float)n;
    const vec factor = fill(1.0f / sqrtf(mean + epsilon));
    for (i = 0; i < n; i += LANES) store(out + i, load(x + i) * factor * load(weight + i));
  }
}

KERNEL void gate(size_t m, size_t n, const float *x, float *out) {
  for (size_t r = 0; r < m; r++, x += 2 * n, out += n)
    for (size_t i = 0; i < n; i += LANES) {
      vec g = load(x + i);
      store(out + i, g / (fill(1) + exponential(-g)) * load(x + n + i));
    }
}

KERNEL void rotate(size_t heads, size_t head, const float *cosine, const float *sine, float *x) {
  const size_t half = head / 2;
  for (size_t h = 0; h < heads; h++, x += head)
    for (size_t i = 0; i < half; i += LANES) {
      vec c = load(cosine + i), s = load(sine + i), low = load(x + i), high = load(x + half + i);
      store(x + i, low * c - high * s);
      store(x + half + i, high * c + low * s);
    }
}

KERNEL float read_all(size_t count, const float *x) {
  vec sums[8];
  for (int u = 0; u < 8; u++) sums[u] = fill(0);
  for (size_t i = 0; i + 8 * LANES <= count; i += 8 * LANES) {
    UNROLLED for (int u = 0; u < 8; u++) sums[u] = sums[u] + load(x + i + u * LANES);
    UNROLLED for (int u = 0; u < 8 * LANES; u += 16) __builtin_prefetch(x + i + CK_AHEAD + u, 0, 2);
  }
  for (int u = 1; u < 8; u++) sums[0] = sums[0] + sums[u];
  return sum(sums[0]);
}

KERNEL void copy(size_t count, const float *from, float *to) { memcpy(to, from, count * sizeof(float)); }

KERNEL void triad(size_t count, float s, const float *a, const float *b, float *to) {
  const vec factor = fill(s);
  for (size_t i = 0; i + LANES <= count; i += LANES) store(to + i, load(a + i) + factor * load(b + i));
}

const struct kernel_table TABLE = {MAX_ROWS, micro, micro_rows, softmax_row, softmax_lanes, rms_norm,
                                   gate,     rotate, read_all,  copy,        triad};
