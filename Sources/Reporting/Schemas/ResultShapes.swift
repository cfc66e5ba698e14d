/// What the commands answer under `--format json`, by the name that `fleetplan schema` knows.
enum ResultShapes {
  struct Result: Sendable {
    var name: String
    /// `estimate/1`, the value of the member `schema`.
    var title: String
    var shape: SchemaShape
  }

  static let all: [Result] = [
    Result(name: "estimate", title: "estimate/1", shape: estimate),
    Result(name: "simulation", title: "simulation/1", shape: simulation),
    Result(name: "trace", title: "trace/1", shape: trace),
    Result(name: "verification", title: "verification/1", shape: verification),
    Result(name: "study", title: "study/1", shape: study),
    Result(name: "gate-results", title: "gates/1", shape: gateResults),
    Result(name: "explanation", title: "explanation/1", shape: explanation),
    Result(name: "validation", title: "validation/1", shape: validation),
    Result(name: "catalog", title: "catalog/1", shape: catalog),
    Result(name: "settings", title: "settings/1", shape: settings),
    Result(name: "documents", title: "documents/1", shape: documents),
    Result(name: "doctor", title: "doctor/1", shape: doctor),
    Result(name: "run-info", title: "run-info/1", shape: runInfo),
  ]

  private static let schema = SchemaShape.text

  static let runInfo: SchemaShape = .record([
    "schema": schema, "tool_version": .text, "command": .list(.text), "directory": .text, "started": .text,
    "wall_seconds": .number, "cpu_seconds": .number, "peak_memory_bytes": .integer, "host": .text,
    "system": .text, "cores": .integer,
    "settings": .list(.record(["key": .text, "value": .text, "origin": .text])),
  ])

  private static let sharding: SchemaShape = .record([
    "data": .integer, "fsdp": .integer, "tensor": .integer, "pipeline": .integer, "expert": .integer,
    "sequence": .integer,
  ])

  static let estimate: SchemaShape = .record([
    "schema": schema, "model": .text, "chip": .text, "chips": .integer, "phase": .text, "slice": .text,
    "time_s": .number, "bound": .word(["compute", "hbm", "interconnect", "overhead"]),
    "breakdown": .record([
      "compute_s": .number, "hbm_s": .number, "interconnect_s": .number, "overhead_s": .number,
    ]),
    "lower_bound_s": .number, "mfu": .number, "flops": .number, "hbm_bytes": .number,
    "memory": .record([
      "weights_bytes": .number, "kv_bytes": .number, "total_bytes": .number, "capacity_bytes": .number,
      "fits": .flag,
    ]),
    "sharding": sharding, "grade": .text, "batch": .optional(.integer),
    "alternatives": .list(.record(["sharding": sharding, "slice": .text, "time_s": .number])),
  ])

  private static let latency: SchemaShape = .record([
    "mean": .number, "p50": .number, "p90": .number, "p99": .number,
  ])

  private static let interval: SchemaShape = .optional(
    .record(["value": .number, "low": .number, "high": .number]))

  private static let requestCounts: SchemaShape = .record([
    "arrived": .integer, "completed": .integer, "running": .integer, "queued": .integer, "rejected": .integer,
  ])

  private static let tokenCounts: SchemaShape = .record(["input": .integer, "output": .integer])

  private static let promise: SchemaShape = .record([
    "service": .text, "metric": .text, "percentile": .number, "limit_s": .number, "value_s": .number,
    "low_s": .number, "high_s": .number,
  ])

  private static let simulatedService: SchemaShape = .record([
    "service": .text, "requests": requestCounts, "tokens": tokenCounts, "ttft_s": .optional(latency),
    "tpot_s": .optional(latency), "e2e_s": .optional(latency), "attainment": .optional(.number),
    "goodput_per_s": .number, "promises": .list(promise), "steady": .flag,
    "unsteady_reason": .optional(.text),
    "bottleneck": .text,
  ])

  private static let simulatedGroup: SchemaShape = .record([
    "group": .text, "site": .text, "role": .word(["both", "prefill", "decode"]), "replicas": .integer,
    "spares": .integer, "requests": .integer, "utilization": .number, "kv_utilization": .number,
    "mean_batch": .number, "mfu": .optional(.number), "preemptions": .integer,
    "reused_input_tokens": .integer,
    "failed_requests": .integer, "kv_link_utilization": .optional(.number), "down_share": .number,
    "off_share": .number, "energy_j": .optional(.number), "chip_cost_usd": .optional(.number),
    "electricity_cost_usd": .optional(.number),
  ])

  private static let simulatedSite: SchemaShape = .record([
    "site": .text, "chips": .integer, "pue": .optional(.number), "energy_j": .optional(.number),
    "mean_power_w": .optional(.number), "cost_usd": .optional(.number),
  ])

  private static let replicationLatency: SchemaShape = .record([
    "mean": interval, "p50": interval, "p99": interval,
  ])

  private static let replications: SchemaShape = .record([
    "asked": .integer, "completed": .integer, "steady": .integer, "utilization": interval,
    "requests_per_s": interval, "output_tokens_per_s": interval,
    "services": .list(
      .record([
        "service": .text, "ttft_s": replicationLatency, "tpot_s": replicationLatency,
        "e2e_s": replicationLatency, "attainment": interval, "goodput_per_s": interval,
      ])),
  ])

  static let simulation: SchemaShape = .record([
    "schema": schema, "name": .optional(.text), "requests": requestCounts, "tokens": tokenCounts,
    "ttft_s": .optional(latency), "tpot_s": .optional(latency), "e2e_s": .optional(latency),
    "simulated_s": .number, "steady": .flag, "utilization": .number, "kv_utilization": .number,
    "interrupted": .optional(.flag), "promises": .optional(.list(promise)),
    "services": .optional(.list(simulatedService)), "groups": .optional(.list(simulatedGroup)),
    "sites": .optional(.list(simulatedSite)),
    "uplinks": .optional(.list(.record(["region": .text, "site": .text, "utilization": .number]))),
    "replications": .optional(replications),
  ])

  private static let lengths: SchemaShape = .record([
    "total": .number, "mean": .number, "p50": .number, "p90": .number, "p99": .number, "max": .number,
  ])

  static let trace: SchemaShape = .record([
    "schema": schema, "format": .text, "requests": .integer, "rejected": .integer,
    "rejections": .list(.record(["line": .integer, "reason": .text])), "start_s": .number, "end_s": .number,
    "input_tokens": lengths, "output_tokens": lengths, "rate_per_s": .number, "interarrival_cv": .number,
    "sessions": .integer,
  ])

  static let verification: SchemaShape = .record([
    "schema": schema,
    "rows": .list(
      .record([
        "id": .text, "predicted": .optional(.nullable(.number)), "measured": .number, "unit": .text,
        "ratio": .optional(.nullable(.number)), "lower_bound": .optional(.nullable(.number)),
        "status": .word(["ok", "skipped"]), "reason": .optional(.nullable(.text)),
      ])),
    "summary": .list(
      .record([
        "group": .text, "n": .integer, "median_abs_error": .number, "p90_abs_error": .number,
        "below_lower_bound": .integer,
      ])),
  ])

  static let study: SchemaShape = .record([
    "schema": schema, "id": .text, "title": .text, "sentences": .list(.text),
    "findings": .named(
      .record(["value": .number, "unit": .text, "low": .optional(.number), "high": .optional(.number)])),
    "tables": .list(
      .record([
        "id": .text, "title": .text, "columns": .list(.record(["title": .text, "unit": .text])),
        "rows": .list(.list(.any)),
      ])),
    "charts": .list(.record(["id": .text, "title": .text, "kind": .text, "series": .list(.any)])),
    "assumptions": .list(.record(["name": .text, "value": .text, "source": .text, "grade": .text])),
  ])

  static let gateResults: SchemaShape = .record([
    "schema": schema,
    "gates": .list(
      .record([
        "gate": .record(["name": .text, "expression": .text, "severity": .word(["error", "warn"])]),
        "status": .word(["pass", "fail", "inconclusive"]), "value": .number, "limit": .number, "unit": .text,
        "low": .optional(.number), "high": .optional(.number), "detail": .text,
      ])),
  ])

  static let sweep: SchemaShape = .record([
    "schema": schema, "axes": .list(.text), "pareto": .list(.text),
    "rows": .list(
      .record([
        "id": .text, "values": .list(.text), "status": .word(["feasible", "infeasible", "feasible_until"]),
        "verdict": .text, "failed_gates": .list(.text), "total_usd": .optional(.number),
        "first_month_usd": .optional(.number), "last_month_usd": .optional(.number),
        "last_month_chips": .optional(.integer), "carbon_kg": .optional(.number),
        "worst_latency_share": .optional(.number),
      ])),
  ])

  static let explanation: SchemaShape = .record([
    "schema": schema, "id": .text, "value": .text, "unit": .text, "formula": .text,
    "operands": .list(.record(["id": .text, "value": .text])), "grade": .optional(.text),
    "source": .optional(.text), "as_of": .optional(.text), "location": .optional(.text),
    "is_default": .optional(.flag),
  ])

  static let validation: SchemaShape = .record([
    "schema": schema, "files": .list(.text),
    "problems": .list(
      .record([
        "text": .text, "what": .text, "severity": .word(["error", "warning", "note"]),
        "file": .optional(.text),
        "line": .optional(.integer), "column": .optional(.integer), "found": .optional(.text),
        "expected": .optional(.text), "help": .optional(.text),
      ])),
  ])

  static let catalog: SchemaShape = .record([
    "schema": schema, "chips": .optional(.list(.text)), "models": .optional(.list(.text)),
    "sites": .optional(.list(.text)), "id": .optional(.text),
    "facts": .optional(
      .list(
        .record([
          "name": .text, "value": .text, "grade": .optional(.text), "source": .optional(.text),
          "as_of": .optional(.text),
        ]))),
  ])

  static let settings: SchemaShape = .record([
    "schema": schema,
    "settings": .list(
      .record([
        "key": .text, "value": .text, "origin": .text, "meaning": .optional(.text),
        "variable": .optional(.text),
      ])),
  ])

  static let documents: SchemaShape = .record(["schema": schema, "scenario": .text, "fleet": .text])

  static let doctor: SchemaShape = .record([
    "schema": schema, "version": .text, "passed": .flag,
    "checks": .list(
      .record(["name": .text, "value": .text, "passed": .flag, "help": .optional(.text)])),
  ])
}
