import FleetData

/// The schemas of files that people write: quantities are numbers with a unit in a string.
enum InputSchemas {
  static func member(_ name: String, _ value: JSONValue) -> JSONValue.Member { .init(name, value) }

  static func text(_ description: String, example: String? = nil, pattern: String? = nil) -> JSONValue {
    var members = [member("description", .string(description))]
    if let example { members.append(member("examples", .array([.string(example)]))) }
    if let pattern { members.append(member("pattern", .string(pattern))) }
    return .schema("string", members)
  }

  static func quantity(_ description: String, _ example: String) -> JSONValue {
    .object([
      member("type", .array([.string("string"), .string("number")])),
      member("description", .string(description)), member("examples", .array([.string(example)])),
    ])
  }

  static func object(_ properties: [JSONValue.Member], required: [String] = []) -> JSONValue {
    .schema(
      "object",
      [
        member("properties", .object(properties)), member("additionalProperties", .bool(false)),
        member("patternProperties", .object([member("^x-", .object([]))])),
        member("required", .array(required.map { .string($0) })),
      ])
  }

  /// Things by name.
  static func named(_ description: String, _ value: JSONValue) -> JSONValue {
    .schema("object", [member("description", .string(description)), member("additionalProperties", value)])
  }

  static func list(_ items: JSONValue) -> JSONValue {
    .schema("array", [member("items", items)])
  }

  static func oneOrMore(_ item: JSONValue) -> JSONValue {
    .object([member("anyOf", .array([item, list(item)]))])
  }

  /// `fleetplan.yaml`: settings for all commands.
  static let configuration: JSONValue = object([
    member("schema", text("config/1")), member("catalog", text("A directory that overlays the catalog.")),
    member("color", words(["auto", "always", "never"])),
    member("format", text("What plan writes.", example: "xlsx,md,json")),
    member("gate_mode", words(["enforce", "warn", "off"])),
    member("jobs", quantity("Cells of a sweep planned at once; 0 takes every core.", "2")),
    member("out", text("Where plan writes.")), member("progress", words(["auto", "plain", "none"])),
    member("results", text("Where a sweep keeps its cells.")),
  ])

  static func words(_ words: [String]) -> JSONValue {
    .object([member("enum", .array(words.map { .string($0) }))])
  }

  /// A named change, made in order.
  private static let change = object(
    [
      member("name", text("How reports call the change.")), member("why", text("Its reason.")),
      member("author", text("Who proposes it.")),
      member("set", named("New values by path.", .object([]))),
      member("scale", named("Factors by path.", quantity("Factor.", "0.9"))),
      member("add", named("Things that are not there yet, by path.", .object([]))),
      member(
        "remove", .object([member("type", .array([.string("string"), .string("array")]))])),
      member("expect", named("What must still be there, by path.", quantity("Value.", "5%/month"))),
    ], required: ["name"])

  static let gates: JSONValue = list(
    object(
      [
        member("name", text("How reports call the gate.")),
        member(
          "expr",
          text(
            "METRIC[key=value] <= LIMIT with a unit; delta(…) compares with a baseline.",
            example: "cost.month.total <= $2.6M",
            pattern: "(<=|>=|==|<|>)")),
        member("severity", .object([member("enum", .array([.string("error"), .string("warn")]))])),
        member("why", text("Why the limit exists.")), member("owner", text("Whom to ask.")),
      ], required: ["name", "expr"]))

  static let fleet: JSONValue = object(
    [
      member("schema", text("fleet/1")), member("name", text("The fleet's name.")),
      member("currency", text("USD")),
      member(
        "fx",
        named("Dollars for one unit of each other currency that prices are in.", quantity("A rate.", "$1.08"))
      ),
      member("note", text("For readers.")), member("regions", named("Where users are.", place)),
      member("sites", named("Places with power and pods.", site)),
      member("pods", named("Blocks of chips.", pod)),
      member("links", list(link)), member("quotas", list(quota)),
    ], required: ["schema", "sites", "pods"])

  /// A month of the calendar, or months counted from the first of the plan, which is 0.
  private static func month(_ what: String) -> JSONValue {
    quantity("\(what): the month, or months after the first of the plan, such as 3.", "2027-04")
  }

  static let place = object([
    member("catalog", text("A site of the catalog to take coordinates from.")),
    member("latitude", quantity("Degrees north.", "41.2")),
    member("longitude", quantity("Degrees east.", "-95.9")),
  ])

  private static let powerStep = object(
    [member("from", month("First month")), member("cap", quantity("From then on.", "8MW"))],
    required: ["from", "cap"])

  private static let retirement = object(
    [member("from", month("First month without them")), member("count", quantity("Blocks.", "2"))],
    required: ["from", "count"])

  private static let commitment = object(
    [
      member("from", month("First month of the price")),
      member("until", month("First month after it")),
      member("otherwise", quantity("Price on demand outside those months.", "$4/chip.h")),
    ], required: ["until"])

  private static let quota = object(
    [
      member("chip", text("A chip of the catalog.")), member("site", text("One site; none = over all.")),
      member("chips", quantity("In use at most.", "512")),
    ], required: ["chip", "chips"])

  private static let band = object(
    [
      member("from", quantity("Local hour it begins.", "16")),
      member("to", quantity("Local hour it ends.", "21")),
      member("price", quantity("Price of energy in it.", "$0.20/kWh")),
    ], required: ["from", "to", "price"])

  private static let site = object(
    [
      member("catalog", text("A site of the catalog to take figures from.")),
      member("latitude", quantity("Degrees north.", "41.2")),
      member("longitude", quantity("Degrees east.", "-95.9")),
      member("power_cap", quantity("What the building may draw.", "5MW")),
      member("pue", quantity("Facility power per IT power.", "1.12")),
      member("electricity", quantity("Price at the meter.", "$0.06/kWh")), member("tariff", list(band)),
      member("carbon", quantity("Carbon of the grid.", "300g/kWh")),
      member("residency", text("Where data stays.")),
      member("construction", quantity("Price of the building.", "$11/W")),
      member("power_ramp", list(powerStep)), member("power_by_hour", list(quantity("Share.", "80%"))),
      member("hourly_ramp", quantity("Most change of the draw from hour to hour.", "2MW")),
      member("electricity_by_hour", list(quantity("Tariff of an hour (UTC).", "$0.06/kWh"))),
      member("carbon_by_hour", list(quantity("Of an hour (UTC).", "413g/kWh"))),
      member("cooling", quantity("IT power that can be cooled.", "4MW")),
      member("racks", quantity("Rack positions.", "120")),
      member("source", text("Where figures come from.")),
      member("as_of", text("Their date.")),
    ], required: ["power_cap"])

  private static let price = object([
    member("owned", quantity("Capital of one chip.", "$18000/chip")),
    member("depreciation", quantity("Life of the capital.", "60months")),
    member("interest", quantity("Per year.", "8%/year")),
    member("committed", quantity("Paid whether used or not.", "$1.20/chip.h")),
    member("on_demand", quantity("Paid while allocated.", "$2.40/chip.h")),
    member("spot", quantity("As on demand, may be interrupted.", "$0.80/chip.h")),
    member("interruptions", quantity("How often.", "0.01/chip.h")), member("source", text("Quote or list.")),
    member("as_of", text("Its date.")),
  ])

  private static let pod = object(
    [
      member("site", text("A site of this file.")),
      member("chip", text("A chip of the catalog.", example: "tpu-v5e")),
      member("topology", quantity("Mesh of one block, or its number of chips.", "16x16")),
      member("count", quantity("How many blocks.", "1")), member("price", price),
      member("available_from", month("First month of use")),
      member("retired_from", month("First month without it")),
      member("chip_power", quantity("At the wall, busy.", "260W")),
      member("idle_power", quantity("Share drawn idle.", "30%")),
      member("purchasable", quantity("Further blocks for sale.", "2")),
      member("lead_time", quantity("Until they stand.", "3months")),
      member("availability", quantity("Chance that a chip is up.", "99.5%")),
      member("retirements", list(retirement)), member("commitment", commitment),
      member("restart", quantity("After a spot interruption.", "5min")),
      member("racks_per_block", quantity("Rack positions of a block.", "4")),
      member("source", text("Where figures come from.")),
      member("as_of", text("Their date.")),
    ], required: ["site", "chip", "price"])

  static let link = object(
    [
      member("from", text("A site or region.")), member("to", text("A site or region.")),
      member("rtt", quantity("Round trip.", "104ms")),
      member("bandwidth", quantity("Of the path.", "100Gbit/s")),
      member("egress", quantity("Price of traffic.", "$0.02/GB")),
      member("source", text("Where figures come from.")),
      member("as_of", text("Their date.")),
    ], required: ["from", "to", "rtt"])

  static let scenario: JSONValue = object(
    [
      member("schema", text("scenario/1")), member("name", text("The plan's name.")),
      member("fleet", text("The fleet file, relative to this one.")),
      member("start", text("First month.", example: "2027-01", pattern: "^[0-9]{4}-[0-9]{2}$")),
      member("horizon", quantity("Months planned.", "12months")), member("seed", .schema("integer")),
      member("budget", quantity("Limit of each month.", "$1.2M/month")),
      member("discount_rate", quantity("Of later dollars.", "8%/year")),
      member("max_utilization", quantity("Of a replica's capacity.", "80%")),
      member("survive_site_loss", .schema("boolean")),
      member("standby_replicas", quantity("That every deployment may lose: 1 is N+1.", "1")),
      member("utilization_after_loss", quantity("Of what is left after such a loss.", "90%")),
      member("spare_confidence", quantity("That enough replicas are up.", "99.9%")),
      member("objective", text("cost, carbon or latency.", example: "cost")),
      member("carbon_price", quantity("Counted beside money.", "$100/t")),
      member("services", named("What is offered to users.", service)),
      member("gates", gates), member("training", .schema("object")),
      member("changes", list(change)),
      member("sweep", .schema("object")), member("note", text("For readers.")),
    ], required: ["schema", "fleet", "start", "services"])

  private static let service = object(
    [
      member("model", oneOrMore(text("A model of the catalog.", example: "llama-3.1-70b"))),
      member("weights", precision),
      member("kv", precision), member("trace", text("Demand, relative to this file.")),
      member("peak_rate", quantity("Requests in the peak hour.", "24req/s")),
      member("load_factor", quantity("Mean load per peak load.", "60%")),
      member("load_curve", oneOrMore(quantity("Load of a local hour, or trace.", "80%"))),
      member("growth", quantity("Of demand.", "6%/month")),
      member("history", oneOrMore(quantity("Peak rate of a past step, or trace.", "80req/s"))),
      member("forecast", forecast),
      member("thinking", quantity("Outputs are this many times longer.", "1")),
      member("bytes_per_token", quantity("On the wire, prompt or answer.", "4")), member("slo", objective),
      member("regions", named("Share of demand by region.", quantity("Share.", "50%"))),
      member("residency", text("Where its data must stay.")),
      member("chips", list(text("A chip it may run on."))),
      member("priority", .schema("integer")),
    ], required: ["model", "trace"])

  private static let forecast = object([
    member("every", quantity("Length of a step.", "1month")),
    member("season", .schema("integer")),
    member("quantile", quantity("Demand planned for.", "90%")),
  ])

  static let objective = object([
    member("ttft", quantity("Time to first token.", "800ms")),
    member("tpot", quantity("Time per output token.", "40ms")),
    member("end_to_end", quantity("Whole request.", "30s")),
    member("percentile", quantity("Promised share.", "99%")),
  ])

  static let precision: JSONValue = .object([
    member("enum", .array(Precision.allCases.map { .string($0.rawValue) }))
  ])
}
