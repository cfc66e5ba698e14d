#include "ckernels.h"
#include "kernel_table.h"

/// Rows and depth of one block of A: 384 × 512 floats are 768 KB, which a second-level cache of 1 MB holds beside
/// the panel that passes over them. The deeper the block, the less often C is read and written again.
#define ROWS 384
#define DEPTH 512

void ck_pack(size_t n, size_t k, const float *w, float *panels) {
  for (size_t panel = 0; panel < n / CK_PANEL; panel++, panels += k * CK_PANEL) {
    const float *rows = w + panel * CK_PANEL * k;
    for (size_t step = 0; step < k; step++)
      for (size_t j = 0; j < CK_PANEL; j++) panels[step * CK_PANEL + j] = rows[j * k + step];
  }
}

size_t ck_gemm_scratch(size_t m, size_t k) {
  const size_t few = m < 12 ? m : 12, band = m < ROWS ? m : ROWS, depth = k < DEPTH ? k : DEPTH;
  return few * k > band * depth ? few * k : band * depth;
}

/// Lays `count` rows of A side by side, in groups of at most `most`: scratch[group][depth][rows of the group].
static void pack_rows(size_t count, size_t most, size_t depth, const float *a, size_t lda, float *scratch) {
  for (size_t first = 0; first < count; first += most) {
    size_t rows = count - first < most ? count - first : most;
    const float *group = a + first * lda;
    for (size_t step = 0; step < depth; step++)
      for (size_t i = 0; i < rows; i++) *scratch++ = group[i * lda + step];
  }
}

/// Few rows: the panels pass once, in one stream from memory, over rows that stay in the first caches.
static void gemm_stream(const struct kernel_table *table, size_t m, size_t n, size_t k, const float *a, size_t lda,
                        const float *panels, float *c, size_t ldc, int accumulate, float *scratch) {
  pack_rows(m, m, k, a, lda, scratch);
  for (size_t column = 0; column < n; column += CK_PANEL, panels += k * CK_PANEL)
    table->micro(m, k, scratch, m, panels, c + column, ldc, accumulate, panels + CK_AHEAD);
}

/// Rows of each group when `count` rows are dealt into as few groups of at most `most` as will do, evenly.
static size_t even(size_t count, size_t most) {
  const size_t groups = (count + most - 1) / most;
  return (count + groups - 1) / groups;
}

/// Many rows: blocks of rows and depth that fit the caches; the next block of the panel is prefetched meanwhile.
static void gemm_blocks(const struct kernel_table *table, size_t m, size_t n, size_t k, const float *a, size_t lda,
                        const float *panels, float *c, size_t ldc, int accumulate, float *scratch) {
  const size_t band = even(m, ROWS);
  for (size_t row = 0; row < m; row += band) {
    const size_t count = m - row < band ? m - row : band, most = even(count, table->max_rows);
    for (size_t start = 0; start < k; start += DEPTH) {
      const size_t depth = k - start < DEPTH ? k - start : DEPTH;
      pack_rows(count, most, depth, a + row * lda + start, lda, scratch);
      for (size_t column = 0; column < n; column += CK_PANEL) {
        const float *block = panels + column * k + start * CK_PANEL;
        const float *next = column + CK_PANEL < n ? block + k * CK_PANEL : NULL;
        for (size_t first = 0; first < count; first += most) {
          const size_t rows = count - first < most ? count - first : most;
          table->micro(rows, depth, scratch + first * depth, rows, block, c + (row + first) * ldc + column, ldc,
                       accumulate || start > 0, next);
          next = NULL;
        }
      }
    }
  }
}

void ck_gemm(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *panels, float *c, size_t ldc,
             int accumulate, float *scratch) {
  const struct kernel_table *table = ck_table();
  if (m <= table->max_rows)
    gemm_stream(table, m, n, k, a, lda, panels, c, ldc, accumulate, scratch);
  else
    gemm_blocks(table, m, n, k, a, lda, panels, c, ldc, accumulate, scratch);
}

double ck_multiply_peak(size_t times, float *memory) {
  const struct kernel_table *table = ck_table();
  const size_t rows = table->max_rows, steps = 64;
  float *a = memory, *b = a + 12 * steps, *c = b + steps * CK_PANEL;
  for (size_t i = 0; i < times; i++) table->micro(rows, steps, a, rows, b, c, CK_PANEL, 0, NULL);
  return 2.0 * (double)(times * rows * steps * CK_PANEL);
}
