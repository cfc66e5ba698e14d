/// The least-squares line through values at equal distances.
struct Line {
  /// Per step from one value to the next.
  let slope: Double
  /// The share of the values' variance that lies on the line, R²; 1 where nothing varies.
  let share: Double

  init(_ values: ArraySlice<Double>) {
    let n = Double(values.count)
    let (center, level) = ((n - 1) / 2, values.reduce(0, +) / max(n, 1))
    var (spread, product, variance) = (0.0, 0.0, 0.0)
    for (i, value) in values.enumerated() {
      spread += (Double(i) - center) * (Double(i) - center)
      product += (Double(i) - center) * (value - level)
      variance += (value - level) * (value - level)
    }
    slope = spread > 0 ? product / spread : 0
    share = variance > 0 ? slope * product / variance : 1
  }
}
