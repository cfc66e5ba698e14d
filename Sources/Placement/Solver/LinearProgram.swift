/// A linear or mixed-integer program in minimisation form, built row by row:
///
///     minimise  Σ cost·x      subject to  lower ≤ A·x ≤ upper,  columnLower ≤ x ≤ columnUpper
///
/// Columns and rows keep the order they were added in, so that the same problem always gives the same bytes to the
/// solver and the same answer.
struct LinearProgram: Sendable {
  /// One coefficient of a row.
  struct Term: Sendable {
    var column: Int
    var coefficient: Double
  }

  private(set) var cost: [Double] = []
  private(set) var columnLower: [Double] = []
  private(set) var columnUpper: [Double] = []
  private(set) var isInteger: [Bool] = []
  private(set) var rowLower: [Double] = []
  private(set) var rowUpper: [Double] = []
  private(set) var rowStart: [Int] = [0]
  private(set) var rowColumn: [Int32] = []
  private(set) var rowValue: [Double] = []
  /// The part of the objective that no decision changes.
  var constant = 0.0

  var columns: Int { cost.count }
  var rows: Int { rowLower.count }
  var hasIntegers: Bool { isInteger.contains(true) }

  /// Adds a column and returns its index.
  mutating func column(
    cost: Double = 0, lower: Double = 0, upper: Double = .infinity, integer: Bool = false
  ) -> Int {
    self.cost.append(cost)
    columnLower.append(lower)
    columnUpper.append(upper)
    isInteger.append(integer)
    return self.cost.count - 1
  }

  /// Adds `lower ≤ Σ terms ≤ upper` and returns its index; terms of one column are summed.
  @discardableResult
  mutating func row(_ terms: [Term], lower: Double = -.infinity, upper: Double = .infinity) -> Int {
    let sorted = terms.sorted { $0.column < $1.column }
    var previous = -1
    for term in sorted where term.coefficient != 0 {
      if term.column == previous {
        rowValue[rowValue.count - 1] += term.coefficient
      } else {
        rowColumn.append(Int32(term.column))
        rowValue.append(term.coefficient)
        previous = term.column
      }
    }
    rowStart.append(rowColumn.count)
    rowLower.append(lower)
    rowUpper.append(upper)
    return rowLower.count - 1
  }

  mutating func setCost(_ value: Double, of column: Int) { cost[column] = value }
  mutating func setBounds(_ lower: Double, _ upper: Double, of column: Int) {
    columnLower[column] = lower
    columnUpper[column] = upper
  }
  mutating func setContinuous(_ column: Int) { isInteger[column] = false }

  /// The value of the objective at a point, constant included.
  func objective(at point: [Double]) -> Double {
    var sum = constant
    for (c, x) in zip(cost, point) { sum += c * x }
    return sum
  }

  /// The matrix by columns, as the solvers take it: starts, row indices, values.
  func columnMajor() -> (start: [Int32], index: [Int32], value: [Double]) {
    var count = [Int32](repeating: 0, count: columns + 1)
    for column in rowColumn { count[Int(column) + 1] += 1 }
    for j in 0..<columns { count[j + 1] += count[j] }
    var cursor = count
    var index = [Int32](repeating: 0, count: rowColumn.count)
    var value = [Double](repeating: 0, count: rowColumn.count)
    for row in 0..<rows {
      for k in rowStart[row]..<rowStart[row + 1] {
        let column = Int(rowColumn[k])
        let slot = Int(cursor[column])
        index[slot] = Int32(row)
        value[slot] = rowValue[k]
        cursor[column] += 1
      }
    }
    return (count, index, value)
  }

  /// A power of two that brings the largest cost near 1000: dividing by it loses no bit, and a problem with all
  /// prices doubled reaches the solver as the same numbers.
  var costScale: Double {
    let largest = cost.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0, largest.isFinite else { return 1 }
    return Double(sign: .plus, exponent: largest.exponent - 10, significand: 1)
  }
}
