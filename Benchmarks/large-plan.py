#!/usr/bin/env python3
"""Renders a plan of 5,000 pools (a service on a pod of chips) over twelve months in every format, and compares two.

    Benchmarks/large-plan.py [path of fleetplan]

Each command runs by itself under getrusage; limits: 10 s and 500 MB for a format, 2 s for a comparison.
"""
import copy
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
fleetplan = sys.argv[1] if len(sys.argv) > 1 else os.path.join(root, ".build/release/fleetplan")
COPIES, MONTHS = 1250, 12


def label(month):
    return f"{2027 + month // 12}-{month % 12 + 1:02}"


def large(plan, price):
    """The saved sample with each of its two services 1,250 times, and its first month twelve times."""
    plan = copy.deepcopy(plan)
    rows = {key: [] for key in ("deployments", "costs", "demand", "unit_costs", "service_levels")}
    first = {key: [row for row in plan[key] if row["month"] == 0] for key in rows}
    for month in range(MONTHS):
        for key, old in first.items():
            for row in old:
                names = [row.get("service")] if row.get("service") is None else [f"{row['service']}-{i:04}" for i in range(COPIES)]
                for name in names:
                    new = dict(row, month=month)
                    if name is not None:
                        new["service"] = name
                    if "id" in new:
                        new["id"] = f"{label(month)}/{row['id']}/{name}"
                    if key == "costs":
                        new["cost"] = row["cost"] * price
                    rows[key].append(new)
    plan.update(rows)
    plan["services"] = [dict(row, id=f"{row['id']}-{i:04}") for row in plan["services"] for i in range(COPIES)]
    for key in ("inventory", "power"):
        plan[key] = [dict(row, month=month) for month in range(MONTHS) for row in plan[key] if row["month"] == 0]
    totals = {}
    for row in plan["costs"]:
        totals[row["month"]] = totals.get(row["month"], 0) + row["cost"]
    plan["months"] = [
        dict(plan["months"][0], index=month, label=label(month), total_cost=totals[month]) for month in range(MONTHS)
    ]
    plan["horizon_months"] = MONTHS
    for row in plan["gates"]:
        row["gate"]["expression"] = row["gate"]["expression"].replace("service=chat]", "service=chat-0000]")
    return plan


def measure(name, arguments, seconds):
    start = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([fleetplan, *arguments], stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        errors.seek(0)
        said = errors.read().decode().splitlines()[-1:] if status else []
    wall = time.perf_counter() - start
    cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    ok = status == 0 and cpu < seconds and memory < 500
    print(f"{name:28} {wall:6.2f} s wall {cpu:6.2f} s CPU {memory:6.0f} MB  {'ok' if ok else 'OVER'} {' '.join(said)}")
    return ok


def main():
    with open(os.path.join(root, "fixtures/plans/small.plan.json")) as file:
        small = json.load(file)
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for name, price in (("base", 1.0), ("dearer", 1.1)):
            with open(f"{folder}/{name}.json", "w") as file:
                json.dump(large(small, price), file)
        size = os.path.getsize(f"{folder}/base.json") / 1e6
        print(f"{4 * COPIES} pools of {2 * COPIES} services, {MONTHS} months, {len(large(small, 1)['costs'])} cost lines, plan.json {size:.0f} MB")
        for form in ("xlsx", "md", "json", "html", "csv", "junit", "github", "focus", "summary"):
            good &= measure(form, ["report", f"{folder}/base.json", "--out", f"{folder}/{form}", "--format", form], 10)
        for form in ("md", "json", "html", "pr-comment", "xlsx"):
            good &= measure(
                f"diff {form}",
                ["diff", f"{folder}/base.json", f"{folder}/dearer.json", "--gate-mode", "off", "--format", form]
                + ["--out", f"{folder}/diff.{form}"], 2)
        good &= measure("check", ["check", f"{folder}/base.json", "--gate-mode", "off"], 2)
    sys.exit(not good)


if __name__ == "__main__":
    main()
