#include "ckernels.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// Touch this file when the measurement changes: the build does not watch what is embedded.
static const unsigned char bytes[] = {
#embed "../../fixtures/published/cpu-kernel-measurement.json"
};

const unsigned char *const ck_committed_measurement = bytes;
const size_t ck_committed_measurement_size = sizeof(bytes);
