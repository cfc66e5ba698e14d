import FleetData
import Quantities

/// A group of replicas and what can fail around it, by the words people use: `chip`, `host/8`, `slice/3`, `site`, `link`.
public struct DisruptionPlace: Sendable {
  public var group: String
  public var site: String
  /// Spares included.
  public var slices: Int
  public var regions: [String]
  public var chip: ChipSpec
  /// What the smallest replica at the site draws, in the power that caps count, and its name; nil = nobody knows.
  public var least: (watts: Watts, name: String)?
  /// Is it a prefill group, whose links can fail?
  public var sendsCaches: Bool

  public init(
    group: String, site: String, slices: Int, regions: [String], chip: ChipSpec,
    least: (watts: Watts, name: String)?, sendsCaches: Bool
  ) {
    self.group = group
    self.site = site
    self.slices = slices
    self.regions = regions
    self.chip = chip
    self.least = least
    self.sendsCaches = sendsCaches
  }

  /// What a mean time between failures is of.
  /// - Throws: a `Diagnostic` without a place.
  public func parts(_ text: String) throws(Diagnostic) -> [Disruptions.FailureRate.Part] {
    switch text {
    case "chip": return [.chip]
    case "slice": return [.replica]
    case "site": return [.site]
    case "link": return regions.map { .link(region: $0) }
    case "kv-link" where sendsCaches: return [.cacheLink]
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
        "unknown part", found: "'\(text)'",
        expected: "chip, host, host/CHIPS, slice, site or link" + (sendsCaches ? ", or kv-link" : ""))
    }
  }

  /// What an outage takes down at once.
  /// - Throws: a `Diagnostic` without a place.
  public func scopes(_ text: String, isPlanned: Bool) throws(Diagnostic) -> [Disruptions.Scope] {
    if text == "site" { return [.site(site)] }
    if text == "link", !isPlanned { return regions.map { .link(region: $0, site: site) } }
    if text == "kv-link", sendsCaches, !isPlanned { return [.cacheLink(group: group)] }
    if text == "group" { return [.group(group)] }
    guard text.hasPrefix("slice/"), let index = Int(text.dropFirst(6)) else {
      throw Diagnostic(
        "unknown part of the fleet", found: "'\(text)'",
        expected: isPlanned
          ? "slice/INDEX or site" : "slice/INDEX, site or link" + (sendsCaches ? ", or kv-link" : ""))
    }
    guard (0..<slices).contains(index) else {
      throw Diagnostic(
        "there is no such slice", found: "'\(text)'", expected: "slice/0 to slice/\(slices - 1)",
        help: "one slice per replica, spares last")
    }
    return [.replica(group: group, index: index)]
  }

  /// - Throws: a `Diagnostic` without a place when no replica may run under the cap, or nobody knows what one draws.
  public func check(cap watts: Double, text: String) throws(Diagnostic) {
    guard let least else {
      throw Diagnostic(
        "the catalog has no power for \(chip.id), so a cap cannot be kept", found: "'\(text)'",
        help: "write chip_power: 300W in the group")
    }
    guard watts >= least.watts.value else {
      throw Diagnostic(
        "a cap under which no replica may run", found: "'\(text)'",
        expected:
          "at least \(Int(least.watts.value.rounded(.up))) W, the power of one replica of \(least.name)")
    }
  }
}
