import FleetData
import Quantities

/// How the axes of a sharding lie on the links of a slice (and, for several slices, on the data-centre network).
///
/// Axes are laid out from the most to the least talkative: tensor, sequence, expert, FSDP, data, pipeline. On a torus
/// each takes whole physical axes where one fits and parts of one otherwise; in switched systems the first ones fill a domain.
public struct SliceNetwork: Sendable, Hashable {
  public enum Axis: Int, Sendable, Hashable, CaseIterable {
    case tensor, sequence, expert, fsdp, data, pipeline
  }

  public let sharding: Sharding
  public let slice: SliceTopology
  public let slices: Int
  private let groups: [CommGroup]

  /// - Parameters:
  ///   - slices: how many such slices work together over the data-centre network; the data axis (then FSDP, then
  ///     the pipeline) spans them.
  public init(chip: ChipSpec, slice: SliceTopology, slices: Int = 1, sharding: Sharding) {
    precondition(
      sharding.chips == slice.chips * slices, "the product of the sharding axes is the number of chips")
    self.sharding = sharding
    self.slice = slice
    self.slices = slices
    switch chip.interconnect {
    case .none: groups = Axis.allCases.map { _ in .alone }
    case .switched(let links): groups = switchedGroups(links, sharding, chip)
    case .torus(let links): groups = torusGroups(links, slice, slices, sharding, chip)
    }
  }

  /// The chips that share a collective along `axis`.
  public subscript(axis: Axis) -> CommGroup { groups[axis.rawValue] }
}

extension Sharding {
  public func size(of axis: SliceNetwork.Axis) -> Int {
    switch axis {
    case .tensor: tensor
    case .sequence: sequence
    case .expert: expert
    case .fsdp: fsdp
    case .data: data
    case .pipeline: pipeline
    }
  }
}

/// Time for a message to cross the scale-out tree or the data-centre network once (assumed; a few switch hops).
private let treeLatency: Seconds = 10e-6
private let dataCentreLatency: Seconds = 100e-6

private func switchedGroups(_ links: SwitchedLinks, _ sharding: Sharding, _ chip: ChipSpec) -> [CommGroup] {
  var roomLeft = max(1, links.domainChips)
  let slow = links.scaleOutPerChipOneWay ?? chip.dcnBandwidth ?? chip.hostBandwidth
  return SliceNetwork.Axis.allCases.map { axis in
    let n = sharding.size(of: axis)
    guard n > 1 else { return .alone }
    let inside = greatestDivisor(of: n, upTo: roomLeft)
    roomLeft /= inside
    let fast = links.perChipOneWay ?? slow
    let inner: CommGroup.Inner =
      inside > 1 ? .domain(members: inside, perChipOneWay: fast?.value ?? .zero) : .alone
    guard inside < n else { return CommGroup(inner: inner) }
    let outer = CommGroup.Outer(
      parts: n / inside, perChipOneWay: (slow ?? fast)?.value ?? .zero, latency: treeLatency,
      streamsWithInner: true)
    return CommGroup(inner: inner, outer: outer)
  }
}

private func torusGroups(
  _ links: TorusLinks, _ slice: SliceTopology, _ slices: Int, _ sharding: Sharding, _ chip: ChipSpec
) -> [CommGroup] {
  var layout = TorusLayout(slice, links)
  let spread = slicesPerAxis(sharding, slices)
  return SliceNetwork.Axis.allCases.map { axis in
    let n = sharding.size(of: axis)
    guard n > 1 else { return .alone }
    let across = spread[axis.rawValue]
    let inside = n / across
    let inner: CommGroup.Inner =
      inside > 1
      ? .torus(
        layout.take(inside), linkOneWay: links.linkOneWay.value, hopLatency: links.hopLatency.value)
      : .alone
    guard across > 1 else { return CommGroup(inner: inner) }
    let rate = chip.dcnBandwidth?.value ?? chip.hostBandwidth?.value ?? .zero
    return CommGroup(
      inner: inner,
      outer: .init(
        parts: across, perChipOneWay: rate, latency: dataCentreLatency, streamsWithInner: false))
  }
}

/// How many slices each axis spans: the data axis first, then FSDP, then the pipeline, then the others.
private func slicesPerAxis(_ sharding: Sharding, _ slices: Int) -> [Int] {
  var left = slices
  var spread = [Int](repeating: 1, count: SliceNetwork.Axis.allCases.count)
  for axis in [SliceNetwork.Axis.data, .fsdp, .pipeline, .expert, .sequence, .tensor] where left > 1 {
    let across = greatestCommonDivisor(sharding.size(of: axis), left)
    spread[axis.rawValue] = across
    left /= across
  }
  return spread
}

func greatestDivisor(of n: Int, upTo limit: Int) -> Int {
  (1...max(1, min(n, limit))).last { n.isMultiple(of: $0) } ?? 1
}

func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
