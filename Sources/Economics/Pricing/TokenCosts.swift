import FleetData
import Quantities

/// The share of a request's replica time that its prompt takes; the rest goes to the tokens it generates.
///
///     prefill = I·(q + h/2048 + z) + I²/2·u
///     decode  = O · step(b, I + O/2) / b
///     share   = prefill / (prefill + decode)
///
/// - Shapes: I prompt and O output tokens per request, b sequences per step; q, h, u, z and `step` of `StepCost`.
/// - Why time: chips are paid by the hour, so a token costs what it keeps a chip busy for. A generated token is
///   dearer than a prompt token of equal FLOPs because each step reads the weights for only b tokens.
public func inputCostShare(
  of step: StepCost, inputTokens i: Double, outputTokens o: Double, batch b: Double
) throws(EconomicsError) -> Double {
  try require(i, .nonNegative, "input tokens per request")
  try require(o, .nonNegative, "output tokens per request")
  try require(b, .positive, "sequences per step")
  let prefill = step.promptSeconds(tokens: i)
  let decodeStep = step.seconds(
    meanDecoding: b, cachedTokens: b * (i + o / 2), prefilling: 0, attentionPairs: 0)
  let decode = o * decodeStep / b
  guard prefill + decode > 0 else { throw .nothingUsed("a request without tokens takes no time") }
  return prefill / (prefill + decode)
}

extension CostBreakdown {
  /// What tokens cost, one row per service of the ledger, sorted by service.
  ///
  /// Allocated cost is every line of the service. Used cost keeps its energy and traffic and takes the busy share of its
  /// chip-hours and building: what the tokens would cost if no reserved chip ever waited.
  /// - Parameters:
  ///   - inputShares: the share of a service's cost that its prompts caused, by service (see `inputCostShare`); a
  ///     service without an entry is split by FLOPs, which is by token count, since every token passes every weight.
  ///   - ledger: the ledger this breakdown prices, at its own length.
  ///   - period: the length it was stretched to when priced.
  /// - Throws: when a service has no tokens, FLOPs or cost to divide by.
  public func unitCosts(
    ledger: UsageLedger, period: Seconds? = nil, inputShares: [String: Double] = [:]
  ) throws(EconomicsError) -> [Plan.UnitCost] {
    let stretch = (period ?? ledger.period) / ledger.period
    var rows: [Plan.UnitCost] = []
    for service in Set(ledger.lines.compactMap(\.service)).sorted() {
      let use = ServiceUse(service, ledger.lines.filter { $0.service == service }, stretch)
      guard use.tokens > 0 else { continue }
      let share = inputShares[service] ?? use.inputTokens / use.tokens
      try require(share, .share, "input share of \(service)'s cost")
      rows.append(try unitCost(use, inputShare: share))
    }
    return rows
  }

  private func unitCost(_ use: ServiceUse, inputShare: Double) throws(EconomicsError) -> Plan.UnitCost {
    let own = lines.filter { $0.service == use.service }
    let cost = own.reduce(0) { $0 + $1.cost }
    guard cost > 0 else { throw .nothingUsed("\(use.service) costs nothing") }
    guard use.flops > 0 else { throw .nothingUsed("\(use.service) did no FLOPs") }
    let used = own.reduce(0) {
      $0 + $1.cost * ($1.category == .energy || $1.category == .network ? 1 : use.busyShare)
    }
    let energy = own.filter { $0.category == .energy }
    let carbon = energy.compactMap(\.carbonKilograms)
    func perMillion(_ dollars: Double, _ tokens: Double) -> Double {
      tokens > 0 ? dollars / tokens * 1e6 : 0
    }
    return Plan.UnitCost(
      service: use.service, month: month,
      usdPerMillionInputTokens: perMillion(cost * inputShare, use.inputTokens),
      usdPerMillionOutputTokens: perMillion(cost * (1 - inputShare), use.outputTokens),
      usdPerMillionTokens: perMillion(cost, use.tokens),
      usedUSDPerMillionTokens: perMillion(used, use.tokens), usdPerFLOP: cost / use.flops,
      tokensPerUSD: use.tokens / cost,
      gramsCO2PerMillionTokens: carbon.count == energy.count
        ? perMillion(carbon.reduce(0, +) * 1000, use.tokens) : nil,
      joulesPerToken: energy.reduce(0) { $0 + $1.quantity } * Joules.kilowattHour.value / use.tokens)
  }
}

/// One service's tokens and work over the priced period.
private struct ServiceUse {
  var service: String
  var inputTokens: Double
  var outputTokens: Double
  var flops: Double
  var busyShare: Double
  var tokens: Double { inputTokens + outputTokens }

  init(_ service: String, _ lines: [UsageLedger.Line], _ stretch: Double) {
    func total(_ field: (UsageLedger.Line) -> Double) -> Double { lines.reduce(0) { $0 + field($1) } }
    self.service = service
    inputTokens = total { $0.inputTokens.value } * stretch
    outputTokens = total { $0.outputTokens.value } * stretch
    flops = total { $0.flops.value } * stretch
    let capacity = total(\.capacityChipSeconds)
    busyShare = capacity > 0 ? total(\.busyChipSeconds) / capacity : 0
  }
}
