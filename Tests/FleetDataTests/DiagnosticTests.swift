import Testing

@testable import FleetData

@Test("Problems are shown file by file, each from its top, and those without a line first")
func problemsInOrderOfPlace() {
  func problem(_ what: String, _ file: String, _ line: Int?, _ column: Int? = nil) -> Diagnostic {
    Diagnostic(what, at: .init(file: file, line: line, column: column))
  }
  let found = [
    problem("f", "fleet", 9), problem("c", "scenario", 7, 5), problem("e", "fleet", 2),
    problem("b", "scenario", 7, 2), problem("d", "scenario", 7, 5), problem("a", "scenario", nil),
  ]
  #expect(Diagnostics(found).all.map(\.what) == ["e", "f", "a", "b", "c", "d"])
}

@Test(
  "The nearest name allows for a slip of the finger: a swap, a miss, a letter too many",
  arguments: ["modle", "mdel", "moddel", "model", "mod"])
func nearestName(typed: String) {
  #expect(nearest(to: typed, among: ["weights", "model", "trace"]) == "model")
}

@Test("What is like no name is not guessed at")
func noNearestName() {
  #expect(nearest(to: "fleet", among: ["weights", "model", "trace"]) == nil)
  #expect(editDistance("ab", "ba") == 1)
  #expect(editDistance("", "abc") == 3)
  #expect(editDistance("kitten", "sitting") == 3)
}

@Test("A suggestion is the nearest name, else the names that have the word within them, else nothing")
func suggestions() {
  let chips = ["tpu-v5e", "tpu-v5p", "tpu-v6e", "tpu-v4", "tpu-v3", "h100-sxm", "b200", "gb200"]
  #expect(suggestion(for: "tpu-v5x", among: chips) == "did you mean 'tpu-v5e'?")
  #expect(suggestion(for: "h100", among: chips) == "did you mean 'h100-sxm'?")
  #expect(suggestion(for: "-v5", among: chips) == "did you mean 'tpu-v5e' or 'tpu-v5p'?")
  let many = "did you mean one of 5 such as 'tpu-v3', 'tpu-v4', 'tpu-v5e'?"
  #expect(suggestion(for: "tpu", among: chips) == many)
  #expect(suggestion(for: "trainium", among: chips) == nil)
}
