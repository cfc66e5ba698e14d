import Economics
import FleetData
import Planning

/// A small question that every study's tests ask: an 8B model on up to 16 chips, $2 an hour, fully used.
enum StudyWorld {
  static func serving(
    model: String = "llama-3.1-8b", chip: String = "tpu-v5e", price: InputRange = InputRange(2),
    utilization: InputRange = InputRange(1), output: Double = 200, tpot: Double? = 0.05, maxChips: Int = 16
  ) throws -> ScaleQuestion {
    ScaleQuestion(
      model: try Catalog.builtIn.model(model), chip: try Catalog.builtIn.chip(chip), weights: .int8,
      kv: .int8, input: InputRange(1000), output: InputRange(output), maxChips: maxChips, rent: price,
      utilization: utilization, secondsPerToken: tpot.map { InputRange($0) })
  }

  static func spend(
    requestsPerDay: Double = 1e6, growth: Double = 0, months: Int = 24, output: Double = 200,
    tokensPerParameter: Double = 20
  ) throws -> SpendQuestion {
    SpendQuestion(
      serving: try serving(output: output), trainingChip: try Catalog.builtIn.chip("tpu-v5e"),
      trainingChips: InputRange(256),
      trainingUSDPerChipHour: InputRange(1), mfu: InputRange(0.4),
      tokensPerParameter: InputRange(tokensPerParameter),
      requestsPerDay: InputRange(requestsPerDay), growth: InputRange(growth),
      months: InputRange(Double(months)))
  }

  static func sites(link: Double = 40e9, sites: Int = 4) throws -> SitesQuestion {
    SitesQuestion(
      model: try Catalog.builtIn.model("llama-3.1-8b"), chip: try Catalog.builtIn.chip("tpu-v5e"),
      sites: InputRange(Double(sites)), tokens: InputRange(160e9), mfu: InputRange(0.4),
      linkBitsPerSecond: InputRange(link), usdPerChipHour: InputRange(1),
      power: PowerTerms(watts: InputRange(250)),
      serving: try serving(tpot: nil))
  }
}

extension StudyResult {
  func value(_ id: String) throws -> Double {
    guard let finding = finding(id) else { throw Missing(id: id) }
    return finding.value
  }
  struct Missing: Error { var id: String }

  /// A column of a table, absent cells left out.
  func column(_ title: String, of table: String) -> [Double] {
    guard let table = allTables.first(where: { $0.id == table }),
      let i = table.columns.firstIndex(where: { $0.title == title })
    else { return [] }
    return table.rows.compactMap { if case .number(let x, _) = $0[i] { x } else { nil } }
  }
}
