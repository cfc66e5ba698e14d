extension LinearProgram {
  /// The program in some of its columns, the others held where a point has them; rows that touch none of them are
  /// left out. Column k of the part is column `free[k]` of the whole.
  func restricted(to free: [Int], at point: [Double]) -> LinearProgram {
    var position = [Int](repeating: -1, count: columns)
    for (index, column) in free.enumerated() { position[column] = index }
    var part = LinearProgram()
    for column in free {
      _ = part.column(
        cost: cost[column], lower: columnLower[column], upper: columnUpper[column],
        integer: isInteger[column])
    }
    part.constant = constant
    for column in 0..<columns where position[column] < 0 { part.constant += cost[column] * point[column] }
    for row in 0..<rows {
      var held = 0.0
      var terms: [Term] = []
      for k in rowStart[row]..<rowStart[row + 1] {
        let column = Int(rowColumn[k])
        if position[column] >= 0 {
          terms.append(Term(column: position[column], coefficient: rowValue[k]))
        } else {
          held += rowValue[k] * point[column]
        }
      }
      guard !terms.isEmpty else { continue }
      part.row(terms, lower: rowLower[row] - held, upper: rowUpper[row] - held)
    }
    return part
  }

  /// The columns of one row.
  func columns(ofRow row: Int) -> [Int] { (rowStart[row]..<rowStart[row + 1]).map { Int(rowColumn[$0]) } }
}
