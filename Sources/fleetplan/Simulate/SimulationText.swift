import FleetData
import Foundation

/// A simulation as a person reads it.
struct SimulationText {
  let report: SimulationReport
  init(_ report: SimulationReport) { self.report = report }

  private var isOfSetup: Bool { report.name != nil }

  var text: String {
    var lines: [String] = []
    if report.interrupted { lines.append("INTERRUPTED: what follows covers the part that was simulated.") }
    lines.append(title)
    lines += totals
    if isOfSetup { lines += tables }
    lines += report.promises.map(promise)
    lines += verdicts
    if let replications = report.replications { lines += over(replications) }
    lines.append(report.steady ? "steady state: yes" : "steady state: NO, \(report.unsteadyReason ?? "")")
    lines += alsoUnsteady
    return lines.joined(separator: "\n")
  }

  private var title: String {
    let routing = "\(report.routing) routing"
    if let name = report.name {
      return
        "\(name): \(counted(report.services.count, "service")) on \(counted(report.groups.count, "group")) at "
        + "\(counted(report.sites.count, "site")), \(routing)"
    }
    let counts =
      report.groups.count > 1
      ? report.groups.map { "\($0.replicas) \($0.role)" }.joined(separator: " + ")
      : "\(report.replicas)\(report.spares > 0 ? " + \(report.spares) spare" : "")"
    let replica = report.replica
    return "\(counts) x \(replica.model) on \(replica.chips) \(replica.chip) (\(replica.slice)), \(routing)"
  }

  private var totals: [String] {
    let requests = report.requests
    var lines = [
      "requests  \(requests.arrived) arrived, \(requests.completed) completed, \(requests.running) running, "
        + "\(requests.queued) queued, \(requests.rejected) rejected in \(short(report.simulated)) s",
      "tokens    \(report.tokens.input) in, \(report.tokens.output) out, \(short(report.outputTokensPerSecond)) out "
        + "per second", "seconds   mean      p50       p90       p99",
    ]
    for (name, summary) in [("TTFT", report.ttft), ("TPOT", report.tpot), ("latency", report.endToEnd)] {
      guard let summary else { continue }
      let cells = [summary.mean, summary.p50, summary.p90, summary.p99].map { padded(short($0), 10) }
      lines.append(padded(name, 10) + cells.joined())
    }
    lines.append(
      "busy \(short(report.utilization * 100)) % of the time with \(short(report.meanBatch)) sequences per step"
        + (report.mfu.map { " (MFU \(short($0 * 100)) %)" } ?? "")
        + ", KV cache \(short(report.kvUtilization * 100)) % full, \(report.preemptions) preemptions")
    if !isOfSetup, let prefill = report.groups.first(where: { $0.role == "prefill" }) {
      lines.append(
        "caches    \(prefill.requests) sent to decode over links busy \(short((prefill.linkUtilization ?? 0) * 100)) % of the time"
      )
    }
    return lines
  }

  // MARK: Tables of a setup

  private var tables: [String] {
    let services =
      [
        [
          "service", "arrived", "completed", "rejected", "TTFT p50", "p99", "TPOT p50", "p99", "latency p99",
          "goodput/s",
        ]
      ]
      + report.services.map { service in
        [
          service.service, "\(service.requests.arrived)", "\(service.requests.completed)",
          "\(service.requests.rejected)", short(service.ttft?.p50), short(service.ttft?.p99),
          short(service.tpot?.p50), short(service.tpot?.p99), short(service.endToEnd?.p99),
          short(service.goodput),
        ]
      }
    let groups =
      [
        [
          "group", "site", "replicas", "chip", "requests", "busy %", "batch", "KV %", "MFU %", "down %",
          "off %",
        ]
      ]
      + report.groups.map { group in
        [
          group.group + (group.role == "both" ? "" : " (\(group.role))"), group.site,
          "\(group.replicas)" + (group.spares > 0 ? "+\(group.spares)" : ""),
          (group.replica.chips > 1 ? "\(group.replica.chips) " : "") + group.replica.chip,
          "\(group.requests)",
          short(group.utilization * 100), short(group.meanBatch), short(group.kvUtilization * 100),
          short(group.mfu.map { $0 * 100 }), short(group.downShare * 100), short(group.offShare * 100),
        ]
      }
    let sites =
      [["site", "chips", "IT kW", "IT kWh", "dollars"]]
      + report.sites.map { site in
        [
          site.site, "\(site.chips)", short(site.meanPower.map { $0 / 1000 }),
          short(site.energy.map { $0 / 3.6e6 }),
          short(site.cost),
        ]
      }
    var lines = [""] + aligned(services) + [""] + aligned(groups)
    if report.sites.contains(where: { $0.energy != nil || $0.cost != nil }) { lines += [""] + aligned(sites) }
    let links =
      report.uplinks.map {
        "uplink    \($0.region) to \($0.site) busy \(short($0.utilization * 100)) % of the time"
      }
      + report.groups.compactMap { group in
        group.linkUtilization.map {
          "caches    out of \(group.group): links busy \(short($0 * 100)) % of the time"
        }
      }
    return lines + [""] + links
  }

  /// Columns as wide as their widest cell; the first is text, the others end in line.
  private func aligned(_ rows: [[String]]) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let isText = rows[0].indices.map { ["service", "group", "site", "chip"].contains(rows[0][$0]) }
    return rows.map { row in
      let cells = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return isText[column] ? row[column] + space : space + row[column]
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  // MARK: Sentences

  private func promise(_ promise: SimulationReport.Promise) -> String {
    let never = promise.unserved > 1 - promise.percentile
    let result =
      never
      ? "\(short(promise.unserved * 100)) % were never served, "
      : "\(short(promise.value)) s, \(short(promise.low)) to \(short(promise.high)) s with 95 % confidence, "
    return "promise   " + (isOfSetup ? "\(promise.service): " : "")
      + "\(promise.metric) of \(short(promise.limit)) s at p\(percent(promise.percentile)): "
      + result + (promise.kept ? "kept" : "BROKEN")
  }

  private var verdicts: [String] {
    var lines: [String] = []
    if report.hasObjective || report.goodputPerDollar != nil {
      lines.append(
        "goodput   \(short(report.goodput)) requests/s within what is promised"
          + (report.attainment.map { ", \(short($0 * 100)) % of those that arrived" } ?? "")
          + (report.goodputPerDollar.map { ", \(short($0)) per dollar" } ?? ""))
    }
    for service in report.services where service.sheds && service.requests.rejected > 0 {
      let share = Double(service.requests.rejected) / Double(max(service.requests.arrived, 1))
      lines.append(
        "refused   " + (isOfSetup ? "\(service.service): " : "") + "\(short(share * 100)) % of the requests; "
          + service.bottleneck)
    }
    if report.hasDisruptions {
      lines.append(
        "failures  \(report.failedRequests) requests were running on what failed, chips were down "
          + "\(short(report.downShare * 100)) % and switched off \(short(report.offShare * 100)) % of the time"
      )
    }
    if report.reusedTokens > 0 {
      lines.append("reused    \(report.reusedTokens) prompt tokens found in caches")
    }
    return lines
  }

  private func over(_ replications: SimulatedReplications) -> [String] {
    var lines = [
      "over \(replications.completed) of \(replications.asked) replications, mean with 95 % interval"
        + " (figures above are the first's); \(replications.steady) steady"
    ]
    for service in replications.services {
      let figures = [
        ("TTFT p50", service.ttft.p50), ("TTFT p99", service.ttft.p99), ("TPOT p99", service.tpot.p99),
        ("latency p99", service.endToEnd.p99),
      ]
      for (name, interval) in figures {
        guard let interval else { continue }
        lines.append(
          "  " + (isOfSetup ? "\(service.service): " : "")
            + "\(name) \(short(interval.value)) s, \(short(max(0, interval.low))) to \(short(interval.high)) s"
        )
      }
      if let goodput = service.goodput {
        lines.append(
          "  " + (isOfSetup ? "\(service.service): " : "")
            + "goodput \(short(goodput.value)) requests/s, \(short(max(0, goodput.low))) to \(short(goodput.high))"
        )
      }
    }
    return lines
  }

  /// The first service's reason stands in the verdict; the others follow.
  private var alsoUnsteady: [String] {
    let unsteady = report.services.filter { !$0.steady }
    guard isOfSetup, unsteady.count > 1 else { return [] }
    return unsteady.map { "  \($0.service): \($0.unsteadyReason ?? "")" }
  }

  // MARK: Numbers

  private func counted(_ count: Int, _ thing: String) -> String {
    "\(count) \(thing)\(count == 1 ? "" : "s")"
  }

  /// 0.99 as 99, 0.999 as 99.9.
  private func percent(_ share: Double) -> String {
    let percent = (share * 1e6).rounded() / 1e4
    return percent == percent.rounded() ? String(Int(percent)) : String(percent)
  }

  private func short(_ value: Double?) -> String { value.map { short($0) } ?? "-" }

  /// Three significant digits.
  private func short(_ value: Double) -> String {
    guard value != 0 else { return "0" }
    let digits = 2 - Int(log10(value.magnitude).rounded(.down))
    if digits <= 0 { return String(Int(value.rounded())) }
    let scale = pow(10, Double(digits))
    return String((value * scale).rounded() / scale)
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
