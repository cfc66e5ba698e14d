import FleetData
import Ingest
import Workloads

/// `trace/1`: the JSON of `trace inspect`.
struct TraceInspection: Encodable {
  let scan: TraceScan
  let demand: DemandStatistics

  init(_ scan: TraceScan, _ demand: DemandStatistics) {
    self.scan = scan
    self.demand = demand
  }

  enum CodingKeys: String, CodingKey {
    case schema, format, requests, rejected, rejections, sessions, notes, lines, dispersion, hours, weekdays,
      joint
    case prefixes, concurrency, services, regions, tenants, classes, turns
    case rejectionsByReason = "rejections_by_reason"
    case start = "start_s"
    case end = "end_s"
    case duration = "duration_s"
    case input = "input_tokens"
    case output = "output_tokens"
    case reasoning = "reasoning_tokens"
    case cached = "cached_tokens"
    case rate = "rate_per_s"
    case variation = "interarrival_cv"
    case correlation = "length_rank_correlation"
    case series = "rate_series"
    case outOfOrder = "out_of_order"
    case repeats
  }

  func encode(to encoder: any Encoder) throws {
    var json = encoder.container(keyedBy: CodingKeys.self)
    try json.encode("trace/1", forKey: .schema)
    try json.encode(scan.format.rawValue, forKey: .format)
    try json.encode(demand.requests, forKey: .requests)
    try json.encode(scan.lines, forKey: .lines)
    try json.encode(scan.rejected, forKey: .rejected)
    try json.encode(scan.rejections, forKey: .rejections)
    try json.encode(scan.rejectionCounts, forKey: .rejectionsByReason)
    try json.encode(scan.notes, forKey: .notes)
    try json.encode(scan.outOfOrder, forKey: .outOfOrder)
    try json.encode(scan.repeats, forKey: .repeats)
    try json.encode(scan.startSeconds, forKey: .start)
    try json.encode(scan.endSeconds, forKey: .end)
    try json.encode(demand.durationSeconds, forKey: .duration)
    try json.encode(demand.ratePerSecond, forKey: .rate)
    try json.encode(demand.interarrivalCV, forKey: .variation)
    try json.encode(demand.inputTokens, forKey: .input)
    try json.encode(demand.outputTokens, forKey: .output)
    try json.encodeIfPresent(demand.reasoningTokens, forKey: .reasoning)
    try json.encodeIfPresent(demand.cachedTokens, forKey: .cached)
    try json.encodeIfPresent(demand.rankCorrelation, forKey: .correlation)
    try json.encode(demand.sessions?.sessions ?? 0, forKey: .sessions)
    try json.encodeIfPresent(demand.sessions, forKey: .turns)
    try json.encode(demand.series, forKey: .series)
    try json.encode(demand.dispersion, forKey: .dispersion)
    try json.encodeIfPresent(demand.hours, forKey: .hours)
    try json.encodeIfPresent(demand.weekdays, forKey: .weekdays)
    try json.encode(demand.joint, forKey: .joint)
    try json.encodeIfPresent(demand.prefixes, forKey: .prefixes)
    try json.encode(demand.concurrency, forKey: .concurrency)
    try json.encode(demand.services, forKey: .services)
    try json.encode(demand.regions, forKey: .regions)
    try json.encode(demand.tenants, forKey: .tenants)
    try json.encode(demand.classes, forKey: .classes)
  }
}
