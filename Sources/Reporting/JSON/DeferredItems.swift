/// The spelling of every key that a document was asked for, worked out once.
final class JSONKeyNames {
  private var known: [String: String] = [:]

  func spelled(_ name: String) -> String {
    if let spelled = known[name] { return spelled }
    let spelled = JSONKey.spelled(name)
    known[name] = spelled
    return spelled
  }
}

/// The items of a long list, each read, decoded and let go before the next.
struct DeferredItems: JSONItemContainer {
  let codingPath: [any CodingKey]
  let names: JSONKeyNames
  private var reader: JSONReader
  private(set) var following: JSONValue?
  private(set) var currentIndex = 0
  var count: Int? { nil }
  var isAtEnd: Bool { following == nil }

  init(_ text: JSONText, codingPath: [any CodingKey], names: JSONKeyNames) throws {
    self.codingPath = codingPath
    self.names = names
    reader = JSONReader(bytes: text.bytes, at: text.start + 1)
    following = try reader.nextItem(isFirst: true)
  }

  mutating func advance() throws {
    following = try reader.nextItem(isFirst: false)
    currentIndex += 1
  }
}
