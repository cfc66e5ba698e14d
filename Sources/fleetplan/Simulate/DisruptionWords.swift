import FleetData
import Foundation
import Ingest
import Quantities

/// Reads what goes wrong from words such as `outage slice/3@10min+5min`, from flags and from scripts alike.
struct DisruptionWords {
  /// One for each group, all at one site; slices are counted through them.
  let places: [DisruptionPlace]
  private(set) var outages: [Disruptions.Outage] = []
  private(set) var rates: [Disruptions.FailureRate] = []
  private(set) var caps: [SitePowerCap] = []

  init(_ places: [DisruptionPlace]) { self.places = places }

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
    for place in meant(by: parts[0]) {
      rates += try place.parts(parts[0]).map {
        Disruptions.FailureRate(group: place.group, part: $0, betweenFailures: between, repair: repair)
      }
    }
  }

  /// The groups a word is about: one for what they share, those that send caches for their links, else all.
  private func meant(by word: String) -> [DisruptionPlace] {
    switch word {
    case "site", "link": Array(places.prefix(1))
    case "kv-link": places.filter(\.sendsCaches).isEmpty ? places : places.filter(\.sendsCaches)
    default: places
    }
  }

  /// `slice/3@10min+5min`.
  private mutating func addOutage(_ text: String, isPlanned: Bool) throws(Diagnostic) {
    let scope = text.prefix { $0 != "@" }
    guard scope.count < text.count else {
      throw Diagnostic(
        "when does it begin?", found: "'\(text)'", expected: "WHAT@START+DURATION such as slice/3@10min+5min")
    }
    let (start, duration) = try span(String(text.dropFirst(scope.count + 1)))
    guard let duration else {
      throw Diagnostic(
        "how long does it last?", found: "'\(text)'",
        expected: "WHAT@START+DURATION such as slice/3@10min+5min")
    }
    outages += try scopes(String(scope), isPlanned: isPlanned).map {
      Disruptions.Outage($0, start: Seconds(start), duration: Seconds(duration), isPlanned: isPlanned)
    }
  }

  private func scopes(_ text: String, isPlanned: Bool) throws(Diagnostic) -> [Disruptions.Scope] {
    guard text.hasPrefix("slice/"), let index = Int(text.dropFirst(6)), places.count > 1 else {
      return try meant(by: text)[0].scopes(text, isPlanned: isPlanned)
    }
    var rest = index
    for place in places {
      if (0..<place.slices).contains(rest) { return [.replica(group: place.group, index: rest)] }
      rest -= place.slices
    }
    let all = places.reduce(0) { $0 + $1.slices }
    throw Diagnostic(
      "there is no such slice", found: "'\(text)'", expected: "slice/0 to slice/\(all - 1)",
      help: "one slice per replica, \(places.map { "\($0.slices) \($0.group)" }.joined(separator: ", then "))"
    )
  }

  /// `20kW`, `20kW@1h`, `20kW@1h+30min`.
  private mutating func addCap(_ text: String) throws(Diagnostic) {
    let watts = text.prefix { $0 != "@" }
    let limit = try Dimension.power.parse(String(watts))
    let (start, duration) =
      watts.count < text.count ? try span(String(text.dropFirst(watts.count + 1))) : (0, nil)
    try places[0].check(cap: limit, text: text)
    caps.append(
      SitePowerCap(
        site: places[0].site, limit: Watts(limit), start: Seconds(start),
        duration: duration.map { Seconds($0) }))
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
