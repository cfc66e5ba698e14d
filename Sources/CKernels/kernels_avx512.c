#if defined(__x86_64__)
#define LANES 16
#define MAX_ROWS 12
#define WIDTH_OF(rows) VECTORS
#define TARGET __attribute__((target("avx512f,fma")))
#define TABLE ck_avx512_table
#include "kernel_template.h"
#endif
