import FleetData

/// Which mixes of slice shapes can be cut from a pod of identical blocks, as rows a linear program can hold.
///
/// Shapes and block are taken with their axes sorted. A chain of shapes, each dividing the next along every axis
/// (2x2 | 2x4 | 4x4 | …; 1 | 2 | 4 | 8), is placed on aligned grids: level k cuts a block into
///
///     G_k = Π_a ⌊block_a / shape_k,a⌋  cells,   a slice of level j ≥ k covers  C_jk = Π_a ⌊shape_j,a / shape_k,a⌋  of them
///
/// and a mix n fits B blocks exactly when `Σ_{j ≥ k} n_j · C_jk ≤ B · G_k` for every level k: place the largest
/// first; what they leave is whole cells of every smaller level. Shapes outside the chain occupy the smallest chain
/// shape that holds them, and what they leave inside it is stranded. A slice larger than the block of a switched
/// fabric takes whole blocks.
public struct SliceTiling: Sendable, Hashable {
  /// What one slice shape occupies.
  public struct Footprint: Sendable, Hashable {
    /// Level of the chain whose cell it takes; `nil` when it takes whole blocks.
    public var level: Int?
    /// Blocks taken when larger than one block, else 1.
    public var blocks: Int
    /// Chips it occupies, stranded ones included.
    public var occupiedChips: Int
    /// Chips inside its footprint that it cannot use.
    public var strandedChips: Int
  }

  public let block: [Int]
  /// The chain of shapes from the smallest to the block itself, axes sorted and padded with ones.
  public let chain: [[Int]]

  /// The tiling of one block by the slice shapes in use; shapes that no block can hold are left out of the chain.
  public init(block: SliceTopology, shapes: [SliceTopology]) {
    let whole = block.axes.sorted()
    self.block = whole
    var candidates = shapes.map { Self.padded($0.axes, to: whole.count) }
      .filter { $0.count == whole.count && Self.holds(whole, $0) && $0 != whole }
    candidates.sort { Self.precedes($0, $1) }
    var chain: [[Int]] = []
    for shape in candidates where chain.last.map({ $0 != shape && Self.divides($0, shape) }) ?? true {
      chain.append(shape)
    }
    self.chain = chain + [whole]
  }

  public var blockChips: Int { block.reduce(1, *) }

  /// What a slice of this shape occupies, or `nil` when no block can hold it.
  ///
  /// - Parameter switched: chips talk through switches, so a slice may span whole blocks.
  public func footprint(of shape: SliceTopology, switched: Bool = false) -> Footprint? {
    let axes = Self.padded(shape.axes, to: block.count)
    if axes.count == block.count, let level = chain.firstIndex(where: { Self.holds($0, axes) }) {
      let occupied = chain[level].reduce(1, *)
      return Footprint(
        level: level, blocks: 1, occupiedChips: occupied, strandedChips: occupied - shape.chips)
    }
    guard switched, shape.chips > blockChips else { return nil }
    let blocks = (shape.chips + blockChips - 1) / blockChips
    return Footprint(
      level: nil, blocks: blocks, occupiedChips: blocks * blockChips,
      strandedChips: blocks * blockChips - shape.chips)
  }

  /// G_k: cells of level k in one block.
  public func cells(perBlock level: Int) -> Int { Self.ratio(block, chain[level]) }

  /// C_jk: cells of level k that a footprint covers; 0 when it sits below level k.
  public func cells(_ footprint: Footprint, at level: Int) -> Int {
    guard let own = footprint.level else { return footprint.blocks * cells(perBlock: level) }
    return own >= level ? Self.ratio(chain[own], chain[level]) : 0
  }

  /// Does this mix fit in so many blocks? Exact for aligned placements; `SlicePacker` gives the positions.
  public func fits(_ mix: [(footprint: Footprint, count: Int)], blocks: Int) -> Bool {
    (0..<chain.count).allSatisfy { level in
      let used = mix.reduce(0) { $0 + $1.count * cells($1.footprint, at: level) }
      return used <= blocks * cells(perBlock: level)
    }
  }

  /// The most slices of one footprint that so many blocks hold.
  public func most(_ footprint: Footprint, blocks: Int) -> Int {
    guard let level = footprint.level else { return blocks / footprint.blocks }
    return blocks * cells(perBlock: level)
  }

  static func padded(_ axes: [Int], to count: Int) -> [Int] {
    let kept = axes.filter { $0 > 1 }.sorted()
    return [Int](repeating: 1, count: max(0, count - kept.count)) + kept
  }
  static func holds(_ outer: [Int], _ inner: [Int]) -> Bool { zip(outer, inner).allSatisfy { $0 >= $1 } }
  static func divides(_ inner: [Int], _ outer: [Int]) -> Bool {
    zip(inner, outer).allSatisfy { $1 % $0 == 0 }
  }
  static func ratio(_ outer: [Int], _ inner: [Int]) -> Int {
    zip(outer, inner).reduce(1) { $0 * ($1.0 / $1.1) }
  }
  private static func precedes(_ a: [Int], _ b: [Int]) -> Bool {
    let (x, y) = (a.reduce(1, *), b.reduce(1, *))
    return x != y ? x < y : a.lexicographicallyPrecedes(b)
  }
}
