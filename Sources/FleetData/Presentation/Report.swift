/// A document: sections of sentences, tables and charts, in reading order.
public struct Report: Sendable, Hashable, Codable {
  public enum Block: Sendable, Hashable, Codable {
    case paragraph(String)
    case bullets([String])
    case table(Table)
    case chart(Chart)
    /// Folded away until asked for.
    case details(summary: String, [Block])
    case warning(String)
    case code(String)
  }

  public struct Section: Sendable, Hashable, Codable {
    public var title: String
    public var blocks: [Block]
    public init(_ title: String, _ blocks: [Block]) {
      self.title = title
      self.blocks = blocks
    }
  }

  public var title: String
  public var sections: [Section]
  public init(title: String, sections: [Section]) {
    self.title = title
    self.sections = sections
  }
}
