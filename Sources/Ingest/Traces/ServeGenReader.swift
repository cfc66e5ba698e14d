import Foundation

/// One client of a ServeGen data set: its rate and burstiness window by window, and how long its requests are.
public struct ServeGenClient: Hashable, Sendable {
  public var name: String
  public var windowSeconds: Double
  /// Requests per second in each window from the first on.
  public var rates: [Double]
  /// Mean coefficient of variation of the gaps, weighted by rate.
  public var variation: Double
  /// True when most windows are Weibull rather than Gamma.
  public var isWeibull: Bool
  /// Equally spaced quantiles.
  public var inputQuantiles: [Double]
  public var outputQuantiles: [Double]
  /// Mean share of thinking in the output, where the data set states it.
  public var reasoningShare: Double?
}

/// Reads a folder of `chunk-N-trace.csv` (start, rate, CV, law and its two parameters per window, no header) with
/// `chunk-N-dataset.json` (per start: field to probabilities by value, as text).
///
/// - Source: ServeGen, arXiv 2505.09999, and its published data.
public enum ServeGenReader {
  public static func read(folder: String) throws(TraceError) -> [ServeGenClient] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw .missing(path: folder)
    }
    let chunks = names.filter { $0.hasPrefix("chunk-") && $0.hasSuffix("-trace.csv") }
      .map { String($0.dropLast("-trace.csv".count)) }
      .sorted { ($0.count, $0) < ($1.count, $1) }
    var clients: [ServeGenClient] = []
    for chunk in chunks {
      if let client = try client(chunk, "\(folder)/\(chunk)-trace.csv", "\(folder)/\(chunk)-dataset.json") {
        clients.append(client)
      }
    }
    guard !clients.isEmpty else { throw .noRows(rejected: 0, first: nil) }
    return clients
  }

  private struct Window { var start, rate, variation: Double; var isWeibull: Bool }

  /// Nil for a client that never asks.
  private static func client(_ name: String, _ tracePath: String, _ dataPath: String) throws(TraceError)
    -> ServeGenClient?
  {
    guard let text = FileManager.default.contents(atPath: tracePath) else { throw .missing(path: tracePath) }
    var windows: [Window] = []
    for (index, line) in String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline).enumerated()
    {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard cells.count >= 3, let start = Double(cells[0]), let rate = Double(cells[1]) else {
        if index == 0 { continue }
        throw .limit(what: "\(tracePath): not start, rate, CV", line: index + 1)
      }
      let law = cells.count > 3 ? cells[3].lowercased() : ""
      windows.append(
        Window(
          start: start, rate: max(0, rate), variation: Double(cells[2]) ?? 1, isWeibull: law == "weibull"))
    }
    windows.sort { $0.start < $1.start }
    let total = windows.reduce(0) { $0 + $1.rate }
    guard total > 0, let first = windows.first else { return nil }
    let gaps = zip(windows.dropFirst(), windows).map { $0.start - $1.start }.filter { $0 > 0 }
    let width = gaps.min() ?? 600
    var rates = [Double](repeating: 0, count: Int(((windows.last?.start ?? 0) - first.start) / width) + 1)
    for window in windows { rates[Int((window.start - first.start) / width)] = window.rate }
    let data = try lengths(dataPath)
    return ServeGenClient(
      name: name, windowSeconds: width, rates: rates,
      variation: windows.reduce(0) { $0 + $1.variation * $1.rate } / total,
      isWeibull: 2 * windows.filter(\.isWeibull).count > windows.count,
      inputQuantiles: data.input, outputQuantiles: data.output, reasoningShare: data.reasoning)
  }

  private static func lengths(
    _ path: String
  ) throws(TraceError) -> (input: [Double], output: [Double], reasoning: Double?) {
    guard let text = FileManager.default.contents(atPath: path) else { throw .missing(path: path) }
    var bytes = text.map { $0 == 0x0a || $0 == 0x0d ? 0x20 : $0 }
    let count = bytes.count
    bytes += [UInt8](repeating: 0, count: 16)
    let tree = bytes.withUnsafeBytes { buffer -> JSONNode? in
      guard let start = buffer.baseAddress else { return nil }
      var cursor = JSONCursor(start, start + count)
      return JSONNode.line(&cursor)
    }
    guard case .object(let windows)? = tree else {
      throw .unknownFormat(found: path, help: "a ServeGen data set is an object of windows")
    }
    let input = probabilities(windows.map(\.value), "input_tokens")
    let output = probabilities(windows.map(\.value), "output_tokens")
    guard !input.isEmpty, !output.isEmpty else {
      throw .unknownFormat(found: path, help: "its windows need input_tokens and output_tokens")
    }
    let ratios = probabilities(windows.map(\.value), "reason_ratio")
    let weight = ratios.reduce(0) { $0 + $1.probability }
    let share = weight > 0 ? ratios.reduce(0) { $0 + $1.value * $1.probability } / weight : nil
    return (quantiles(input), quantiles(output), share)
  }

  /// Values with their probabilities over all windows, ascending.
  private static func probabilities(_ windows: [JSONNode], _ field: String) -> [(
    value: Double, probability: Double
  )] {
    var sums: [Double: Double] = [:]
    for window in windows {
      switch window[field] {
      case .object(let members)?:
        for (key, value) in members {
          if let x = Double(key), let p = value.text.flatMap(Double.init) { sums[x, default: 0] += p }
        }
      case .string(let text)?:
        for pair in text.split(whereSeparator: { "{},".contains($0) }) {
          let sides = pair.split(separator: ":").map {
            $0.trimmingCharacters(in: CharacterSet(charactersIn: " \"'"))
          }
          if sides.count == 2, let x = Double(sides[0]), let p = Double(sides[1]) { sums[x, default: 0] += p }
        }
      default: break
      }
    }
    return sums.map { ($0.key, $0.value) }.sorted { $0.value < $1.value }
  }

  /// 513 equally spaced quantiles of a discrete distribution.
  private static func quantiles(_ values: [(value: Double, probability: Double)]) -> [Double] {
    let total = values.reduce(0) { $0 + $1.probability }
    var place = 0
    var below = 0.0
    return (0...512).map { i in
      let wanted = total * Double(i) / 512
      while place + 1 < values.count, below + values[place].probability < wanted {
        below += values[place].probability
        place += 1
      }
      return max(1, values[place].value)
    }
  }
}
