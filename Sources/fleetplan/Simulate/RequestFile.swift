import FleetData
import Foundation
import Quantities
import Simulation

/// The per-request file: one line per request that left, in order of time, through a buffer.
///
/// Runs of one service on one group say when and how long; others name the service and the group besides.
final class RequestFile {
  private let path: String
  private let temporary: String
  private let handle: FileHandle
  private let slot: Int?
  private let services: [String]
  private let groups: [String]
  private let hasNames: Bool
  private var buffer = "arrival_s,ttft_s,e2e_s,input_tokens,output_tokens"

  init(path: String, _ item: SimulatedCase) throws {
    self.path = path
    temporary = path + ".partial-\(getpid())"
    slot = PartialFiles.add(temporary)
    guard FileManager.default.createFile(atPath: temporary, contents: nil),
      let handle = FileHandle(forWritingAtPath: temporary)
    else { throw ExitError(.cannotWrite, "cannot write '\(path)'") }
    self.handle = handle
    services = item.simulation.streams.map { Self.field($0.service) }
    groups = item.simulation.groups.map { Self.field($0.id) }
    hasNames = item.name != nil || groups.count > 1
    buffer += hasNames ? ",service,group\n" : "\n"
  }

  func append(_ request: FinishedRequest) {
    let ttft = request.ttft.map { "\($0)" } ?? ""
    let total = request.endToEnd.map { "\($0)" } ?? ""
    buffer += "\(request.arrival),\(ttft),\(total),\(request.inputTokens),\(request.outputTokens)"
    if hasNames { buffer += ",\(services[request.stream]),\(request.group.map { groups[$0] } ?? "")" }
    buffer += "\n"
    if buffer.utf8.count > 1 << 16 { flush() }
  }

  /// A name as CSV: quoted where it has a comma, a quote or a line break.
  private static func field(_ name: String) -> String {
    guard name.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return name }
    return "\"" + name.replacing("\"", with: "\"\"") + "\""
  }

  private func flush() {
    handle.write(Data(buffer.utf8))
    buffer = ""
  }

  func finish() throws {
    flush()
    try handle.synchronize()
    try handle.close()
    defer { PartialFiles.remove(slot) }
    guard rename(temporary, path) == 0 else { throw ExitError(.cannotWrite, "cannot write '\(path)'") }
  }
}
