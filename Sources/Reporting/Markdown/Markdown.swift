import FleetData

/// Markdown as code hosts show it: pipe tables, folds, pictures in files beside the text.
public enum Markdown {
  /// A text and the pictures it refers to.
  public struct Document: Sendable {
    public var text: String
    public var pictures: [Picture]
  }

  public struct Picture: Sendable, Hashable {
    public var fileName: String
    public var svg: String
  }

  /// `report.md` of a plan.
  public static func render(_ plan: Plan) -> Document {
    render(PlanDocument.report(plan), currency: plan.currency)
  }

  public static func render(_ report: Report, currency: String = "USD") -> Document {
    var writer = MarkdownWriter(number: NumberText(currency: currency))
    writer.write(report)
    return Document(text: writer.text, pictures: writer.pictures)
  }

  /// One table, for a terminal or a comment.
  public static func table(_ table: Table, currency: String = "USD") -> String {
    var writer = MarkdownWriter(number: NumberText(currency: currency), numbersTables: false)
    writer.write(table)
    return writer.text
  }
}
