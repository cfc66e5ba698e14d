import Economics
import FleetData

/// Samples uncertain inputs through a model that may fail as a study does.
func sampled(
  _ inputs: [UncertainInput], seed: UInt64, stream: String, _ model: ([Double]) throws(StudyError) -> Double
) throws(StudyError) -> Uncertainty {
  var refusal: StudyError?
  do {
    return try Uncertainty(of: inputs, seed: seed, stream: stream) { x throws(EconomicsError) in
      do throws(StudyError) { return try model(x) } catch {
        refusal = error
        throw EconomicsError.nothingUsed("\(error)")
      }
    }
  } catch {
    throw refusal ?? .economics(error)
  }
}

extension StudyResult.Finding {
  /// A figure with its sampled interval.
  init(_ id: String, _ interval: Interval, _ unit: String = "$") {
    self.init(id, interval.value, unit, low: interval.low, high: interval.high)
  }
}
