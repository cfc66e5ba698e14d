import Foundation

/// A spreadsheet formula together with the value it has now, so that what is cached in the file and what the
/// spreadsheet recalculates come from one expression.
struct Live {
  let value: Double
  /// Without the leading `=`; references carry their sheet's name.
  let formula: String
  /// How tightly the formula's outermost operator binds: 1 sum, 2 product, 3 power, 4 anything closed.
  private let rank: Int

  private init(_ value: Double, _ formula: String, rank: Int) {
    self.value = value
    self.formula = formula
    self.rank = rank
  }

  /// A cell, a defined name, or a closed call.
  static func closed(_ formula: String, _ value: Double) -> Live { Live(value, formula, rank: 4) }
  /// A number that belongs to the formula itself, such as the 1 of 1 − x.
  static func literal(_ value: Double) -> Live { Live(value, JSONNumber.text(value), rank: 4) }

  private func inside(_ needed: Int) -> String { rank < needed ? "(\(formula))" : formula }

  static func + (a: Live, b: Live) -> Live {
    Live(a.value + b.value, "\(a.inside(1))+\(b.inside(1))", rank: 1)
  }
  static func - (a: Live, b: Live) -> Live {
    Live(a.value - b.value, "\(a.inside(1))-\(b.inside(2))", rank: 1)
  }
  static func * (a: Live, b: Live) -> Live {
    Live(a.value * b.value, "\(a.inside(2))*\(b.inside(2))", rank: 2)
  }
  static func / (a: Live, b: Live) -> Live {
    Live(a.value / b.value, "\(a.inside(2))/\(b.inside(3))", rank: 2)
  }
  static func power(_ a: Live, _ b: Live) -> Live {
    Live(pow(a.value, b.value), "\(a.inside(4))^\(b.inside(4))", rank: 3)
  }

  /// The next whole number, guarded against the last bits: ROUNDUP(ROUND(x, 9), 0), the planner's own rule.
  var roundedUp: Live {
    .closed("ROUNDUP(ROUND(\(formula),9),0)", ((value * 1e9).rounded() / 1e9).rounded(.up))
  }
  var magnitude: Live { .closed("ABS(\(formula))", value.magnitude) }

  static func max(_ a: Live, _ b: Live) -> Live {
    .closed("MAX(\(a.formula),\(b.formula))", Swift.max(a.value, b.value))
  }
  static func min(_ a: Live, _ b: Live) -> Live {
    .closed("MIN(\(a.formula),\(b.formula))", Swift.min(a.value, b.value))
  }

  /// `whole` where the divisor is not zero, else 0: IF(b=0, 0, a/b).
  static func share(_ a: Live, of b: Live) -> Live {
    .closed("IF(\(b.formula)=0,0,\((a / b).formula))", b.value == 0 ? 0 : a.value / b.value)
  }

  static func choose(_ condition: LiveTest, _ yes: Live, _ no: Live) -> Live {
    .closed("IF(\(condition.formula),\(yes.formula),\(no.formula))", condition.holds ? yes.value : no.value)
  }

  /// This expression when its value is the planner's to 1e-9, so that no formula is shown that does not reproduce it.
  func reproducing(_ planner: Double) -> Live? {
    abs(value - planner) <= 1e-9 * Swift.max(abs(value), abs(planner)) ? self : nil
  }
}

/// A condition with whether it holds now.
struct LiveTest {
  let holds: Bool
  let formula: String

  static func isOver(_ a: Live, _ b: Live) -> LiveTest {
    .init(holds: a.value > b.value, formula: "\(a.formula)>\(b.formula)")
  }
  static func isAtMost(_ a: Live, _ b: Live) -> LiveTest {
    .init(holds: a.value <= b.value, formula: "\(a.formula)<=\(b.formula)")
  }
  static func equals(_ a: Live, _ b: Live) -> LiveTest {
    .init(holds: a.value == b.value, formula: "\(a.formula)=\(b.formula)")
  }
}

/// A formula that shows words of ours; words of users are only ever referred to, never put into a formula.
struct LiveText {
  let value: String
  let formula: String

  static func choose(_ test: LiveTest, _ yes: LiveText, _ no: LiveText) -> LiveText {
    .init(
      value: test.holds ? yes.value : no.value, formula: "IF(\(test.formula),\(yes.formula),\(no.formula))")
  }
  /// One of our own words.
  static func word(_ word: StaticString) -> LiveText { .init(value: "\(word)", formula: "\"\(word)\"") }
  static func cell(_ reference: String, _ value: String) -> LiveText {
    .init(value: value, formula: reference)
  }
}
