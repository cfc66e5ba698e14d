import FleetData

/// Sheets of values for what the run proved; the tables are the report's.
extension CapacityModel {
  func proofSheets() -> [Sheet] {
    var sheets: [Sheet] = []
    if view.hasForecasts {
      sheets.append(
        .values(
          "DemandForecast", view.forecastTable, note: "Forecast from the history, with its 95% interval."))
    }
    if view.hasSiteLosses {
      sheets.append(
        .values(
          "SiteLoss", view.siteLossTable(Array((plan.siteLosses ?? []).prefix(Self.lineLimit))),
          note: "Each row is a replay of the month's peak in which the site dies and stays away."))
    }
    if view.hasTradeOffs {
      sheets.append(
        .values("TradeOffs", view.tradeOffTable, note: "Money for carbon, and money for nearness to users."))
    }
    if view.hasBaselines {
      sheets.append(
        .values("Baselines", view.baselineTable, note: "The integer program against simpler methods."))
    }
    return sheets
  }
}

extension Sheet {
  /// A table as a sheet of results.
  static func values(_ name: String, _ table: Table, note: String) -> Sheet {
    var sheet = Sheet(
      name, title: table.title, note: [note, table.note ?? ""].filter { !$0.isEmpty }.joined(separator: " "),
      columns: table.columns.map {
        SheetColumn($0.title, $0.format == .text ? .label : .simulator, $0.format, unit: $0.unit)
      })
    for row in table.rows {
      sheet.append(
        row.map { cell in
          switch cell {
          case .text(let text): .text(text)
          case .number(let x, _): x.isFinite ? .number(x) : .text("n/a")
          case .absent: .text("n/a")
          }
        })
    }
    return sheet
  }
}
