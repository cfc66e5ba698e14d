#include "ckernels.h"
#include "kernel_table.h"

/// Cached tokens whose values the heads of one group pass over together: 128 × 32 floats are 16 KB.
#define VALUE_BLOCK 128

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

void ck_attend_one(size_t group, size_t head, size_t tokens, size_t capacity, float scale, const float *q,
                   const float *keys, const float *values, float *out, float *scores) {
  const struct kernel_table *table = ck_table();
  const size_t width = (tokens + CK_PANEL - 1) / CK_PANEL * CK_PANEL;
  // Heads are dealt evenly over the passes; each pass prefetches its part of the next tile, so that memory never rests.
  const size_t passes = (group + table->max_rows - 1) / table->max_rows, most = (group + passes - 1) / passes;
  const size_t part_of_tile = head * CK_PANEL / passes;
  for (size_t token = 0; token < tokens; token += CK_PANEL) {
    const float *tile = keys + token * head;
    for (size_t g = 0; g < group; g += most)
      table->micro_rows(least(group - g, most), head, q + g * head, head, tile, scores + g * width + token, width,
                        0, tile + CK_AHEAD + g / most * part_of_tile);
  }
  float inverse[group];
  for (size_t g = 0; g < group; g++)
    inverse[g] = 1 / table->softmax_row(width, tokens, scale, scores + g * width);
  // One pass streams the whole panel; several share blocks of it that the first cache holds.
  const size_t block = passes > 1 ? VALUE_BLOCK : tokens;
  for (size_t part = 0; part < head; part += CK_PANEL) {
    const float *panel = values + part * capacity;
    for (size_t token = 0; token < tokens; token += block, panel += block * CK_PANEL)
      for (size_t g = 0; g < group; g += most)
        table->micro_rows(least(group - g, most), least(tokens - token, block), scores + g * width + token, width,
                          panel, out + g * head + part, head, token > 0,
                          panel + CK_AHEAD + g / most * (block * CK_PANEL / passes));
  }
  for (size_t g = 0; g < group; g++)
    for (size_t i = 0; i < head; i++) out[g * head + i] *= inverse[g];
}

void ck_attend_block(size_t head, size_t tokens, size_t capacity, float scale, const float *queries,
                     const int *visible, const float *keys, const float *values, float *out, float *scores) {
  const struct kernel_table *table = ck_table();
  for (size_t token = 0; token < tokens; token += CK_PANEL)
    for (size_t i = 0; i < CK_PANEL; i += table->max_rows)
      table->micro(least(CK_PANEL - i, table->max_rows), head, keys + token * head + i, CK_PANEL, queries,
                   scores + (token + i) * CK_PANEL, CK_PANEL, 0, NULL);
  float inverse[CK_PANEL];
  table->softmax_lanes(tokens, visible, scale, scores, inverse);
  for (size_t part = 0; part < head; part += CK_PANEL)
    for (size_t i = 0; i < CK_PANEL; i += table->max_rows)
      table->micro(least(CK_PANEL - i, table->max_rows), tokens, values + part * capacity + i, CK_PANEL, scores,
                   out + (part + i) * CK_PANEL, CK_PANEL, 0, NULL);
  for (size_t i = 0; i < head; i++)
    for (size_t r = 0; r < CK_PANEL; r++) out[i * CK_PANEL + r] *= inverse[r];
}
