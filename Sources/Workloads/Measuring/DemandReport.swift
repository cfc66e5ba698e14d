import FleetData

/// Demand as a document: tables and charts of what was measured.
public enum DemandReport {
  /// - Parameters:
  ///   - facts: sentences about the file the trace came from.
  ///   - hasCharts: false where pictures cannot go with the text.
  public static func report(
    _ demand: DemandStatistics, of facts: [String], hasCharts: Bool = true
  ) -> Report {
    var sections = [
      Report.Section(
        "Trace",
        [.bullets(facts), .table(summary(demand)), .table(lengths(demand)), .table(joint(demand))]
          + (demand.prefixes.map { [.table(hitTable($0))] } ?? []))
    ]
    sections += (hasCharts ? charts(demand) : []).map { Report.Section($0.title, [.chart($0)]) }
    let shares = [
      ("Models", demand.services), ("Regions", demand.regions), ("Tenants", demand.tenants),
      ("Classes", demand.classes),
    ]
    for (title, shares) in shares where !shares.isEmpty {
      sections.append(Report.Section(title, [.table(table(title, shares))]))
    }
    return Report(title: "What the trace asks for", sections: sections)
  }

  /// The pictures this demand has: `rate`, `lengths`, and `hours` and `prefixes` where known.
  public static func charts(_ demand: DemandStatistics) -> [Chart] {
    var charts = [rate(demand.series, demand.durationSeconds), lengthCurves(demand)]
    if let hours = demand.hours, demand.durationSeconds > 6 * 3600 { charts.append(byHour(hours)) }
    if let prefixes = demand.prefixes { charts.append(hitRates(prefixes)) }
    return charts
  }

  private static func summary(_ demand: DemandStatistics) -> Table {
    var rows: [[Cell]] = [
      [.text("Requests"), .text(String(demand.requests)), .text("")],
      [.text("Duration"), .number(demand.durationSeconds), .text("s")],
      [.text("Rate"), .number(demand.ratePerSecond), .text("1/s")],
      [
        .text("CV of gaps"), demand.interarrivalCV.map { .number($0) } ?? .absent(reason: "one arrival time"),
        .text(""),
      ],
    ]
    rows += demand.dispersion.map {
      [.text("Index of dispersion over \($0.windowSeconds) s"), .number($0.index), .text("")]
    }
    if let correlation = demand.rankCorrelation {
      rows.append([.text("Rank correlation of input and output"), .number(correlation), .text("")])
    }
    if let sessions = demand.sessions {
      rows.append([.text("Sessions"), .text(String(sessions.sessions)), .text("")])
      rows.append([.text("Turns per session, mean"), .number(sessions.meanTurns), .text("")])
    }
    if let prefixes = demand.prefixes {
      rows.append([
        .text("Ideal prefix hit rate"), .number(prefixes.idealHitRate * 100), .text("% of input tokens"),
      ])
    }
    rows.append([.text("Concurrency, mean"), .number(demand.concurrency.mean), .text("requests")])
    rows.append([.text("Concurrency, peak"), .text(String(demand.concurrency.peak)), .text("requests")])
    return Table(
      id: "summary", title: "Summary",
      columns: [.init("Figure"), .init("Value", format: .significant3), .init("Unit")], rows: rows,
      note:
        "Concurrency assumes \(demand.concurrency.secondsPerOutputToken) s per output token and no waiting.")
  }

  private static func lengths(_ demand: DemandStatistics) -> Table {
    let named = [
      ("Input", demand.inputTokens), ("Output", demand.outputTokens), ("Reasoning", demand.reasoningTokens),
      ("Cached", demand.cachedTokens),
    ]
    let rows: [[Cell]] = named.compactMap { name, lengths in
      lengths.map {
        [.text(name)]
          + [$0.mean, $0.p50, $0.p90, $0.p99, Double($0.max), Double($0.total)].map { .number($0) }
      }
    }
    let columns = ["Mean", "p50", "p90", "p99", "Max", "Total"].map { Table.Column($0, format: .integer) }
    return Table(id: "lengths", title: "Tokens per request", columns: [.init("Tokens")] + columns, rows: rows)
  }

  private static func joint(_ demand: DemandStatistics) -> Table {
    let joint = demand.joint.coarsened(to: 8)
    let rows = zip(joint.inputEdges, joint.requests).map { edge, requests -> [Cell] in
      [.number(edge)] + requests.map { .number(Double($0) / Double(demand.requests) * 100) }
    }
    return Table(
      id: "joint", title: "Requests by input and output tokens, %",
      columns: [.init("Input from", format: .integer)]
        + joint.outputEdges.map { .init("Output from \(Int($0))", format: .decimal1) }, rows: rows)
  }

  private static func hitTable(_ prefixes: PrefixStatistics) -> Table {
    Table(
      id: "prefix-cache", title: "Prefix cache",
      columns: [
        .init("Blocks of \(prefixes.blockTokens) tokens", format: .integer),
        .init("Blocks found, %", format: .decimal1),
      ], rows: prefixes.curve.map { [.number(Double($0.cacheBlocks)), .number($0.hitRate * 100)] },
      note: "Least recently used blocks make room.")
  }

  private static func table(_ title: String, _ shares: [DemandShare]) -> Table {
    Table(
      id: title.lowercased(), title: title,
      columns: [.init("Name")]
        + ["Requests", "Input tokens", "Output tokens"].map { .init($0, format: .integer) },
      rows: shares.map {
        [
          .text($0.name), .number(Double($0.requests)), .number(Double($0.inputTokens)),
          .number(Double($0.outputTokens)),
        ]
      })
  }

  private static func rate(_ series: RateSeries, _ durationSeconds: Double) -> Chart {
    let bins = series.coarsened(to: 200)
    let points = bins.requests.indices.compactMap { bin -> Chart.Point? in
      // The last bin may have hardly begun when the trace ends: its rate is that of its part, or left out.
      let width = min(Double(bins.binSeconds), durationSeconds - Double(bin * bins.binSeconds))
      guard width >= Double(bins.binSeconds) / 2 || bin == 0 else { return nil }
      return Chart.Point(
        x: Double(bin * bins.binSeconds) / 3600, y: Double(bins.requests[bin]) / max(1, width))
    }
    return Chart(
      id: "rate", title: "Rate over time", kind: .line, x: .init("Time", unit: "h"),
      y: .init("Requests", unit: "1/s"),
      series: [.init("requests", points)],
      altText: "Requests per second over the trace in bins of \(bins.binSeconds) s")
  }

  /// Share of requests at or below a length, read off the percentiles kept.
  private static func lengthCurves(_ demand: DemandStatistics) -> Chart {
    func curve(_ name: String, _ lengths: LengthStatistics) -> Chart.Series {
      let known = [
        (lengths.p10, 0.1), (lengths.p50, 0.5), (lengths.p90, 0.9), (lengths.p99, 0.99),
        (lengths.p999, 0.999),
      ]
      return Chart.Series(name, known.map { Chart.Point(x: max(1, $0.0), y: $0.1 * 100) })
    }
    return Chart(
      id: "lengths", title: "Lengths", kind: .line, x: .init("Tokens", unit: "tokens", logarithmic: true),
      y: .init("Requests at or below", unit: "%"),
      series: [curve("input", demand.inputTokens), curve("output", demand.outputTokens)],
      altText: "Share of requests at or below a number of input and of output tokens")
  }

  private static func byHour(_ hours: [Int]) -> Chart {
    Chart(
      id: "hours", title: "Hours of the day", kind: .columns, x: .init("Hour (UTC)", unit: ""),
      y: .init("Requests", unit: ""), categories: (0..<24).map(String.init),
      series: [.init("requests", hours.enumerated().map { Chart.Point(x: Double($0), y: Double($1)) })],
      altText: "Requests by hour of the day")
  }

  private static func hitRates(_ prefixes: PrefixStatistics) -> Chart {
    let points = prefixes.curve.map { Chart.Point(x: Double($0.cacheBlocks), y: $0.hitRate * 100) }
    return Chart(
      id: "prefixes", title: "Prefix cache", kind: .line,
      x: .init("Cache", unit: "blocks of \(prefixes.blockTokens) tokens", logarithmic: true),
      y: .init("Blocks found", unit: "%"), series: [.init("least recently used", points)],
      altText: "Share of prefix blocks found against the size of the cache")
  }
}
