import FleetData
import Quantities

/// Decodes a site's `tariff`: a list of `{from: 16, to: 21, price: $0.20/kWh}` in local hours, on top of `electricity`.
struct TariffReader {
  let log: StudyLog

  func tariff(_ node: ConfigNode?, base: USDPerJoule, path: String) -> Tariff? {
    guard let node else { return nil }
    guard case .sequence(let items) = node.content, !items.isEmpty else {
      log.report(
        Diagnostic(
          "'tariff' must be a list of bands", at: node.location, found: node.kind,
          expected: "- {from: 16, to: 21, price: $0.20/kWh}"))
      return nil
    }
    let bands = items.enumerated().compactMap { band($0.element, path: "\(path).tariff[\($0.offset)]") }
    return bands.count == items.count ? Tariff(base: base, bands: bands) : nil
  }

  private func band(_ node: ConfigNode, path: String) -> Tariff.Band? {
    let fields = FieldReader(node, path: path, known: ["from", "to", "price"], log: log)
    let from = fields.requiredNumber("from", .count, in: 0...23, help: "the local hour the band begins")
    let to = fields.requiredNumber("to", .count, in: 0...24, help: "the local hour the band ends")
    let price = fields.requiredNumber("price", .energyPrice)
    guard let from, let to, let price else { return nil }
    guard from.rounded() == from, to.rounded() == to, from != to else {
      log.report(
        Diagnostic(
          "a band of a tariff covers whole hours", at: node.location, found: "\(from) to \(to)",
          expected: "two different whole hours"))
      return nil
    }
    return Tariff.Band(from: Int(from), to: Int(to), price: USDPerJoule(price))
  }
}
