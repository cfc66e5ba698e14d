#include "ccatalog.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

#define CATALOG(name)                                                           \
  static const unsigned char name##_bytes[] = {

#define CATALOG_END(name)                                                       \
  };                                                                            \
  const unsigned char *const catalog_##name = name##_bytes;                     \
  const size_t catalog_##name##_size = sizeof(name##_bytes);

CATALOG(chips)
#embed "../FleetData/Catalog/chips.json"
CATALOG_END(chips)

CATALOG(models)
#embed "../FleetData/Catalog/models.json"
CATALOG_END(models)

CATALOG(sites)
#embed "../FleetData/Catalog/sites.json"
CATALOG_END(sites)

CATALOG(rtt)
#embed "../FleetData/Catalog/rtt.json"
CATALOG_END(rtt)

CATALOG(efficiency)
#embed "../FleetData/Catalog/efficiency.json"
CATALOG_END(efficiency)

CATALOG(training_runs)
#embed "../FleetData/Catalog/training-runs.json"
CATALOG_END(training_runs)
