import Economics
import FleetData

/// A number of a question that may be a range, and the way to it.
struct StudyInput<Question> {
  var name: String
  var unit: String
  /// How many of `unit` the question's own unit is: 1,000 where it counts seconds and `unit` is ms.
  var scale: Double
  var path: WritableKeyPath<Question, InputRange>

  init(
    _ name: String, unit: String = "", scale: Double = 1, _ path: WritableKeyPath<Question, InputRange>
  ) {
    self.name = name
    self.unit = unit
    self.scale = scale
    self.path = path
  }

  /// The same number seen from a question that holds this one.
  func within<Outer>(
    _ outer: WritableKeyPath<Outer, Question>, prefix: String = ""
  ) -> StudyInput<Outer> {
    StudyInput<Outer>(prefix + name, unit: unit, scale: scale, outer.appending(path: path))
  }
}

/// A question whose numbers may be ranges. The study answers it at the base of each; a sample is the same question with
/// every range drawn, put to what was decided at the base.
protocol RangedQuestion {
  var inputs: [StudyInput<Self>] { get }
  var seed: UInt64 { get }
}

extension RangedQuestion {
  /// A figure of the answer with its interval and what moves it.
  ///
  /// - Parameters:
  ///   - samples: fewer where a figure takes long.
  ///   - figure: takes the question with exact numbers.
  func sampled(
    _ stream: String, samples: Int = 2000, _ figure: (Self) throws(StudyError) -> Double
  ) throws(StudyError) -> Uncertainty {
    let ranged = inputs.filter { !self[keyPath: $0.path].isExact }
    var refusal: StudyError?
    do {
      return try Uncertainty(
        of: ranged.map {
          UncertainInput($0.name, unit: $0.unit, self[keyPath: $0.path].scaled(by: $0.scale))
        }, seed: seed,
        stream: stream, samples: samples
      ) { x throws(EconomicsError) in
        var drawn = self
        for (input, value) in zip(ranged, x) { drawn[keyPath: input.path] = InputRange(value / input.scale) }
        do throws(StudyError) { return try figure(drawn) } catch {
          refusal = error
          throw EconomicsError.nothingUsed("\(error)")
        }
      }
    } catch {
      throw refusal ?? .economics(error)
    }
  }
}
