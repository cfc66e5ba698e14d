import Quantities

/// Lengths of a service's requests, as far as capacity depends on them.
public struct RequestLengths: Sendable, Hashable {
  public var meanInput: Double
  public var meanOutput: Double
  /// E[I²] and E[O²].
  public var meanInputSquared: Double
  public var meanOutputSquared: Double
  /// Cached tokens a decode step finds per sequence, averaged over all decode steps: E[I·O + O(O+1)/2] / E[O].
  public var meanContext: Double
  /// Input and output lengths at the SLO's percentile, and the middle output length.
  public var highInput: Double
  public var highOutput: Double
  public var medianOutput: Double

  /// Lengths of a trace, outputs multiplied by a thinking budget.
  ///
  /// - Parameter percentile: the SLO's, 0.99 = p99.
  public init(
    inputTokens: [UInt32], outputTokens: [UInt32], thinkingMultiplier: Double = 1, percentile: Double = 0.99
  ) {
    precondition(
      !inputTokens.isEmpty && inputTokens.count == outputTokens.count,
      "request lengths need at least one request, each with an input and an output")
    let n = Double(inputTokens.count)
    var (i1, o1, i2, o2, context) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (input, output) in zip(inputTokens, outputTokens) {
      let i = Double(input)
      let o = (Double(output) * thinkingMultiplier).rounded()
      i1 += i
      o1 += o
      i2 += i * i
      o2 += o * o
      context += i * o + o * (o + 1) / 2
    }
    meanInput = i1 / n
    meanOutput = o1 / n
    meanInputSquared = i2 / n
    meanOutputSquared = o2 / n
    meanContext = o1 > 0 ? context / o1 : i1 / n
    func quantile(_ values: [UInt32], _ q: Double) -> Double {
      let sorted = values.sorted()
      return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * q))])
    }
    highInput = quantile(inputTokens, percentile)
    highOutput = (quantile(outputTokens, percentile) * thinkingMultiplier).rounded()
    medianOutput = max(1, (quantile(outputTokens, 0.5) * thinkingMultiplier).rounded())
  }

  /// Every request alike.
  public init(input: Double, output: Double) {
    meanInput = input
    meanOutput = output
    meanInputSquared = input * input
    meanOutputSquared = output * output
    meanContext = input + (output + 1) / 2
    highInput = input
    highOutput = output
    medianOutput = output
  }

  /// Squared coefficient of variation of the output length.
  var outputVariability: Double { meanOutputSquared / (meanOutput * meanOutput) - 1 }
  var inputVariability: Double { meanInputSquared / (meanInput * meanInput) - 1 }
}
