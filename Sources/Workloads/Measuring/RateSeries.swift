/// Requests and tokens per equal bin of time; bins double in width so that there are never more than `limit`.
public struct RateSeries: Hashable, Sendable, Codable {
  public static let limit = 1024
  public private(set) var binSeconds: Int
  /// Second of the first bin's start on the trace's clock.
  public private(set) var firstSecond = 0
  public private(set) var requests: [Int] = []
  public private(set) var inputTokens: [Int] = []
  public private(set) var outputTokens: [Int] = []

  public init(binSeconds: Int = 1) { self.binSeconds = binSeconds }

  mutating func add(second: Int, requests count: Int, input: Int, output: Int) {
    if requests.isEmpty { firstSecond = second }
    if second < firstSecond { extendBack(to: second) }
    var bin = (second - firstSecond) / binSeconds
    while bin >= Self.limit {
      halve()
      bin = (second - firstSecond) / binSeconds
    }
    if bin >= requests.count {
      let missing = bin + 1 - requests.count
      requests += repeatElement(0, count: missing)
      inputTokens += repeatElement(0, count: missing)
      outputTokens += repeatElement(0, count: missing)
    }
    requests[bin] += count
    inputTokens[bin] += input
    outputTokens[bin] += output
  }

  /// The second at which the bin of `second` ends: all seconds up to it share a bin, now and when bins are merged.
  func binEnd(of second: Int) -> Int {
    guard !requests.isEmpty, second >= firstSecond else { return second + 1 }
    return second + binSeconds - (second - firstSecond) % binSeconds
  }

  private mutating func extendBack(to second: Int) {
    while firstSecond - second > Self.limit * binSeconds { halve() }
    let missing = (firstSecond - second + binSeconds - 1) / binSeconds
    requests.insert(contentsOf: repeatElement(0, count: missing), at: 0)
    inputTokens.insert(contentsOf: repeatElement(0, count: missing), at: 0)
    outputTokens.insert(contentsOf: repeatElement(0, count: missing), at: 0)
    firstSecond -= missing * binSeconds
    while requests.count > Self.limit { halve() }
  }

  private mutating func halve() {
    func halved(_ bins: [Int]) -> [Int] {
      stride(from: 0, to: bins.count, by: 2).map { bins[$0] + ($0 + 1 < bins.count ? bins[$0 + 1] : 0) }
    }
    requests = halved(requests)
    inputTokens = halved(inputTokens)
    outputTokens = halved(outputTokens)
    binSeconds *= 2
  }

  /// The same series in at most `count` bins.
  public func coarsened(to count: Int) -> RateSeries {
    var series = self
    while series.requests.count > count { series.halve() }
    return series
  }

  enum CodingKeys: String, CodingKey {
    case requests
    case binSeconds = "bin_s"
    case firstSecond = "first_s"
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
  }
}
