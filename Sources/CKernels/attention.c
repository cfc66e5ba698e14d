#include "ckernels.h"
#include "kernel_table.h"

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

void ck_attend_one(size_t group, size_t head, size_t tokens, size_t capacity, float scale, const float *q,
                   const float *keys, const float *values, float *out, float *scores) {
  const struct kernel_table *table = ck_table();
  const size_t width = (tokens + CK_PANEL - 1) / CK_PANEL * CK_PANEL;
  for (size_t token = 0; token < tokens; token += CK_PANEL) {
    const float *tile = keys + token * head;
    for (size_t g = 0; g < group; g += table->max_rows)
      table->micro_rows(least(group - g, table->max_rows), head, q + g * head, head, tile,
                        scores + g * width + token, width, 0, g == 0 ? tile + CK_AHEAD : NULL);
  }
  float inverse[group];
  for (size_t g = 0; g < group; g++)
    inverse[g] = 1 / table->softmax_row(width, tokens, scale, scores + g * width);
  for (size_t part = 0; part < head; part += CK_PANEL) {
    const float *panel = values + part * capacity;
    for (size_t g = 0; g < group; g += table->max_rows)
      table->micro_rows(least(group - g, table->max_rows), tokens, scores + g * width, width, panel,
                        out + g * head + part, head, 0, g == 0 ? panel + CK_AHEAD : NULL);
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
