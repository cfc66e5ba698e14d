import FleetData

/// Where every slice of a mix sits: the constructive half of `SliceTiling`'s rows.
public enum SlicePacker {
  /// One placed slice: which entry of the mix, which block, and the chip at its low corner.
  public struct Position: Sendable, Hashable {
    public var item: Int
    public var block: Int
    public var origin: [Int]
    /// Extent along the block's sorted axes.
    public var extent: [Int]
  }

  /// Places the mix largest first on aligned cells; `nil` when it does not fit.
  ///
  /// Complexity: O(kinds of slice × chips of all blocks).
  public static func pack(
    _ mix: [(footprint: SliceTiling.Footprint, count: Int)], in tiling: SliceTiling, blocks: Int
  ) -> [Position]? {
    let order = mix.indices.sorted { a, b in
      let (x, y) = (mix[a].footprint.occupiedChips, mix[b].footprint.occupiedChips)
      return x != y ? x > y : a < b
    }
    var taken = [Bool](repeating: false, count: blocks * tiling.blockChips)
    var placed: [Position] = []
    for item in order {
      let footprint = mix[item].footprint
      let extent = footprint.level.map { tiling.chain[$0] } ?? tiling.block
      var wanted = mix[item].count * footprint.blocks
      for block in 0..<blocks where wanted > 0 {
        for origin in corners(of: extent, in: tiling.block) where wanted > 0 {
          let base = block * tiling.blockChips
          guard !taken[base + chip(at: origin, in: tiling.block)] else { continue }
          for offset in chips(of: extent, at: origin, in: tiling.block) { taken[base + offset] = true }
          placed.append(Position(item: item, block: block, origin: origin, extent: extent))
          wanted -= 1
        }
      }
      guard wanted == 0 else { return nil }
    }
    return placed
  }

  /// The low corners of the aligned cells of one extent in a block.
  private static func corners(of extent: [Int], in block: [Int]) -> [[Int]] {
    var corners: [[Int]] = [[]]
    for (whole, step) in zip(block, extent) {
      corners = corners.flatMap { head in (0..<whole / step).map { head + [$0 * step] } }
    }
    return corners
  }

  /// Row-major index of a chip in its block.
  private static func chip(at origin: [Int], in block: [Int]) -> Int {
    zip(origin, block).reduce(0) { $0 * $1.1 + $1.0 }
  }

  private static func chips(of extent: [Int], at origin: [Int], in block: [Int]) -> [Int] {
    var points: [[Int]] = [[]]
    for (start, length) in zip(origin, extent) {
      points = points.flatMap { head in (start..<start + length).map { head + [$0] } }
    }
    return points.map { chip(at: $0, in: block) }
  }
}
