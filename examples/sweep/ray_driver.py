"""Plans the shards of a sweep as Ray tasks, then merges: python ray_driver.py scenario.yaml 8 /shared/results

Needs a running cluster (`ray start --head`), fleetplan on every node's path, and paths that every node can read.
"""

import os
import subprocess
import sys

import ray


@ray.remote(num_cpus=1, max_retries=3, retry_exceptions=True)
def shard(scenario: str, index: int, count: int, results: str) -> None:
    subprocess.run(
        ["fleetplan", "sweep", scenario, "--results", results, "--shard", f"{index}/{count}"], check=True
    )


def main() -> None:
    # Workers run in directories of their own.
    scenario, count, results = os.path.abspath(sys.argv[1]), int(sys.argv[2]), os.path.abspath(sys.argv[3])
    ray.init(address="auto")
    ray.get([shard.remote(scenario, index + 1, count, results) for index in range(count)])
    subprocess.run(["fleetplan", "sweep", "merge", scenario, "--results", results, "--format", "json"], check=True)


if __name__ == "__main__":
    main()
