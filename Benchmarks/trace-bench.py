#!/usr/bin/env python3
"""Reads the same traces with fleetplan, DuckDB and Polars and compares CPU seconds.

    python3 Benchmarks/trace-bench.py [BYTES] [FOLDER]

The environment variable TRACE_BENCH names a TraceBench already built. Other readers are skipped with a message where
they are not installed. Every reader runs in a process of its own; the figure is the least CPU time (user and system) of
several runs. The page cache is warm.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile

REPEATS = 5
HERE = os.path.dirname(os.path.abspath(__file__))

DUCKDB = {
    "azure": "select count(*), sum(ContextTokens), max(ContextTokens), sum(GeneratedTokens), min(TIMESTAMP), max(TIMESTAMP)"
    " from read_csv('{0}')",
    "mooncake": "select count(*), sum(input_length), sum(output_length), max(timestamp), sum(len(hash_ids))"
    " from read_json('{0}', format='newline_delimited')",
}
CODE = {
    "duckdb": "import duckdb,sys; duckdb.execute('set threads=1'); print(duckdb.sql(sys.argv[1]).fetchall())",
    "polars azure": "import polars as p,sys; print(p.scan_csv(sys.argv[1], try_parse_dates=True).select("
    "p.len(), p.col('ContextTokens').sum().alias('i'), p.col('GeneratedTokens').sum().alias('o'),"
    " p.col('TIMESTAMP').min().alias('a'), p.col('TIMESTAMP').max().alias('b')).collect())",
    "polars azure text": "import polars as p,sys; print(p.scan_csv(sys.argv[1]).select("
    "p.len(), p.col('ContextTokens').sum().alias('i'), p.col('GeneratedTokens').sum().alias('o'),"
    " p.col('TIMESTAMP').min().alias('a'), p.col('TIMESTAMP').max().alias('b')).collect())",
    "polars mooncake": "import polars as p,sys; print(p.scan_ndjson(sys.argv[1]).select("
    "p.len(), p.col('input_length').sum(), p.col('output_length').sum(),"
    " p.col('timestamp').max(), p.col('hash_ids').list.len().sum()).collect())",
}


def cpu_seconds(command):
    """Least CPU time of a command over several runs; None when it fails."""
    best = None
    for _ in range(REPEATS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "POLARS_MAX_THREADS": "1"})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode != 0:
            print("failed:", done.stderr.strip().splitlines()[-1:])
            return None
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = used if best is None else min(best, used)
    return best


def installed(module):
    return subprocess.run([sys.executable, "-c", "import " + module], capture_output=True).returncode == 0


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000_000
    folder = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp()
    bench = os.environ.get("TRACE_BENCH")
    build = ["swift", "build", "-c", "release", "--package-path", HERE, "--product", "TraceBench"]
    if bench is None:
        subprocess.run(build, check=True)
        bench = os.path.join(HERE, ".build", "release", "TraceBench")
    rows = []
    for form, ending in (("azure", "csv"), ("mooncake", "jsonl")):
        path = os.path.join(folder, f"bench-{form}-{size}.{ending}")
        if not os.path.exists(path):
            subprocess.run([bench, "generate", form, str(size), path], check=True)
        ours = {}
        for task in ("read", "measure"):
            run = subprocess.run([bench, task, path, str(REPEATS)], check=True, capture_output=True)
            ours[task] = json.loads(run.stdout)
            rows.append((form, f"fleetplan, {task}", ours[task]["cpu_s"], ours[task]["gb_per_cpu_s"], None))
            print(f"{form}: fleetplan, {task}: peak memory {ours[task]['peak_rss_mb']} MB")
        for name, reader, code, argument in others(form, path):
            if not installed(reader):
                print(f"{reader} is not installed: skipped (pip install {reader})")
                continue
            start_up = cpu_seconds([sys.executable, "-c", "import " + reader])
            used = cpu_seconds([sys.executable, "-c", code, argument])
            if used is not None:
                net = used - start_up
                times = (net / ours["read"]["cpu_s"], net / ours["measure"]["cpu_s"])
                rows.append((form, name, net, ours["read"]["bytes"] / net / 1e9, times))
    print(f"{'trace':10}{'reader':24}{'CPU s':>8}{'GB/CPU s':>10}{'times read':>12}{'times measure':>15}")
    for form, name, seconds, speed, times in rows:
        ratios = f"{times[0]:12.2f}{times[1]:15.2f}" if times else ""
        print(f"{form:10}{name:24}{seconds:8.3f}{speed:10.2f}{ratios}")


def others(form, path):
    """Name, module, code and argument of every other reader of a form."""
    yield "duckdb", "duckdb", CODE["duckdb"], DUCKDB[form].format(path)
    yield "polars", "polars", CODE[f"polars {form}"], path
    if form == "azure":
        yield "polars, stamps as text", "polars", CODE["polars azure text"], path


if __name__ == "__main__":
    main()
