/// A run of decode steps of one unchanging batch, in closed form: the steps are summed, never walked.
///
/// The batch's KV cache grows by one token per sequence and step, so step j = 0, 1, … takes F + j·g seconds until, m
/// steps in, every sequence fills its sliding windows; from then on it takes F' + (j − m)·g':
///
///     T(j) = j·F + g·j·(j−1)/2                       for j ≤ m
///     T(j) = T(m) + i·F' + g'·i·(i−1)/2              with i = j − m, for j > m
struct DecodeRun {
  let first: Double
  let growth: Double
  let bend: Double
  let late: Double
  let lateGrowth: Double
  private let head: Double

  /// - Parameters: the `first` step's seconds and what each step adds; `bend` steps on, the same for the rest.
  @inline(__always)
  init(first: Double, growth: Double, bend: Double = .infinity, late: Double = 0, lateGrowth: Double = 0) {
    self.first = first
    self.growth = growth
    self.bend = bend
    self.late = late
    self.lateGrowth = lateGrowth
    head = bend == .infinity ? .infinity : bend * first + growth * bend * (bend - 1) * 0.5
  }

  /// T(j).
  @inline(__always)
  func duration(_ steps: Double) -> Double {
    if steps <= bend { return steps * first + growth * steps * (steps - 1) * 0.5 }
    let i = steps - bend
    return head + i * late + lateGrowth * i * (i - 1) * 0.5
  }

  /// The fewest steps, at least 1, after which `elapsed` seconds have passed.
  @inline(__always)
  func steps(reaching elapsed: Double) -> Double {
    if elapsed <= head { return Self.fewest(elapsed, first, growth) }
    return bend + Self.fewest(elapsed - head, late, lateGrowth)
  }

  /// The same of one quadratic: its root, rounded up and corrected by a step where rounding of the root fell on the
  /// wrong side.
  @inline(__always)
  private static func fewest(_ time: Double, _ first: Double, _ growth: Double) -> Double {
    let half = growth * 0.5
    var steps = max(root(time, first, growth), 1)
    while steps * (first + half * (steps - 1)) < time { steps += 1 }
    while steps > 1 && (steps - 1) * (first + half * (steps - 2)) >= time { steps -= 1 }
    return steps
  }

  /// ⌈n⌉ with n·F + g·n·(n−1)/2 = t.
  @inline(__always)
  private static func root(_ time: Double, _ first: Double, _ growth: Double) -> Double {
    let beta = first - growth * 0.5
    return ceiling(2 * time / (beta + (beta * beta + 2 * growth * time).squareRoot()))
  }
}

/// ⌈x⌉ by conversion to an integer, which every x86-64 has an instruction for; beyond 2⁵³ every Double is whole.
@inline(__always)
func ceiling(_ x: Double) -> Double {
  guard x.magnitude < 0x1p53 else { return x }
  let whole = Double(Int64(x))
  return whole < x ? whole + 1 : whole
}
