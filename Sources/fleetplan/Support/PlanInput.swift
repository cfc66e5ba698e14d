import FleetData
import Foundation
import Reporting

/// Plans as commands read them.
enum PlanInput {
  /// - Throws: exit 66 when the file cannot be read, 65 when it is no plan of this schema.
  static func read(_ path: String) throws -> Plan {
    guard
      let data = path == "-"
        ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: path)
    else {
      throw ExitError(.inputMissing, "cannot read '\(path)'", help: "plans are written by 'fleetplan plan'")
    }
    return try PlanFile.decode(Array(data), file: path)
  }
}
