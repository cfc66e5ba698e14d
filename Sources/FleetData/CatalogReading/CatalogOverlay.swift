import Foundation

extension Catalog {
  /// Reads `chips.json` and `models.json` of a directory, in the shapes of the built-in files, over this catalog.
  /// - Throws: `Diagnostics` when neither file is there or one does not decode.
  public func overlaid(byDirectory directory: String) throws(Diagnostics) -> Catalog {
    var overlay = Catalog(chips: [], models: [])
    var found = false
    do {
      if let data = FileManager.default.contents(atPath: directory + "/chips.json") {
        found = true
        overlay.chips = try ChipFile.chips(in: data)
      }
      if let data = FileManager.default.contents(atPath: directory + "/models.json") {
        found = true
        overlay.models = try ModelFile.models(in: data)
      }
    } catch let error as DecodingError {
      throw Diagnostics([
        Diagnostic("catalog overlay does not decode: \(error.place)", at: .init(file: directory))
      ])
    } catch {
      throw Diagnostics([Diagnostic("\(error)", at: .init(file: directory))])
    }
    guard found else {
      throw Diagnostics([
        Diagnostic(
          "no catalog in this directory", at: .init(file: directory), expected: "chips.json or models.json")
      ])
    }
    return overlaid(by: overlay)
  }
}

extension DecodingError {
  /// `chips[3].hbm_bytes: expected a number`, from the decoder's own words.
  var place: String {
    let context: Context =
      switch self {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): context
      case .keyNotFound(let key, let context):
        Context(codingPath: context.codingPath + [key], debugDescription: "a required key is missing")
      @unknown default: Context(codingPath: [], debugDescription: "\(self)")
      }
    let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
    return "\(path.hasPrefix(".") ? String(path.dropFirst()) : path): \(context.debugDescription)"
  }
}
