import FleetData

/// The part of a torus not yet given to a logical axis.
struct TorusLayout {
  private struct Physical {
    let length: Int
    let wraps: Bool
    var taken = 1
    var left: Int { length / taken }
  }

  private var axes: [Physical]

  init(_ slice: SliceTopology, _ links: TorusLinks) {
    axes = slice.axes.indices.map {
      Physical(length: slice.axes[$0], wraps: slice.wraps(axis: $0, under: links))
    }
  }

  /// Gives `count` chips to a logical axis: whole physical axes when some multiply to `count` (wrapped ones first),
  /// else parts of axes, else a line through neighbours.
  mutating func take(_ count: Int) -> [CommGroup.Ring] {
    if let whole = wholeAxes(multiplyingTo: count) {
      return whole.map { claim($0, axes[$0].left) }
    }
    var left = count
    var rings: [CommGroup.Ring] = []
    for index in axes.indices.sorted(by: { (axes[$0].left, $1) > (axes[$1].left, $0) }) where left > 1 {
      let share = greatestCommonDivisor(axes[index].left, left)
      guard share > 1 else { continue }
      rings.append(claim(index, share))
      left /= share
    }
    return left == 1 ? rings : [CommGroup.Ring(length: count, wraps: false)]
  }

  private mutating func claim(_ index: Int, _ share: Int) -> CommGroup.Ring {
    let axis = axes[index]
    axes[index].taken *= share
    let closes = axis.wraps && share == axis.left
    return CommGroup.Ring(length: share, wraps: closes, stride: axis.taken)
  }

  /// The subset of untaken axes with this product, preferring the one with the most bandwidth.
  private func wholeAxes(multiplyingTo count: Int) -> [Int]? {
    var best: (indices: [Int], links: Double)?
    for mask in 1..<(1 << axes.count) {
      let indices = axes.indices.filter { mask >> $0 & 1 == 1 && axes[$0].left > 1 }
      guard indices.count == mask.nonzeroBitCount,
        indices.reduce(1, { $0 * axes[$1].left }) == count
      else { continue }
      let links = indices.reduce(0.0) { $0 + (axes[$1].wraps ? 2 : 1) / Double(axes[$1].taken) }
      if best == nil || links > best!.links { best = (indices, links) }
    }
    return best?.indices
  }
}
