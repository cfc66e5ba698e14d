/// The parts of a program that only a few coupling rows tie together: one per service, tied by the pods, the power
/// and the openings of the sites.
struct ProgramBlocks: Sendable {
  /// Columns of every block, ascending.
  private(set) var blocks: [[Int]] = []
  /// Columns of no block: openings and purchases.
  private(set) var loose: [Int] = []
  /// The block of every column; `nil` for loose ones.
  private(set) var blockOf: [Int?]

  /// - Parameter model: after tightening, so that the added rows are seen too.
  init(_ model: PlacementModel) {
    let program = model.program
    var isLoose = [Bool](repeating: false, count: program.columns)
    for month in model.months {
      for case let column? in month.open + month.bought { isLoose[column] = true }
    }
    let shared = Set(model.tags.filter { $0.constraint.isShared }.map(\.row))
    var sets = DisjointSets(program.columns)
    for row in 0..<program.rows where !shared.contains(row) {
      let columns = program.columns(ofRow: row)
      guard let first = columns.first, !columns.contains(where: { isLoose[$0] }) else { continue }
      for column in columns.dropFirst() { sets.join(column, first) }
    }
    var blockOfRoot = [Int: Int]()
    blockOf = [Int?](repeating: nil, count: program.columns)
    for column in 0..<program.columns {
      if isLoose[column] {
        loose.append(column)
        continue
      }
      let root = sets.root(column)
      if blockOfRoot[root] == nil {
        blockOfRoot[root] = blocks.count
        blocks.append([])
      }
      blockOf[column] = blockOfRoot[root]
      blocks[blockOfRoot[root]!].append(column)
    }
  }
}

/// Which things belong together, by joining them in pairs.
///
/// - Source: Tarjan (1975), union by index with path halving.
struct DisjointSets {
  private var parent: [Int]

  init(_ count: Int) { parent = Array(0..<count) }

  mutating func root(_ element: Int) -> Int {
    var at = element
    while parent[at] != at {
      parent[at] = parent[parent[at]]
      at = parent[at]
    }
    return at
  }

  mutating func join(_ a: Int, _ b: Int) { parent[root(a)] = root(b) }
}
