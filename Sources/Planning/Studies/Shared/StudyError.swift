import Economics
import Performance

/// Why a study has no answer.
public enum StudyError: Error, Sendable {
  /// A number that makes no sense, or a loss that cannot be reached.
  case economics(EconomicsError)
  /// The model fits no slice that was looked at.
  case fitsNowhere(model: String, chip: String, largest: Int)
  /// No batch on any slice is fast enough.
  case tooSlow(model: String, chip: String, bestSeconds: Double, wantedSeconds: Double)
  /// The chip has no list price and none was given.
  case noPrice(chip: String)
  case invalid(what: String, found: String, expected: String)
}

extension StudyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .economics(let error): error.description
    case .fitsNowhere(let model, let chip, let largest):
      "\(model) fits no slice of up to \(largest) \(chip)"
    case .tooSlow(let model, let chip, let best, let wanted):
      "\(model) on \(chip) takes at least \(StudyText.number(best * 1000)) ms per token; "
        + "\(StudyText.number(wanted * 1000)) ms were asked for"
    case .noPrice(let chip): "the catalog has no price for \(chip); give one"
    case .invalid(let what, let found, let expected): "\(what): found \(found); expected \(expected)"
    }
  }
}

/// Runs a body whose only failures are those of formulas.
func economics<Value>(_ body: () throws(EconomicsError) -> Value) throws(StudyError) -> Value {
  do { return try body() } catch { throw .economics(error) }
}
