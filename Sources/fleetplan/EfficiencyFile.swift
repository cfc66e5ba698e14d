import ArgumentParser
import FleetData
import Foundation
import Performance
import Reporting
import Validation

/// `efficiency.json` as a whole: the constants of inference and of training, and the fits they are from.
struct EfficiencyFile: Sendable {
  var inference: EfficiencyTable = .builtIn
  var training: TrainingEfficiencyTable = .builtIn
  var fitted: [FitRecord] = FitRecord.builtIn

  /// One line per entry, so that a change of one chip is a change of one line.
  func bytes() throws -> [UInt8] {
    func lines(_ values: [some Encodable]) throws -> String {
      try values.map { value in
        let text = String(decoding: try CanonicalJSON.encode(value, pretty: false), as: UTF8.self)
        return "    " + text.trimmingCharacters(in: .whitespacesAndNewlines)
      }.joined(separator: ",\n")
    }
    let parts = [
      "\"chips\": [\n\(try lines(inference.entries))\n  ]", "\"fitted\": [\n\(try lines(fitted))\n  ]",
      "\"schema\": \"\(inference.schema)\"", "\"software\": [\n\(try lines(inference.software))\n  ]",
      "\"training\": [\n\(try lines(training.training))\n  ]",
    ]
    return Array("{\n  \(parts.joined(separator: ",\n  "))\n}\n".utf8)
  }

  /// - Throws: what is wrong with the file, with what writes a right one.
  static func read(_ path: String) throws -> EfficiencyFile {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ExitError(
        .inputMissing, "cannot read the constants '\(path)'",
        help: "write them with fleetplan calibrate --cases FILE --out \(path)")
    }
    do {
      return EfficiencyFile(
        inference: try JSONDecoder().decode(EfficiencyTable.self, from: data).completed(by: .builtIn),
        training: try JSONDecoder().decode(TrainingEfficiencyTable.self, from: data),
        fitted: FitRecord.read(data))
    } catch {
      throw ExitError(
        .badContent,
        [
          Diagnostic(
            "not a file of efficiency constants", at: .init(file: path),
            expected: "what fleetplan calibrate writes",
            help: "write it with fleetplan calibrate --cases FILE --out \(path)")
        ])
    }
  }
}

/// `--efficiency FILE`: the constants that measurements of one's own gave.
struct EfficiencyOption: ParsableArguments {
  @Option(help: "Constants that `calibrate` wrote, instead of those built in.") var efficiency: String?

  func load() throws -> EfficiencyFile { try efficiency.map(EfficiencyFile.read) ?? EfficiencyFile() }
}
