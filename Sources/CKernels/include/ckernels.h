#ifndef CKERNELS_H
#define CKERNELS_H

/// Single-precision kernels of a decoder on one CPU core. Every entry point picks, at run time, the code compiled
/// for the widest instruction set this core has; no build flag is needed.

#include <stddef.h>

/// Columns of one panel: the width every packed operand is laid out in, whatever the SIMD width.
#define CK_PANEL 32

/// The instruction sets kernels exist for, narrowest first.
enum ck_isa { CK_GENERIC = 0, CK_AVX2 = 1, CK_AVX512 = 2 };

/// The widest instruction set of this core that kernels exist for.
int ck_best_isa(void);
/// The instruction set in use: the best one, unless `ck_use_isa` chose another.
int ck_current_isa(void);
/// Chooses an instruction set for the whole process; refuses (returns 0) one that this core lacks.
int ck_use_isa(int isa);

/// Memory on huge pages where the system grants them, aligned to 64 bytes and zeroed; NULL when there is none.
float *ck_allocate(size_t count);
void ck_free(float *memory, size_t count);

/// Packs W[n][k] (row-major, one row per output) into panels: out[n/32][k][32]. n is a multiple of 32.
void ck_pack(size_t n, size_t k, const float *w, float *panels);

/// Floats of scratch that `ck_gemm` needs for m rows of depth k.
size_t ck_gemm_scratch(size_t m, size_t k);

/// C[m][n] = A[m][k] · W, or += when `accumulate` is not 0; W as packed by `ck_pack`; lda, ldc are row strides.
void ck_gemm(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *panels, float *c, size_t ldc,
             int accumulate, float *scratch);

/// Decode attention: one query position, `group` query heads on one key-value head.
///
///   out[group][head] = softmax(scale · q[group][head] · K) · V over `tokens` cached tokens
///
/// keys is [tokens/32][head][32], values is [head/32][capacity][32]; head is a multiple of 32.
/// scores is scratch of group × (tokens rounded up to 32) floats, 64-byte aligned, plus 32 · head.
void ck_attend_one(size_t group, size_t head, size_t tokens, size_t capacity, float scale, const float *q,
                   const float *keys, const float *values, float *out, float *scores);

/// Prefill attention of up to 32 query rows (a row is one query position of one head) on one key-value head.
///
/// queries is [head][32]; row r sees the first visible[r] cached tokens (at least one); out is [head][32].
/// scores is scratch of 32 × (tokens rounded up to 32) floats.
void ck_attend_block(size_t head, size_t tokens, size_t capacity, float scale, const float *queries,
                     const int *visible, const float *keys, const float *values, float *out, float *scores);

/// out[r] = x[r] / rms(x[r]) · weight, for each of m rows of width n.
void ck_rms_norm(size_t m, size_t n, float epsilon, const float *x, const float *weight, float *out);
/// out[m][n] = silu(x[m][0..<n]) · x[m][n..<2n]: the gate and the up projection lie side by side.
void ck_gate(size_t m, size_t n, const float *x, float *out);
/// Turns each pair (x[i], x[i + head/2]) of `heads` consecutive heads by the angle whose cosine and sine are given.
void ck_rotate(size_t heads, size_t head, const float *cosine, const float *sine, float *x);

/// Multiplies register tiles on operands that stay in the first cache, `times` over: the peak of the multiply-add
/// units. memory is scratch of CK_PEAK_SCRATCH floats. Returns the floating-point operations done.
double ck_multiply_peak(size_t times, float *memory);
#define CK_PEAK_SCRATCH 4096

/// Sum of `count` floats: reads memory and does nothing else.
float ck_read(size_t count, const float *x);
/// Copies `count` floats.
void ck_copy(size_t count, const float *from, float *to);
/// to[i] = a[i] + s · b[i].
void ck_triad(size_t count, float s, const float *a, const float *b, float *to);

/// A measurement of these kernels as it was written, JSON.
extern const unsigned char *const ck_committed_measurement;
extern const size_t ck_committed_measurement_size;

/// CPU time of the calling thread in nanoseconds.
long long ck_thread_nanoseconds(void);

#endif
