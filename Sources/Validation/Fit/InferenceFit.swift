import FleetData
import Foundation
import Performance

/// Fits the inference constants to measured rows: damped Gauss-Newton on log errors.
///
///     minimise  Σ (√(1 + (e/σ)²) − 1) + ½ Σ ((x − x₀)/spread)²      e = ln(predicted / measured), σ = 0.12
///
/// The first term forgives rows that are far off, the second holds constants with few rows near their family.
/// Same rows, same constants: nothing is drawn at random.
public struct InferenceFit: Sendable {
  struct Prepared: Sendable {
    var row: MeasuredCase
    var setup: CaseSetup
    var family: String
    var chip: String
    var software: String
  }

  let rows: [Prepared]
  let parameters: EfficiencyParameters
  private let familyOf: [String: String]
  static let scale = 0.12

  /// - Parameter cases: rows; those that cannot be predicted are left out.
  public init(_ cases: [MeasuredCase], catalog: Catalog = .builtIn) {
    var prepared: [Prepared] = []
    var familyOf: [String: String] = [:]
    for row in cases {
      guard let setup = try? CaseSetup(row, catalog: catalog, table: .builtIn),
        (try? setup.predict(.builtIn)) != nil
      else { continue }
      let family = setup.chip.family.rawValue
      let chip = constantsOwner(setup.chip.id)
      familyOf[chip] = family
      familyOf[setup.software] = family
      prepared.append(
        Prepared(row: row, setup: setup, family: family, chip: chip, software: setup.software))
    }
    rows = prepared
    self.familyOf = familyOf
    parameters = EfficiencyParameters(
      families: Set(prepared.map(\.family)).sorted(), chips: Set(prepared.map(\.chip)).sorted(),
      software: Set(prepared.map(\.software)).filter { !$0.hasPrefix("family:") }.sorted())
  }

  /// The constants that `x` stands for, with the count of rows behind each.
  func table(_ x: [Double]) -> EfficiencyTable {
    var counts: [String: Int] = [:]
    for row in rows {
      counts[row.chip, default: 0] += 1
      counts["software/" + row.software, default: 0] += 1
    }
    return parameters.table(x, family: { familyOf[$0] ?? "gpu" }, rows: counts)
  }

  /// ln(predicted / measured) of the chosen rows.
  func errors(_ x: [Double], of chosen: [Int]) -> [Double] {
    let table = table(x)
    return chosen.map { i in
      guard let ratio = try? rows[i].setup.ratio(table), ratio > 0 else { return 0 }
      return log(ratio)
    }
  }

  /// The numbers that fit the chosen rows best.
  ///
  /// Ends when two rounds in a row gain less than a part in 5,000, or after `iterations`.
  func solve(_ chosen: [Int], from first: [Double]? = nil, iterations: Int = 80) -> [Double] {
    var x = first ?? parameters.start
    var error = errors(x, of: chosen)
    var cost = cost(error, x)
    var damping = 1e-2
    var idle = 0
    for _ in 0..<iterations where idle < 2 {
      let (matrix, gradient) = normal(x, error, chosen)
      var improved = false
      for _ in 0..<12 {
        guard let step = choleskySolve(matrix, gradient, damping: damping) else { break }
        let next = zip(x, step).map { $0 - max(-1.5, min(1.5, $1)) }
        let nextError = errors(next, of: chosen)
        let nextCost = self.cost(nextError, next)
        if nextCost < cost {
          idle = cost - nextCost > 2e-4 * max(1, cost) ? 0 : idle + 1
          improved = true
          (x, error, cost) = (next, nextError, nextCost)
          damping = max(damping / 4, 1e-6)
          break
        }
        damping = max(damping * 5, 1e-4)
      }
      if !improved { break }
    }
    return x
  }

  private func cost(_ error: [Double], _ x: [Double]) -> Double {
    let misfit = error.reduce(0) { $0 + (1 + $1 * $1 / (Self.scale * Self.scale)).squareRoot() - 1 }
    return zip(x, parameters.slots).reduce(misfit) { sum, pair in
      let z = (pair.0 - pair.1.start) / pair.1.spread
      return sum + 0.5 * z * z
    }
  }

  /// Numbers that the chosen rows bear on: the others stay at their start.
  func informed(_ x: [Double], _ chosen: [Int]) -> Int {
    let matrix = normal(x, errors(x, of: chosen), chosen).matrix
    return parameters.slots.enumerated().count { i, slot in
      matrix[i * x.count + i] > 1.000001 / (slot.spread * slot.spread)
    }
  }

  /// The normal matrix (row-major) and the gradient. One perturbation per kind serves all its owners, since a row
  /// has one family, one chip and one stack.
  private func normal(_ x: [Double], _ error: [Double], _ chosen: [Int]) -> (
    matrix: [Double], gradient: [Double]
  ) {
    let n = x.count
    var jacobian: [[(column: Int, slope: Double)]] = Array(repeating: [], count: chosen.count)
    let h = 1e-4
    for kind in parameters.kinds {
      var moved = x
      for i in parameters.slots.indices where parameters.slots[i].kind == kind { moved[i] += h }
      let shifted = errors(moved, of: chosen)
      for (j, i) in chosen.enumerated() {
        let owner = ["all", rows[i].family, rows[i].chip, rows[i].software][kind.level.rawValue]
        guard let column = parameters.position(kind.level, kind.name, owner) else { continue }
        jacobian[j].append((column, (shifted[j] - error[j]) / h))
      }
    }
    var matrix = [Double](repeating: 0, count: n * n)
    var gradient = [Double](repeating: 0, count: n)
    for (i, slot) in parameters.slots.enumerated() {
      matrix[i * n + i] = 1 / (slot.spread * slot.spread)
      gradient[i] = (x[i] - slot.start) / (slot.spread * slot.spread)
    }
    for (j, slopes) in jacobian.enumerated() {
      let z = error[j] / Self.scale
      let weight = 1 / ((1 + z * z).squareRoot() * Self.scale * Self.scale)
      for a in slopes {
        gradient[a.column] += weight * error[j] * a.slope
        for b in slopes { matrix[a.column * n + b.column] += weight * a.slope * b.slope }
      }
    }
    return (matrix, gradient)
  }
}

/// Solves (A + damping·diag A)·y = b for symmetric positive A, row-major; `nil` when it is not positive.
func choleskySolve(_ a: [Double], _ b: [Double], damping: Double) -> [Double]? {
  let n = b.count
  var l = a
  for i in 0..<n { l[i * n + i] *= 1 + damping }
  for j in 0..<n {
    for k in 0..<j { l[j * n + j] -= l[j * n + k] * l[j * n + k] }
    guard l[j * n + j] > 0 else { return nil }
    l[j * n + j] = l[j * n + j].squareRoot()
    for i in (j + 1)..<max(n, j + 1) {
      for k in 0..<j { l[i * n + j] -= l[i * n + k] * l[j * n + k] }
      l[i * n + j] /= l[j * n + j]
    }
  }
  var y = b
  for i in 0..<n {
    for k in 0..<i { y[i] -= l[i * n + k] * y[k] }
    y[i] /= l[i * n + i]
  }
  for i in stride(from: n - 1, through: 0, by: -1) {
    for k in (i + 1)..<max(n, i + 1) { y[i] -= l[k * n + i] * y[k] }
    y[i] /= l[i * n + i]
  }
  return y
}
