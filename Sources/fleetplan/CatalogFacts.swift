import FleetData
import Quantities

/// One figure of the catalog, as `catalog show` prints it.
struct CatalogFact: Encodable {
  var name: String
  var value: String
  var grade: Grade?
  var asOf: String?
  var source: String?

  enum CodingKeys: String, CodingKey {
    case name, value, grade, source
    case asOf = "as_of"
  }

  init(_ name: String, _ value: String, _ provenance: Provenance? = nil) {
    self.name = name
    self.value = value
    grade = provenance?.grade
    asOf = provenance?.asOf
    source = provenance?.source
  }

  var line: String {
    let label = name + String(repeating: " ", count: max(1, 26 - name.count))
    guard let grade, let source else { return "\(label)\(value)" }
    let padded = value + String(repeating: " ", count: max(1, 24 - value.count))
    return "\(label)\(padded)\(grade.rawValue), \(asOf ?? "undated"): \(source)"
  }
}

extension ChipSpec {
  var facts: [CatalogFact] {
    var rows = [CatalogFact("chip", id), CatalogFact("vendor", vendor)]
    for precision in Precision.allCases {
      if let figure = peak[precision] {
        rows.append(
          CatalogFact("peak \(precision.rawValue)", "\(figure.value.value / 1e12) TFLOP/s", figure.provenance)
        )
      }
    }
    rows.append(CatalogFact("HBM", "\(hbmCapacity.value.value / 1e9) GB", hbmCapacity.provenance))
    rows.append(
      CatalogFact("HBM bandwidth", "\(hbmBandwidth.value.value / 1e9) GB/s", hbmBandwidth.provenance))
    rows.append(
      power.map { CatalogFact("power", "\($0.value.value) W", $0.provenance) }
        ?? CatalogFact("power", "no source found"))
    return rows + listPrices.map(\.fact)
  }
}

extension ListPrice {
  var fact: CatalogFact {
    let hourly = { (price: USDPerSecond?) in
      price.map { "$\(($0.value * Seconds.hour.value * 10_000).rounded() / 10_000)" } ?? "-"
    }
    return CatalogFact(
      "price \(vendor)\(region.map { " " + $0 } ?? "")",
      "\(hourly(onDemand))/chip.h, 1y \(hourly(commit1Year)), 3y \(hourly(commit3Year))", provenance)
  }
}

extension TransformerSpec {
  var facts: [CatalogFact] {
    [
      CatalogFact("model", id, provenance), CatalogFact("name", name),
      CatalogFact("layers", "\(layers.count)"),
      CatalogFact("width", "\(modelWidth)"), CatalogFact("vocabulary", "\(vocabulary)"),
      CatalogFact("published parameters", publishedParameters.map { "\($0 / 1e9) B" } ?? "not published"),
      CatalogFact("maximum context", maxContext.map(String.init) ?? "not stated"),
    ]
  }
}

extension CatalogSite {
  var facts: [CatalogFact] {
    var rows = [
      CatalogFact("site", id), CatalogFact("location", location),
      CatalogFact("coordinates", "\(latitude), \(longitude)"),
    ]
    let kilowattHour = Joules.kilowattHour.value
    if let electricity {
      rows.append(
        CatalogFact("electricity", "$\(electricity.value.value * kilowattHour)/kWh", electricity.provenance))
    }
    if let pue { rows.append(CatalogFact("PUE", "\(pue.value)", pue.provenance)) }
    if let carbon {
      rows.append(CatalogFact("carbon", "\(carbon.value.value * kilowattHour) g/kWh", carbon.provenance))
    }
    return rows
  }
}
