#if defined(__x86_64__)
#define LANES 8
#define MAX_ROWS 6
#define WIDTH_OF(rows) ((rows) <= 2 ? 4 : 2)
#define TARGET __attribute__((target("avx2,fma")))
#define TABLE ck_avx2_table
#include "kernel_template.h"
#endif
