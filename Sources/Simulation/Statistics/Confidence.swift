import FleetData

/// Means of batches and what they say about the truth.
enum Confidence {
  /// The mean of `batches` with its 95 % interval by Student's t; nil with fewer than two batches.
  static func interval(ofMeans batches: [Double]) -> Interval? {
    guard batches.count >= 2 else { return nil }
    let n = Double(batches.count)
    let mean = batches.reduce(0, +) / n
    let variance = batches.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    let half = studentT(degrees: batches.count - 1) * (variance / n).squareRoot()
    return Interval(value: mean, low: mean - half, high: mean + half)
  }

  /// The two-sided 95 % point of Student's t.
  ///
  /// - Source: NIST/SEMATECH e-Handbook, table 1.3.6.7.2, to 30 degrees; beyond, z + (z³ + z)/4ν, within 0.1 %.
  static func studentT(degrees: Int) -> Double {
    let table = [
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145,
      2.131,
      2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ]
    if degrees <= table.count { return table[max(degrees, 1) - 1] }
    let z = 1.959964
    return z + (z * z * z + z) / (4 * Double(degrees))
  }
}
