import FleetData

extension SliceTopology {
  /// The usual shape of a slice of `chips` chips: the most cubic one the chip's links allow.
  ///
  /// TPU v5e: 8 → 2x4, 256 → 16x16; v5p: 16 → 2x2x4, 64 → 4x4x4. A switched chip's slice is one axis.
  public static func standard(chips: Int, on chip: ChipSpec) -> SliceTopology {
    precondition(chips >= 1, "a slice holds at least one chip")
    guard case .torus(let links) = chip.interconnect else { return SliceTopology([chips]) }
    return SliceTopology(mostCubic(chips, into: links.dimensions))
  }

  /// Refuses shapes that the chip's links cannot form: a torus has at most the axes of its links, each of one chip, two
  /// or a multiple of four; switched chips form none.
  ///
  /// - Throws: `sliceShapeInvalid`, with the shapes around it as help.
  public func validate(on chip: ChipSpec) throws(EstimateError) {
    let reason: String
    guard case .torus(let links) = chip.interconnect else {
      guard axes.count > 1 else { return }
      throw .sliceShapeInvalid(
        slice: description, chip: chip.id, reason: "its chips are switched and form no torus",
        help: "state --chips \(chips)")
    }
    if axes.count > links.dimensions {
      reason = "its links form \(links.dimensions) axes, not \(axes.count)"
    } else if let odd = axes.first(where: { $0 > 2 && !$0.isMultiple(of: 4) }) {
      reason = "an axis holds 1, 2 or a multiple of 4 chips, not \(odd)"
    } else {
      return
    }
    let below = 1 << (Int.bitWidth - 1 - chips.leadingZeroBitCount)
    let around = (chips == below ? [below] : [below, 2 * below]).filter { $0 <= links.maxPodChips }
    let shapes = around.map { Self.standard(chips: $0, on: chip).description }
    throw .sliceShapeInvalid(
      slice: description, chip: chip.id, reason: reason, help: "try \(shapes.joined(separator: " or "))")
  }

  /// Does this axis close into a ring?
  public func wraps(axis: Int, under links: TorusLinks) -> Bool {
    guard axes[axis] > 2 else { return false }
    return switch links.wrap {
    case .axisOf16: axes[axis] == 16
    case .wholeCubes: axes.count == 3 && axes.allSatisfy { $0.isMultiple(of: 4) }
    case .fullPod: chips == links.maxPodChips
    }
  }
}

/// Splits `count` into `parts` factors in rising order whose largest is as small as can be.
private func mostCubic(_ count: Int, into parts: Int) -> [Int] {
  guard parts > 1 else { return [count] }
  var best: [Int]?
  var first = 1
  while power(first, parts) <= count {
    if count.isMultiple(of: first) {
      let candidate = [first] + mostCubic(count / first, into: parts - 1).sorted()
      if best == nil || candidate.max()! <= best!.max()! { best = candidate }
    }
    first += 1
  }
  return best ?? [1] + mostCubic(count, into: parts - 1)
}

private func power(_ base: Int, _ exponent: Int) -> Int {
  (0..<exponent).reduce(1) { value, _ in value * base }
}
