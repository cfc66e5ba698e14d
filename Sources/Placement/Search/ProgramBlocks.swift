/// The parts of a program that only a few coupling rows tie together: one per service and month, tied by the pods,
/// the power and the openings of the sites.
struct ProgramBlocks: Sendable {
  struct Block: Sendable {
    var columns: [Int]
  }

  /// Columns of no block are openings, purchases and changes.
  private(set) var blocks: [Block] = []

  /// - Parameter model: after tightening, so that the added rows are seen too.
  init(_ model: PlacementModel) {
    let program = model.program
    var isFree = [Bool](repeating: false, count: program.columns)
    for month in model.months {
      for column in month.open + month.bought { if let column { isFree[column] = true } }
      for column in month.started { isFree[column] = true }
    }
    let shared = Set(model.tags.filter { $0.constraint.isShared }.map(\.row))
    var parent = Array(0..<program.columns)
    func root(_ column: Int) -> Int {
      var at = column
      while parent[at] != at {
        parent[at] = parent[parent[at]]
        at = parent[at]
      }
      return at
    }
    for row in 0..<program.rows where !shared.contains(row) {
      let columns = program.columns(ofRow: row)
      if columns.contains(where: { isFree[$0] }) { continue }
      for column in columns.dropFirst() { parent[root(column)] = root(columns[0]) }
    }
    var blockOf = [Int: Int]()
    for column in 0..<program.columns where !isFree[column] {
      let key = root(column)
      if blockOf[key] == nil {
        blockOf[key] = blocks.count
        blocks.append(Block(columns: []))
      }
      blocks[blockOf[key]!].columns.append(column)
    }
  }
}
