#!/bin/bash
#SBATCH --job-name=fleetplan-sweep
#SBATCH --array=1-8
#SBATCH --cpus-per-task=1
# One shard per array task; results are content-addressed files in a shared directory, so a task that was killed is simply
# submitted again. Merge when all are done:
#   sbatch --dependency=afterok:$JOB --wrap "fleetplan sweep merge scenario.yaml --results $RESULTS --format json"
set -euo pipefail
: "${SCENARIO:=scenario.yaml}" "${RESULTS:=sweep-results}"
fleetplan sweep "$SCENARIO" --results "$RESULTS" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
