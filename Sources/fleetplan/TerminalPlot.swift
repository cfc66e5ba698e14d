/// Column plots in text.
struct TerminalPlot {
  let ascii: Bool

  /// One column per value from 0 up to the greatest, which is written beside the top row.
  func columns(_ values: [Double], height: Int = 8, width: Int = 1) -> [String] {
    let top = values.max() ?? 0
    guard top > 0 else { return [] }
    let levels = ascii ? [" ", ".", ":", "|"] : [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    let steps = levels.count - 1
    return (0..<height).reversed().map { row in
      let cells = values.map { value -> String in
        let filled = (value / top * Double(height * steps)).rounded() - Double(row * steps)
        let level = min(max(0, Int(filled)), steps)
        return String(repeating: levels[level], count: width)
      }
      let label = row == height - 1 ? " \(Int(top))" : row == 0 ? " 0" : ""
      return "  " + cells.joined() + label
    }
  }
}
