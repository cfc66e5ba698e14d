import FleetData
import Quantities

/// A serving engine in its steady state: N sequences decode while the prompts of their successors are prefilled.
///
/// A request of i prompt and o output tokens needs o steps and one prefill, so while a sequence writes its tokens the
/// N − 1 others are prefilled once each. With t_d the decode step at the mean context i + o/2 and t_p the prefill of
/// one prompt:
///
///     rate = N / (t_d + N/o · t_p)         tokens per second of the engine
///     TPOT = t_d + φ · (N − 1)/o · t_p     φ of the prefill shows between tokens, the rest before the first
///
/// - Source: mean-field form of iteration-level scheduling (Yu et al., Orca, OSDI 2022); φ is fitted by stack.
public struct ContinuousBatching: Sendable {
  public var instance: InferenceModel
  public var software: SoftwareEfficiency
  /// Candidates kept per sequence: 1, or the width of a beam search.
  public var beams: Int
  /// Tokens of cache every step reads whatever a sequence holds; `nil` for caches that grow.
  public var staticCache: Int?

  public init(instance: InferenceModel, software: SoftwareEfficiency, beams: Int = 1, staticCache: Int? = nil)
  {
    self.instance = instance
    self.software = software
    self.beams = beams
    self.staticCache = staticCache
  }

  public struct Steady: Sendable, Hashable {
    public var concurrency: Double
    public var tpot: Seconds
    /// Output tokens per second of the instance.
    public var outputRate: Double
  }

  public func steady(concurrency: Double, input: Int, output: Int) -> Steady {
    let turnover = concurrency / Double(output)
    let decode = decodeSeconds(sequences: concurrency, context: staticCache ?? input + output / 2)
    let prefill = promptSeconds(input)
    return Steady(
      concurrency: concurrency,
      tpot: Seconds(decode + software.interleave * max(0, concurrency - 1) / Double(output) * prefill),
      outputRate: concurrency / (decode + turnover * prefill))
  }

  /// One decode step; between whole batches it is a straight line.
  public func decodeSeconds(sequences: Double, context: Int) -> Double {
    let exact = max(1, sequences * Double(beams))
    let low = Int(exact)
    let time = seconds(low, context)
    let part = exact - Double(low)
    return part < 1e-9 ? time : time + part * (seconds(low + 1, context) - time)
  }

  private func seconds(_ batch: Int, _ context: Int) -> Double {
    guard let step = try? instance.decodeTime(batch: batch, context: max(1, context)) else { return 0 }
    return step.time.value
  }

  /// Seconds of prefill per prompt when prompts are packed into steps of about 4,096 tokens.
  public func promptSeconds(_ input: Int) -> Double {
    let packed = max(1, Int((4096 / Double(input)).rounded()))
    guard let step = try? instance.prefillTime(batch: packed, inputTokens: max(1, input)) else { return 0 }
    return step.time.value / Double(packed)
  }

  /// Sequences whose caches, at their mean length, fill the share of free memory that the stack puts to use.
  public func capacity(input: Int, output: Int) -> Double {
    let one = instance.memory(sequences: 1, context: input + output / 2)
    let free = 0.92 * one.capacity.value - one.weights.value
    let each = one.kvCache.value * Double(beams)
    guard each > 0 else { return 4096 }
    return max(1, free / each * software.cacheShare)
  }

  /// The most sequences whose slowest tokens keep `limit`, at most `cap`.
  public func concurrency(keeping limit: Seconds, cap: Double, input: Int, output: Int) -> Double {
    func slow(_ n: Double) -> Bool {
      steady(concurrency: n, input: input, output: output).tpot.value * software.tail > limit.value
    }
    guard cap > 1, slow(cap) else { return cap }
    var (low, high) = (1.0, cap)
    for _ in 0..<20 {
      let middle = (low * high).squareRoot()
      if slow(middle) { high = middle } else { low = middle }
    }
    return low
  }
}
