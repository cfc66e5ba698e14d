import Foundation
import Testing

@Test("No source file is longer than 400 lines")
func filesAreShort() {
  for file in SourceTree.swiftFiles(under: "Sources") + SourceTree.swiftFiles(under: "Tests") {
    #expect(file.lines.count <= 401, "\(file.path) has \(file.lines.count) lines: look for the second idea")
  }
}

@Test("No function is longer than 70 lines")
func functionsAreShort() {
  for file in SourceTree.swiftFiles(under: "Sources") {
    for function in file.functions {
      #expect(
        function.length <= 70, "\(file.path):\(function.start) \(function.name) has \(function.length) lines")
    }
  }
}

@Test("Nothing below the executable prints, exits, or reads a clock or the environment")
func librariesAreSilent() {
  let forbidden = [
    "print(", "Date()", "ProcessInfo", " exit(", "clock_gettime(", "getenv(", "Locale.current",
  ]
  let timer = "Sources/CPUKernel/KernelTimer.swift"
  for file in SourceTree.swiftFiles(under: "Sources")
  where !file.path.hasPrefix("Sources/fleetplan/") && file.path != timer {
    for (index, line) in file.lines.enumerated() where !line.drop(while: { $0 == " " }).hasPrefix("//") {
      for word in forbidden {
        #expect(!line.uses(word), "\(file.path):\(index + 1) uses \(word)")
      }
    }
  }
}

@Test("No unfinished work is left in sources")
func nothingIsUnfinished() {
  let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX:", "not impl" + "emented", "fatal" + "Error()"]
  for file in SourceTree.swiftFiles(under: "Sources") + SourceTree.swiftFiles(under: "Tests") {
    for (index, line) in file.lines.enumerated() {
      for mark in marks { #expect(!line.contains(mark), "\(file.path):\(index + 1) says \(mark)") }
    }
  }
}

@Test("Every room imports only the rooms below it")
func roomsImportDownwards() {
  let rooms = [
    "Quantities": 0, "FleetData": 1, "Ingest": 2, "Workloads": 2, "Performance": 2, "Economics": 2,
    "CPUKernel": 2, "Reporting": 2, "Placement": 3, "Simulation": 3, "Validation": 3, "Planning": 4,
  ]
  for file in SourceTree.swiftFiles(under: "Sources") {
    let room = file.path.split(separator: "/")[1]
    guard let level = rooms[String(room)] else { continue }
    for line in file.lines where line.hasPrefix("import ") {
      let imported = line.dropFirst("import ".count).trimmingCharacters(in: .whitespaces)
      if let other = rooms[imported] { #expect(other < level, "\(file.path) imports \(imported)") }
    }
  }
}

@Test("Every golden case has a command and what it must answer")
func goldenCasesAreComplete() throws {
  for folder in ["fixtures/cases", "fixtures/errors"] {
    let names = try FileManager.default.contentsOfDirectory(atPath: SourceTree.root + "/" + folder)
    for name in names where !name.hasPrefix(".") && !name.hasSuffix(".md") {
      let place = "\(SourceTree.root)/\(folder)/\(name)"
      for part in ["command", "status"] {
        #expect(
          FileManager.default.fileExists(atPath: "\(place)/\(part)"), "\(folder)/\(name) has no \(part)")
      }
    }
  }
}

extension String {
  /// Does this line name `word` itself, rather than end another name with it (`footprint(`)?
  fileprivate func uses(_ word: String) -> Bool {
    guard let range = range(of: word) else { return false }
    return range.lowerBound == startIndex || !self[index(before: range.lowerBound)].isLetter
  }
}
