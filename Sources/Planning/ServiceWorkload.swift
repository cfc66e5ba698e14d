import FleetData
import Quantities

/// What a service asks of the fleet: its trace's lengths and arrival process at the scenario's rates.
public struct ServiceWorkload: Sendable {
  public let service: Service
  public let trace: WorkloadTrace
  /// Mean prompt and answer, in tokens; the answer includes the thinking multiplier.
  public let meanInput: Double
  public let meanOutput: Double
  /// The rate the trace itself arrives at, in requests per second.
  public let traceRate: Double

  public init(service: Service, trace: WorkloadTrace) {
    self.service = service
    self.trace = trace
    let count = Double(max(1, trace.count))
    meanInput = trace.inputTokens.reduce(0.0) { $0 + Double($1) } / count
    meanOutput = trace.outputTokens.reduce(0.0) { $0 + Double($1) } / count * service.thinkingMultiplier
    let seconds = trace.duration.value
    traceRate = trace.count > 1 && seconds > 0 ? Double(trace.count - 1) / seconds : 1
  }

  /// The peak hour's rate in a month: rate · (1 + growth)^month, in requests per second.
  public func peakRate(month: Int) -> Double {
    var rate = service.requestsPerSecond ?? traceRate
    for _ in 0..<month { rate *= 1 + service.monthlyGrowth }
    return rate
  }

  /// Context a decoding request holds on average: its prompt and half its answer.
  public var meanContext: Double { meanInput + meanOutput / 2 }

  public func demandRow(month: Int) -> Plan.DemandRow {
    Plan.DemandRow(
      month: month, service: service.id, requestsPerSecond: peakRate(month: month),
      meanInputTokens: meanInput, meanOutputTokens: meanOutput)
  }
}
