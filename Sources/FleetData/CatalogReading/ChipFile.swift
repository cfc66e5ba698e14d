import Foundation
import Quantities

/// The JSON shape of `chips.json` (`chips/1`), figures with unit, source, date and grade each.
enum ChipFile {
  static func chips(in data: Data) throws -> [ChipSpec] {
    try decoder.decode(File.self, from: data).chips.map { try $0.spec() }
  }

  /// One record on its own.
  static func chip(in data: Data) throws -> ChipSpec { try decoder.decode(Record.self, from: data).spec() }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  struct File: Decodable { var chips: [Record] }

  /// A figure as written: value, unit, source.
  struct Quoted: Decodable {
    enum Value: Decodable {
      case number(Double), text(String)
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
          self = .number(number)
        } else {
          self = .text(try container.decode(String.self))
        }
      }
    }
    var value: Value
    var source: String
    var asOf: String
    var grade: Grade
    var note: String?

    var provenance: Provenance { Provenance(source: source, asOf: asOf, grade: grade, note: note) }
    func figure<Unit>() -> Figure<Quantity<Unit>>? {
      guard case .number(let number) = value else { return nil }
      return Figure(Quantity<Unit>(number), provenance)
    }
    var integer: Int? {
      if case .number(let number) = value { Int(number) } else { nil }
    }
    var text: String? {
      if case .text(let text) = value { text } else { nil }
    }
  }

  struct Links: Decodable {
    var kind: String
    var linkOneWay: Quoted?
    var topology: Quoted?
    var wraparoundRule: Quoted?
    var maxPodChips: Quoted?
    var hopLatency: Quoted?
    var perGpuOneWay: Quoted?
    var domainGpus: Quoted?
    var scaleoutPerGpuOneWay: Quoted?
  }

  struct Host: Decodable {
    var chipsPerHost: Quoted?
    var pciePerChip: Quoted?
    var pciePerGpuOneWay: Quoted?
    var dcnPerChip: Quoted?
  }

  struct Price: Decodable {
    var vendor: String
    var region: String?
    var onDemandUsdPerChipHour: Double?
    var commit1Y: Double?
    var commit3Y: Double?
    var source: String
    var asOf: String
    var grade: Grade
    var note: String?
  }

  struct Record: Decodable {
    var id: String
    var vendor: String
    var aliases: [String]
    var `class`: ChipSpec.Family
    var peakBf16: Quoted?
    var peakInt8: Quoted?
    var peakFp8: Quoted?
    var peakFp4: Quoted?
    var hbmBytes: Quoted?
    var hbmBandwidth: Quoted?
    var interconnect: Links
    var host: Host?
    var tdpWatts: Quoted?
    var prices: [Price]?
  }
}

extension ChipFile.Record {
  func spec() throws -> ChipSpec {
    guard let capacity: Figure<Bytes> = hbmBytes?.figure(),
      let bandwidth: Figure<BytesPerSecond> = hbmBandwidth?.figure()
    else { throw Diagnostic("chip '\(id)' has no HBM capacity or bandwidth") }
    var peak: [Precision: Figure<FLOPsPerSecond>] = [:]
    peak[.bf16] = peakBf16?.figure()
    peak[.int8] = peakInt8?.figure()
    peak[.fp8] = peakFp8?.figure()
    peak[.fp4] = peakFp4?.figure()
    return ChipSpec(
      id: id, vendor: vendor, aliases: aliases, family: `class`, peak: peak, hbmCapacity: capacity,
      hbmBandwidth: bandwidth, interconnect: links, chipsPerHost: host?.chipsPerHost?.integer,
      hostBandwidth: host?.pciePerChip?.figure() ?? host?.pciePerGpuOneWay?.figure(),
      dcnBandwidth: host?.dcnPerChip?.figure() ?? interconnect.scaleoutPerGpuOneWay?.figure(),
      power: tdpWatts?.figure(), listPrices: (prices ?? []).map(\.listPrice))
  }

  private var links: Interconnect {
    if interconnect.kind == "none" { return .none }
    guard interconnect.kind == "ICI", let oneWay: Figure<BytesPerSecond> = interconnect.linkOneWay?.figure()
    else {
      return .switched(
        SwitchedLinks(
          perChipOneWay: interconnect.perGpuOneWay?.figure(),
          domainChips: interconnect.domainGpus?.integer ?? 1,
          scaleOutPerChipOneWay: interconnect.scaleoutPerGpuOneWay?.figure()))
    }
    let rule = interconnect.wraparoundRule?.text ?? ""
    let hop: Figure<Seconds>? = interconnect.hopLatency?.figure()
    return .torus(
      TorusLinks(
        linkOneWay: oneWay, dimensions: interconnect.topology?.text?.hasPrefix("3D") == true ? 3 : 2,
        wrap: rule.contains("cube") ? .wholeCubes : rule.contains("16") ? .axisOf16 : .fullPod,
        maxPodChips: interconnect.maxPodChips?.integer ?? 256,
        hopLatency: hop
          ?? Figure(1e-6, Provenance(source: "rule of thumb, 1 us a hop", asOf: "2025-02", grade: .assumed))))
  }
}

extension ChipFile.Price {
  var listPrice: ListPrice {
    let perSecond = { (hourly: Double?) in hourly.map { USDPerSecond($0 / Seconds.hour.value) } }
    return ListPrice(
      vendor: vendor, region: region, onDemand: perSecond(onDemandUsdPerChipHour),
      commit1Year: perSecond(commit1Y), commit3Year: perSecond(commit3Y),
      provenance: Provenance(source: source, asOf: asOf, grade: grade, note: note))
  }
}
