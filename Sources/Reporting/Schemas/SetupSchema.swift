import FleetData

/// The schema of a setup file: what `simulate` replays.
extension InputSchemas {
  static let setup: JSONValue = object(
    [
      member("schema", text("setup/1")), member("name", text("How the report calls the run.")),
      member(
        "fleet", text("A fleet file whose sites, regions, links and pods are used, relative to this one.")),
      member("seed", .schema("integer")), member("warm_up", quantity("Left out at the start.", "60s")),
      member("horizon", quantity("The run stops here, with requests in flight.", "1h")),
      member("routing", words(RoutingPolicy.allCases.map(\.rawValue))), member("scheduler", scheduler),
      member("regions", named("Where users are.", place)),
      member("sites", named("Where replicas stand.", setupSite)),
      member("links", list(link)), member("groups", named("Like replicas at one site.", group)),
      member("services", named("What users ask for.", setupService)), member("disruptions", list(disruption)),
      member("lose_failed", .schema("boolean")), member("note", text("For readers.")),
    ], required: ["schema", "groups", "services"])

  private static let scheduler = object([
    member("max_batch", quantity("The most sequences in one batch.", "256")),
    member("chunk", quantity("The most tokens in one step.", "2048")),
    member("kv_block", quantity("Tokens of one block of the KV cache.", "16")),
    member("watermark", quantity("Of the KV cache, left free by admissions.", "1%")),
    member(
      "swap", quantity("To host memory and back; without it preempted sequences start again.", "25GB/s")),
  ])

  private static let setupSite = object([
    member("catalog", text("A site of the catalog to take figures from.")),
    member("latitude", quantity("Degrees north.", "41.2")),
    member("longitude", quantity("Degrees east.", "-95.9")),
    member("pue", quantity("Facility power per IT power.", "1.12")),
    member("electricity", quantity("Price at the meter.", "$0.06/kWh")),
    member("power_cap", quantity("What the building may draw.", "500kW")),
  ])

  private static let group = object(
    [
      member("site", text("A site of this file; not needed where there is one.")),
      member("pod", text("A pod of the fleet, which says site, chip, price and power.")),
      member("model", text("A model of the catalog.", example: "llama-3.1-8b")),
      member("chip", text("A chip of the catalog.", example: "h100-sxm")),
      member("chips", quantity("Of one replica.", "8")), member("slice", quantity("Their shape.", "2x4")),
      member("sharding", sharding), member("weights", precision), member("kv", precision),
      member("replicas", quantity("Spares not counted.", "4")),
      member("spares", quantity("That stand by until one fails.", "1")),
      member("start_delay", quantity("From powering a replica until it serves.", "90s")),
      member("role", words(["both", "prefill", "decode"])),
      member(
        "kv_link", .object([member("anyOf", .array([quantity("Out of one replica.", "50GB/s"), kvLink]))])),
      member("price", quantity("Of a chip, electricity included.", "$2.40/chip.h")),
      member("chip_power", quantity("Of one busy chip with its host, before PUE.", "900W")),
      member("idle_power", quantity("Share drawn idle.", "30%")), member("speculation", speculation),
      member("prefix_cache", prefixCache), member("autoscale", autoscale),
      member("services", list(text("Served here; by default all of its model."))),
    ], required: ["model"])

  private static let sharding = object(
    ["tensor", "pipeline", "expert", "data", "sequence"].map { member($0, quantity("Ways.", "1")) })

  private static let kvLink = object(
    [
      member("bandwidth", quantity("Out of one prefill replica.", "50GB/s")),
      member("latency", quantity("Besides.", "100us")),
    ], required: ["bandwidth"])

  private static let speculation = object(
    [
      member("draft_tokens", quantity("Drafts of each round.", "3")),
      member("acceptance", quantity("Chance that one is accepted.", "70%")),
      member("draft_model", text("A model of the catalog; by default the model's own prediction layer.")),
      member("draft_step", quantity("Time of one draft; by default from the performance model.", "2ms")),
    ], required: ["draft_tokens", "acceptance"])

  private static let prefixCache = object([
    member("device", quantity("Share of the KV cache.", "20%")),
    member("host_tokens", quantity("Kept in host memory of a replica.", "1000000")),
    member("host_bandwidth", quantity("Back to the chip.", "50GB/s")),
    member("remote_tokens", quantity("Kept in a store of the group.", "100000000")),
    member("remote_bandwidth", quantity("Of its one link.", "10GB/s")),
  ])

  private static let autoscale = object(
    [
      member("minimum", quantity("Replicas that always run.", "1")),
      member("initial", quantity("That run at the start.", "1")),
      member("target", quantity("Requests in flight for each replica.", "32")),
      member("interval", quantity("Between two looks.", "30s")),
    ], required: ["target"])

  private static let setupService = object(
    [
      member("model", oneOrMore(text("A model of the catalog.", example: "llama-3.1-8b"))),
      member("trace", text("Requests, relative to this file.")),
      member("trace_format", text("When the content does not tell.", example: "azure")),
      member(
        "columns", text("Which column holds what.", example: "timestamp=time,input=prompt,output=answer")),
      member("rate", quantity("Mean requests per second of the trace.", "20req/s")),
      member("rate_scale", quantity("Arrivals come this many times as fast.", "2x")),
      member("repeat", quantity("The trace is played this many times.", "3")), member("arrivals", arrivals),
      member("thinking", quantity("Outputs are this many times longer.", "1")),
      member("regions", named("Share of the requests by region.", quantity("Share.", "50%"))),
      member("slo", objective), member("priority", .schema("integer")),
      member("queue_limit", quantity("Waiting at a replica; more are refused.", "100")),
      member("deadline", quantity("A request that waited longer is dropped.", "10s")),
      member("sessions", sessions), member("bytes_per_token", quantity("On the wire.", "4")),
    ], required: ["model"])

  private static let arrivals = object(
    [
      member("rate", quantity("Mean.", "20req/s")), member("count", quantity("Requests in all.", "10000")),
      member("process", words(SyntheticArrivals.Process.allCases.map(\.rawValue))),
      member("input", lengths), member("output", lengths),
    ], required: ["rate", "count", "input", "output"])

  private static let lengths: JSONValue = .object([
    member(
      "anyOf",
      .array([
        quantity("Tokens of every request.", "512"),
        object(
          [
            member("mean", quantity("Tokens; alone for an exponential.", "900")),
            member("sigma", quantity("Of a lognormal.", "0.8")),
            member("scv", quantity("Squared coefficient of variation of a hyperexponential.", "4")),
          ], required: ["mean"]),
      ]))
  ])

  private static let sessions = object([
    member("hold", quantity("The KV cache stays so long between two turns.", "5min")),
    member("state", quantity("Of an agent, moved when it meets another replica.", "2GB")),
    member("state_bandwidth", quantity("At which it moves.", "10GB/s")),
  ])

  private static let disruption = object([
    member(
      "fail", text("Drawn failures: chip, host, host/CHIPS, slice, site, link or kv-link.", example: "chip")),
    member("mtbf", quantity("Mean time between them.", "20000h")),
    member("mttr", quantity("Mean time to repair.", "30min")),
    member("outage", text("slice/INDEX, group, site, link or kv-link.", example: "slice/3")),
    member("maintenance", text("slice/INDEX, group or site; requests are served to their end.")),
    member("power_cap", quantity("The most the building may draw.", "200kW")),
    member("group", text("Of which group; by default every one.")),
    member("site", text("At which site; by default every one.")),
    member("region", text("From which region; by default every one.")),
    member("start", quantity("Since the run began.", "10min")),
    member("duration", quantity("It lasts.", "5min")),
  ])
}
