import ArgumentParser
import FleetData
import Ingest

/// What arrives.
struct SimulatedDemand: ParsableArguments {
  @Option(help: "Trace file, plain, .gz or .zst; - reads standard input.") var trace: String?
  @Option(name: .long, help: "Trace format; detected when left out.") var traceFormat: TraceFormat?
  @Option(name: .long, help: "Arrivals come this many times as fast.") var rateScale: Double?
  @Option(help: "Mean requests per second, in place of --rate-scale.") var rate: Double?
  @Option(name: .customLong("repeat"), help: "Play the trace this many times, end to end.") var repeats = 1
  @Option(help: "Every answer is this many times longer: the thinking budget.") var thinking = 1.0

  func validate() throws {
    guard rateScale ?? 1 > 0, (rateScale ?? 1).isFinite else {
      throw ValidationError("--rate-scale is greater than 0")
    }
    guard rate ?? 1 > 0, (rate ?? 1).isFinite else { throw ValidationError("--rate is greater than 0") }
    guard rate == nil || rateScale == nil else {
      throw ValidationError(
        "--rate says how many requests come, --rate-scale how many times as many: give one of them")
    }
    guard repeats >= 1 else { throw ValidationError("--repeat is at least 1") }
    guard thinking > 0, thinking.isFinite else { throw ValidationError("--thinking is greater than 0") }
  }

  /// How many times as fast the trace is played.
  func scale(of trace: WorkloadTrace) throws -> Double {
    guard let rate else { return rateScale ?? 1 }
    let span = trace.arrivals.last?.seconds ?? 0
    guard trace.count > 1, span > 0 else {
      throw ExitError(
        .usage, "--rate needs a trace whose requests come at different times", help: "leave out --rate")
    }
    return rate * span / Double(trace.count - 1)
  }

  func read(_ trace: String) throws -> WorkloadTrace {
    var options = TraceOptions(format: traceFormat)
    options.hashing = false
    do {
      let reading = try TraceInputOptions.reading(trace, options)
      if reading.rejected > 0 {
        Output.note("\(trace): \(reading.rejected) rows rejected, \(reading.accepted) read")
      }
      return reading.trace
    } catch {
      var status = ExitStatus.badContent
      if case .missing = error { status = .inputMissing }
      throw ExitError(status, [error.diagnostic(path: trace)])
    }
  }
}
