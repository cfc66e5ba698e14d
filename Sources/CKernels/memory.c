#include <sys/mman.h>
#include <time.h>

#include "ckernels.h"

static size_t rounded(size_t count) {
  const size_t page = (size_t)2 << 20, bytes = count * sizeof(float);
  return bytes < page ? (bytes + 4095) / 4096 * 4096 : (bytes + page - 1) / page * page;
}

float *ck_allocate(size_t count) {
  const size_t page = (size_t)2 << 20, bytes = rounded(count);
  if (bytes == 0) return NULL;
  // Twice aligned: what is mapped beyond the aligned part is given back, so that huge pages can start at its base.
  const size_t spare = bytes >= page ? page : 0;
  char *base = mmap(NULL, bytes + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) return NULL;
  if (spare == 0) return (float *)base;
  char *aligned = (char *)(((size_t)base + page - 1) / page * page);
  if (aligned > base) munmap(base, (size_t)(aligned - base));
  if (base + spare > aligned) munmap(aligned + bytes, (size_t)(base + spare - aligned));
#if defined(MADV_HUGEPAGE)
  madvise(aligned, bytes, MADV_HUGEPAGE);
#endif
  return (float *)aligned;
}

void ck_free(float *memory, size_t count) {
  if (memory) munmap(memory, rounded(count));
}

long long ck_thread_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (long long)now.tv_sec * 1000000000 + now.tv_nsec;
}
