import CCatalog
import Foundation

/// What is known of the world: chips, models, sites and round-trip times, each figure with its source.
///
/// Each part of the built-in catalog is decoded on first use, and one chip or model that is asked for by its id alone.
public struct Catalog: Sendable {
  /// The catalog that ships inside the tool.
  public static let builtIn = Catalog()

  /// What was put in place of the built-in records.
  private var ownChips: [ChipSpec]?
  private var ownModels: [TransformerSpec]?

  public var chips: [ChipSpec] {
    get { ownChips ?? Self.builtInChips }
    set { ownChips = newValue }
  }
  public var models: [TransformerSpec] {
    get { ownModels ?? Self.builtInModels }
    set { ownModels = newValue }
  }

  private init() {}

  public init(chips: [ChipSpec], models: [TransformerSpec]) {
    ownChips = chips
    ownModels = models
  }

  /// The chip with this id or alias, in any case.
  /// - Throws: a `Diagnostic` that names the nearest known chip.
  public func chip(_ name: String) throws(Diagnostic) -> ChipSpec {
    let wanted = name.lowercased()
    if ownChips == nil, let record = Self.chipIndex.record(wanted), let chip = try? ChipFile.chip(in: record)
    {
      return chip
    }
    if let chip = chips.first(where: { $0.id == wanted }) { return chip }
    let byAlias = chips.first { $0.aliases.contains { $0.lowercased() == wanted } }
    if let byAlias { return byAlias }
    throw unknown("chip", name, among: chips.map(\.id))
  }

  /// The model with this id or name, in any case.
  /// - Throws: a `Diagnostic` that names the nearest known model.
  public func model(_ name: String) throws(Diagnostic) -> TransformerSpec {
    let wanted = name.lowercased()
    if ownModels == nil, let record = Self.modelIndex.record(wanted),
      let model = try? ModelFile.model(in: record)
    {
      return model
    }
    if let model = models.first(where: { $0.id == wanted || $0.name.lowercased() == wanted }) { return model }
    throw unknown("model", name, among: models.map(\.id))
  }

  /// This catalog with the chips and models of `overlay` added; an overlay's record replaces one of the same id.
  public func overlaid(by overlay: Catalog) -> Catalog {
    Catalog(
      chips: merged(chips, overlay.chips, id: \.id), models: merged(models, overlay.models, id: \.id))
  }

  private static let chipIndex = RecordIndex(catalog_chips, catalog_chips_size)
  private static let modelIndex = RecordIndex(catalog_models, catalog_models_size)

  private static let builtInChips = decodeBuiltIn {
    try ChipFile.chips(in: $0)
  } bytes: {
    (catalog_chips, catalog_chips_size)
  }
  private static let builtInModels = decodeBuiltIn {
    try ModelFile.models(in: $0)
  } bytes: {
    (catalog_models, catalog_models_size)
  }
}

/// Replaces records of one id and appends new ones, in order.
private func merged<Record>(_ base: [Record], _ overlay: [Record], id: (Record) -> String) -> [Record] {
  var result = base
  for record in overlay {
    if let index = result.firstIndex(where: { id($0) == id(record) }) {
      result[index] = record
    } else {
      result.append(record)
    }
  }
  return result
}

private func unknown(_ kind: String, _ name: String, among ids: [String]) -> Diagnostic {
  let help =
    suggestion(for: name, among: ids)
    ?? "`fleetplan catalog list` shows every \(kind)"
  return Diagnostic(
    "unknown \(kind)", found: "'\(name)'", expected: "one of \(ids.count) known ids", help: help)
}

/// Decodes an embedded file; a failure is a fault of the build, not of the user.
func decodeBuiltIn<Value>(
  _ decode: (Data) throws -> Value, bytes: () -> (UnsafePointer<UInt8>, Int)
) -> Value {
  let (start, count) = bytes()
  do {
    return try decode(Data(bytes: start, count: count))
  } catch {
    preconditionFailure("the embedded catalog does not decode: \(error)")
  }
}
