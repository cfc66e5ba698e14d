// Any CPU: vectors of four floats, which SSE2 and NEON both have.
#define LANES 4
#define MAX_ROWS 6
#define WIDTH_OF(rows) ((rows) <= 1 ? 8 : (rows) <= 3 ? 4 : 2)
#define TARGET
#define TABLE ck_generic_table
#include "kernel_template.h"
