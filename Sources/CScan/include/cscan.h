#ifndef CSCAN_H
#define CSCAN_H

/// Sixteen or sixty-four bytes looked at in one step, which Swift has no instruction for: bit i of the result tells of
/// byte i. The functions inline into their Swift callers. 16 or 64 bytes must be readable at `p`.

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>

static inline uint32_t cscan_nondigits16(const void *_Nonnull p) {
  __m128i digits = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)p), _mm_set1_epi8('0'));
  __m128i isDigit = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
  return (uint32_t)_mm_movemask_epi8(isDigit) ^ 0xffffu;
}

static inline uint32_t cscan_equal16(const void *_Nonnull p, uint8_t byte) {
  return (uint32_t)_mm_movemask_epi8(
      _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)p), _mm_set1_epi8((char)byte)));
}

/// Replaces words of digits in ASCII, the last digit in the highest byte and zero bytes below the first, by their
/// numbers: eight digits become pairs, fours, one. `count` is even.
static inline void cscan_join(uint64_t *_Nonnull words, long count) {
  for (long i = 0; i < count; i += 2) {
    __m128i digits = _mm_subs_epu8(_mm_loadu_si128((const __m128i *)(words + i)), _mm_set1_epi8('0'));
    __m128i tens = _mm_mullo_epi16(_mm_and_si128(digits, _mm_set1_epi16(0xff)), _mm_set1_epi16(10));
    __m128i pairs = _mm_add_epi16(tens, _mm_srli_epi16(digits, 8));
    __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(1 << 16 | 100));
    __m128i packed = _mm_packs_epi32(fours, fours);
    __m128i numbers = _mm_madd_epi16(packed, _mm_set1_epi32(1 << 16 | 10000));
    _mm_storeu_si128((__m128i *)(words + i), _mm_unpacklo_epi32(numbers, _mm_setzero_si128()));
  }
}

#else

/// The top bit of every byte, gathered: byte i to bit i.
static inline uint32_t cscan_gather(uint64_t tops) {
  return (uint32_t)(((tops >> 7) * 0x0102040810204080ull) >> 56);
}

static inline uint64_t cscan_word(const void *_Nonnull p) {
  uint64_t word;
  memcpy(&word, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

static inline uint32_t cscan_nondigits8(const void *_Nonnull p) {
  uint64_t x = cscan_word(p) ^ 0x3030303030303030ull;
  uint64_t carried = ((x & 0x7f7f7f7f7f7f7f7full) + 0x7676767676767676ull) | x;
  return cscan_gather(carried & 0x8080808080808080ull);
}

static inline uint32_t cscan_equal8(const void *_Nonnull p, uint8_t byte) {
  uint64_t x = cscan_word(p) ^ (0x0101010101010101ull * byte);
  uint64_t carried = ((x & 0x7f7f7f7f7f7f7f7full) + 0x7f7f7f7f7f7f7f7full) | x;
  return cscan_gather(~carried & 0x8080808080808080ull);
}

static inline void cscan_join(uint64_t *_Nonnull words, long count) {
  for (long i = 0; i < count; i++) {
    uint64_t v = words[i] & 0x0f0f0f0f0f0f0f0full;
    v = (v * 10 + (v >> 8)) & 0x00ff00ff00ff00ffull;
    v = (v * 100 + (v >> 16)) & 0x0000ffff0000ffffull;
    words[i] = (v * 10000 + (v >> 32)) & 0xffffffffull;
  }
}

static inline uint32_t cscan_nondigits16(const void *_Nonnull p) {
  return cscan_nondigits8(p) | cscan_nondigits8((const char *)p + 8) << 8;
}

static inline uint32_t cscan_equal16(const void *_Nonnull p, uint8_t byte) {
  return cscan_equal8(p, byte) | cscan_equal8((const char *)p + 8, byte) << 8;
}

#endif

/// Bytes that are not '0' to '9'.
static inline uint64_t cscan_nondigits64(const void *_Nonnull p) {
  const char *bytes = (const char *)p;
  return (uint64_t)cscan_nondigits16(bytes) | (uint64_t)cscan_nondigits16(bytes + 16) << 16 |
         (uint64_t)cscan_nondigits16(bytes + 32) << 32 | (uint64_t)cscan_nondigits16(bytes + 48) << 48;
}

/// Bytes equal to `byte`.
static inline uint64_t cscan_equal64(const void *_Nonnull p, uint8_t byte) {
  const char *bytes = (const char *)p;
  return (uint64_t)cscan_equal16(bytes, byte) | (uint64_t)cscan_equal16(bytes + 16, byte) << 16 |
         (uint64_t)cscan_equal16(bytes + 32, byte) << 32 | (uint64_t)cscan_equal16(bytes + 48, byte) << 48;
}

#endif
