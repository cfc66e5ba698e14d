import Foundation

/// Published traces that are too large or not ours to ship: read when they lie where `FLEETPLAN_TRACES` points, or
/// in `shared/traces` beside or above the checkout.
enum SharedTraces {
  static let folder: String? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let candidates: [String?] = [
      ProcessInfo.processInfo.environment["FLEETPLAN_TRACES"],
      root.appending(path: "shared/traces").path, root.appending(path: "../shared/traces").standardized.path,
    ]
    return candidates.compactMap { $0 }.first {
      FileManager.default.fileExists(atPath: $0 + "/azure-code-2023.csv")
    }
  }()

  static var exist: Bool { folder != nil }
  static func path(_ name: String) -> String { (folder ?? "") + "/" + name }
}
