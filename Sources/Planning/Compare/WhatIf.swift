import FleetData
import Ingest

/// The studies that a list of named changes asks for: the base, the base with all changes in order, and the base with
/// each change alone.
public struct WhatIf: Sendable {
  /// One change as a reader wants it, and the documents with it alone.
  public struct Alone: Sendable {
    public var row: Comparison.ChangeRow
    /// `nil` when the change needs another one before it.
    public var documents: StudyDocuments?
  }

  public let base: StudyDocuments
  public let candidate: StudyDocuments
  public let alone: [Alone]

  /// - Throws: `Diagnostics` with the first change that cannot be made after those before it.
  public init(_ base: StudyDocuments, changes: [Change]) throws(Diagnostics) {
    self.base = base
    var all = base
    var rows: [Alone] = []
    for change in changes {
      do throws(Diagnostic) {
        var row = Comparison.ChangeRow(
          name: change.name, why: change.why, author: change.author,
          edits: change.edits.map { Self.row($0, in: all) })
        all = try all.applying(change)
        let documents = try? base.applying(change)
        if documents == nil {
          row.note = "needs a change before it; its effect is counted as interaction"
        }
        rows.append(Alone(row: row, documents: documents))
      } catch {
        throw Diagnostics([error])
      }
    }
    candidate = all
    alone = rows
  }

  private static func row(_ edit: Change.Edit, in documents: StudyDocuments) -> Comparison.ChangeRow.Edit {
    let node = documents.node(at: edit.path)
    let before = node.map(shown) ?? "-"
    let (verb, after) =
      switch edit {
      case .set(_, let value): ("set", shown(value))
      case .scale(_, let factor):
        ("scale", (try? node?.scaled(by: factor)).map { $0.map(shown) ?? "-" } ?? "-")
      case .add(_, let value): ("add", shown(value))
      case .remove: ("remove", "-")
      case .expect(_, let text): ("expect", text)
      }
    return .init(verb: verb, path: edit.path, before: before, after: after)
  }

  private static func shown(_ node: ConfigNode) -> String { node.scalarText ?? node.canonicalText }
}
