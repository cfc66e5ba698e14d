extension LinearProgram {
  /// The program in some of its columns, the others held where a point has them; rows that touch none of them, and
  /// those named, are left out. Column k of the part is column `free[k]` of the whole.
  func restricted(to free: [Int], at point: [Double]) -> LinearProgram {
    var rest = constant
    let isFree = Set(free)
    for column in 0..<columns where !isFree.contains(column) { rest += cost[column] * point[column] }
    var part = self.part(of: free, holding: point)
    part.constant = rest
    return part
  }

  /// Like `restricted`, without the cost of what is held.
  func part(of free: [Int], holding point: [Double], without left: Set<Int> = []) -> LinearProgram {
    var position = [Int](repeating: -1, count: columns)
    var part = LinearProgram()
    for (index, column) in free.enumerated() {
      position[column] = index
      _ = part.column(
        cost: cost[column], lower: columnLower[column], upper: columnUpper[column],
        integer: isInteger[column])
    }
    for row in 0..<rows where !left.contains(row) {
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

  /// The columns of one row with their coefficients.
  func terms(ofRow row: Int) -> [(column: Int, value: Double)] {
    (rowStart[row]..<rowStart[row + 1]).map { (Int(rowColumn[$0]), rowValue[$0]) }
  }

  /// Does a point keep every row and every bound?
  func admits(_ point: [Double], tolerance: Double = 1e-7) -> Bool {
    for column in 0..<columns {
      let slack = tolerance * max(1, point[column].magnitude)
      if point[column] < columnLower[column] - slack || point[column] > columnUpper[column] + slack {
        return false
      }
    }
    return (0..<rows).allSatisfy { row in
      var (sum, size) = (0.0, 1.0)
      for k in rowStart[row]..<rowStart[row + 1] {
        let part = rowValue[k] * point[Int(rowColumn[k])]
        sum += part
        size = max(size, part.magnitude)
      }
      return sum >= rowLower[row] - tolerance * size && sum <= rowUpper[row] + tolerance * size
    }
  }
}
