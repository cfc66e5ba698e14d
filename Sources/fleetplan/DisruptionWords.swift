import FleetData
import Foundation
import Ingest
import Quantities
import Simulation

/// Reads what goes wrong from words such as `outage slice/3@10min+5min`, from flags and from scripts alike.
struct DisruptionWords {
  let group: ReplicaGroup
  let regions: [String]
  let chip: ChipSpec
  private(set) var outages: [Disruptions.Outage] = []
  private(set) var rates: [Disruptions.FailureRate] = []
  private(set) var caps: [SitePowerCap] = []

  init(group: ReplicaGroup, regions: [String], chip: ChipSpec) {
    self.group = group
    self.regions = regions
    self.chip = chip
  }

  mutating func add(_ word: String, _ value: String) throws(Diagnostic) {
    switch word {
    case "fail": try addRate(value)
    case "outage": try addOutage(value, isPlanned: false)
    case "maintenance": try addOutage(value, isPlanned: true)
    case "power-cap": try addCap(value)
    default:
      throw Diagnostic(
        "unknown word", found: "'\(word)'", expected: "fail, outage, maintenance or power-cap",
        help: "such as: outage slice/0@10min+5min")
    }
  }

  /// Every line of a script; all that is wrong with it is shown at once.
  mutating func addLines(of path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ExitError(.inputMissing, "cannot read '\(path)'", help: "check the path")
    }
    var problems: [Diagnostic] = []
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let first = words.first else { continue }
      do throws(Diagnostic) {
        guard words.count == 2 else {
          throw Diagnostic(
            "a line is a word and its value", found: "'\(words.joined(separator: " "))'",
            help: "such as: outage slice/0@10min+5min")
        }
        try add(first, words[1])
      } catch {
        var problem = error
        problem.location = Diagnostic.Location(file: path, line: number + 1, column: 1)
        problems.append(problem)
      }
    }
    if !problems.isEmpty { throw ExitError(.badContent, problems) }
  }

  /// `chip:2000h:30min`.
  private mutating func addRate(_ text: String) throws(Diagnostic) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else {
      throw Diagnostic(
        "wrong failure", found: "'\(text)'", expected: "PART:MTBF:MTTR such as chip:20000h:30min")
    }
    let between = Seconds(try Self.positive(parts[1], "mean time between failures"))
    let repair = Seconds(try Self.positive(parts[2], "mean time to repair"))
    rates += try self.parts(parts[0]).map {
      Disruptions.FailureRate(group: group.id, part: $0, betweenFailures: between, repair: repair)
    }
  }

  private func parts(_ text: String) throws(Diagnostic) -> [Disruptions.FailureRate.Part] {
    switch text {
    case "chip": return [.chip]
    case "slice": return [.replica]
    case "site": return [.site]
    case "link": return regions.map { .link(region: $0) }
    case "host":
      guard let chips = chip.chipsPerHost else {
        throw Diagnostic(
          "the catalog does not say how many \(chip.id) share a host", help: "write host/CHIPS")
      }
      return [.host(chips: chips)]
    default:
      if text.hasPrefix("host/"), let chips = Int(text.dropFirst(5)), chips >= 1 {
        return [.host(chips: chips)]
      }
      throw Diagnostic(
        "unknown part", found: "'\(text)'", expected: "chip, host, host/CHIPS, slice, site or link")
    }
  }

  /// `slice/3@10min+5min`.
  private mutating func addOutage(_ text: String, isPlanned: Bool) throws(Diagnostic) {
    let place = text.prefix { $0 != "@" }
    guard place.count < text.count else {
      throw Diagnostic(
        "when does it begin?", found: "'\(text)'", expected: "WHAT@START+DURATION such as slice/3@10min+5min")
    }
    let (start, duration) = try span(String(text.dropFirst(place.count + 1)))
    guard let duration else {
      throw Diagnostic(
        "how long does it last?", found: "'\(text)'",
        expected: "WHAT@START+DURATION such as slice/3@10min+5min")
    }
    outages += try scopes(String(place), isPlanned: isPlanned).map {
      Disruptions.Outage($0, start: Seconds(start), duration: Seconds(duration), isPlanned: isPlanned)
    }
  }

  private func scopes(_ text: String, isPlanned: Bool) throws(Diagnostic) -> [Disruptions.Scope] {
    if text == "site" { return [.site(group.site)] }
    if text == "link", !isPlanned { return regions.map { .link(region: $0, site: group.site) } }
    guard text.hasPrefix("slice/"), let index = Int(text.dropFirst(6)) else {
      throw Diagnostic(
        "unknown part of the fleet", found: "'\(text)'",
        expected: isPlanned ? "slice/INDEX or site" : "slice/INDEX, site or link")
    }
    guard (0..<group.replicas).contains(index) else {
      throw Diagnostic(
        "there is no such slice", found: "'\(text)'", expected: "slice/0 to slice/\(group.replicas - 1)",
        help: "one slice per replica, spares last")
    }
    return [.replica(group: group.id, index: index)]
  }

  /// `20kW`, `20kW@1h`, `20kW@1h+30min`.
  private mutating func addCap(_ text: String) throws(Diagnostic) {
    let watts = text.prefix { $0 != "@" }
    let limit = try Dimension.power.parse(String(watts))
    let (start, duration) =
      watts.count < text.count ? try span(String(text.dropFirst(watts.count + 1))) : (0, nil)
    let needed = (chip.power?.value.value ?? 0) * Double(group.profile.chips)
    guard limit >= needed else {
      throw Diagnostic(
        "a cap under which no replica may run", found: "'\(text)'",
        expected:
          "at least \(Int(needed.rounded(.up))) W, the power of one replica of \(group.profile.chips) \(chip.id)"
      )
    }
    caps.append(
      SitePowerCap(
        site: group.site, limit: Watts(limit), start: Seconds(start), duration: duration.map { Seconds($0) }))
  }

  /// `10min+5min` or `10min`.
  private func span(_ text: String) throws(Diagnostic) -> (start: Double, duration: Double?) {
    let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let start = try Dimension.duration.parse(parts[0])
    guard start >= 0 else { throw Diagnostic("a run begins at 0", found: "'\(parts[0])'") }
    return (start, parts.count > 1 ? try Self.positive(parts[1], "duration") : nil)
  }

  static func positive(_ text: String, _ what: String) throws(Diagnostic) -> Double {
    let value = try Dimension.duration.parse(text)
    guard value > 0 else { throw Diagnostic("the \(what) is greater than 0", found: "'\(text)'") }
    return value
  }
}
