#ifndef FLEETPLAN_CCATALOG_H
#define FLEETPLAN_CCATALOG_H

#include <stddef.h>

/// The catalog files as they are on disk, embedded so that the tool is one file that needs no installation path.
extern const unsigned char *const catalog_chips;
extern const size_t catalog_chips_size;
extern const unsigned char *const catalog_models;
extern const size_t catalog_models_size;
extern const unsigned char *const catalog_sites;
extern const size_t catalog_sites_size;
extern const unsigned char *const catalog_rtt;
extern const size_t catalog_rtt_size;
extern const unsigned char *const catalog_efficiency;
extern const size_t catalog_efficiency_size;
extern const unsigned char *const catalog_training_runs;
extern const size_t catalog_training_runs_size;

#endif
