import Foundation

/// The values of a document, or of one item of a long list after the other, by their places in its bytes: nothing is
/// made of a value before it is asked for.
final class JSONIndex {
  let bytes: [UInt8]
  private(set) var tokens: [JSONToken] = []
  /// Behind the current item of a list.
  private var at = 0
  /// The list that holds the items, as the document spells it, and the current item; none for a document.
  private let list: String?
  private var item = -1

  /// What was asked for, in order: the items of one list are asked for the same members.
  private var memory: [Asked] = []
  private var asked = 0
  /// The keys asked for as the document spells them, one after the other, and where each property's is.
  private var keys: [UInt8] = []
  private var spelled: [String: Range<Int>] = [:]

  private struct Asked {
    /// As the property is called.
    var name: String
    /// Of `keys`.
    var key: Range<Int>
    /// Where the key was last found.
    var token = 1
  }

  /// - Parameter defersLists: leave lists, and those that are members of the document, to be read item by item.
  /// - Throws: `JSONError.syntax` where the text is not JSON.
  init(_ bytes: [UInt8], defersLists: Bool) throws(JSONError) {
    self.bytes = bytes
    list = nil
    tokens = try bytes.withUnsafeBufferPointer { (text) throws(JSONError) in
      var scanner = JSONScanner(text, defersLists: defersLists)
      try scanner.readDocument()
      return scanner.tokens
    }
  }

  /// The items of a list whose bracket opens at `start`; none is current yet.
  init(_ bytes: [UInt8], listAt start: Int, path: String) {
    self.bytes = bytes
    list = path
    at = start + 1
  }

  /// Goes to the next item of the list. - Returns: whether there is one.
  func next() throws(JSONError) -> Bool {
    asked = 0
    let isFirst = item < 0
    item += 1
    return try bytes.withUnsafeBufferPointer { (text) throws(JSONError) in
      var scanner = JSONScanner(text, at: at)
      if try scanner.isAtEnd(isFirst: isFirst) { return false }
      scanner.exchange(&tokens)
      defer {
        scanner.exchange(&tokens)
        at = scanner.at
      }
      try scanner.readItem()
      return true
    }
  }
}

/// Members.
extension JSONIndex {
  /// The value of the member that a property is written as; `nil` when the object has none.
  func member(_ name: String, of object: Int) -> Int? {
    defer { asked += 1 }
    if asked == memory.count {
      memory.append(remembered(name))
    } else if memory[asked].name != name {
      memory[asked] = remembered(name)
    }
    let (guess, wanted) = (memory[asked].token, memory[asked].key)
    if guess < tokens.count, tokens[guess].parent == object, isKey(guess, wanted) { return guess + 1 }
    var key = object + 1
    while key < tokens[object].next {
      if isKey(key, wanted) {
        memory[asked].token = key
        return key + 1
      }
      key = tokens[key + 1].next
    }
    return nil
  }

  private func remembered(_ name: String) -> Asked {
    if let known = spelled[name] { return Asked(name: name, key: known) }
    let start = keys.count
    keys += JSONKey.spelled(name).utf8
    spelled[name] = start..<keys.count
    return Asked(name: name, key: start..<keys.count)
  }

  private func isKey(_ token: Int, _ key: Range<Int>) -> Bool {
    let found = tokens[token]
    guard found.kind == .plainText else {
      return (try? text(token)).map { $0.utf8.elementsEqual(keys[key]) } ?? false
    }
    guard found.end - found.start == key.count else { return false }
    return bytes.withUnsafeBufferPointer { text in
      keys.withUnsafeBufferPointer {
        memcmp(text.baseAddress! + found.start, $0.baseAddress! + key.lowerBound, key.count) == 0
      }
    }
  }

  /// `costs.[3].unit_price`: where a value stands, for messages.
  func path(of token: Int) -> String {
    var parts: [String] = []
    var here = token
    while tokens[here].parent >= 0 {
      let holder = tokens[here].parent
      if tokens[holder].kind == .list {
        parts.append("[\(items(of: holder).firstIndex(of: here) ?? 0)]")
        here = holder
      } else {
        parts.append((try? text(holder)) ?? "?")
        here = tokens[holder].parent
      }
    }
    if let list { parts += ["[\(item)]"] + (list.isEmpty ? [] : [list]) }
    return parts.reversed().joined(separator: ".")
  }

  /// The tokens of the items of a list that was not deferred.
  func items(of list: Int) -> [Int] {
    var items: [Int] = []
    var here = list + 1
    while here < tokens[list].next {
      items.append(here)
      here = tokens[here].next
    }
    return items
  }
}

/// Values.
extension JSONIndex {
  func isNull(_ token: Int) -> Bool { tokens[token].kind == .null }

  func text(_ token: Int) throws(JSONError) -> String {
    let found = tokens[token]
    guard found.kind == .text || found.kind == .plainText else { throw mismatch(token, "a text") }
    return try bytes.withUnsafeBufferPointer { (text) throws(JSONError) in try JSONEscapes.text(text, found) }
  }

  func flag(_ token: Int) throws(JSONError) -> Bool {
    switch tokens[token].kind {
    case .yes: return true
    case .no: return false
    default: throw mismatch(token, "true or false")
    }
  }

  func number(_ token: Int) throws(JSONError) -> Double {
    guard let number = digits(token, JSONNumber.value) else { throw mismatch(token, "a number") }
    return number
  }

  func whole(_ token: Int) throws(JSONError) -> Int {
    if let whole = digits(token, JSONNumber.whole) { return whole }
    guard let number = digits(token, JSONNumber.value), let whole = Int(exactly: number) else {
      throw mismatch(token, "a whole number")
    }
    return whole
  }

  func natural(_ token: Int) throws(JSONError) -> UInt64 {
    if let natural = digits(token, { UInt64(String(decoding: $0, as: UTF8.self)) }) { return natural }
    guard let number = digits(token, JSONNumber.value), let natural = UInt64(exactly: number) else {
      throw mismatch(token, "a whole number of at least 0")
    }
    return natural
  }

  private func digits<T>(_ token: Int, _ read: (UnsafeBufferPointer<UInt8>) -> T?) -> T? {
    let found = tokens[token]
    guard found.kind == .number else { return nil }
    return bytes.withUnsafeBufferPointer { read(UnsafeBufferPointer(rebasing: $0[found.start..<found.end])) }
  }

  func mismatch(_ token: Int, _ expected: String) -> JSONError {
    .mismatch(path: path(of: token), expected: expected)
  }

  /// All of a value at once.
  func tree(_ token: Int = 0) throws(JSONError) -> JSONValue {
    switch tokens[token].kind {
    case .object:
      var members: [JSONValue.Member] = []
      var key = token + 1
      while key < tokens[token].next {
        members.append(.init(try text(key), try tree(key + 1)))
        key = tokens[key + 1].next
      }
      return .object(members)
    case .list:
      var values: [JSONValue] = []
      for item in items(of: token) { values.append(try tree(item)) }
      return .array(values)
    case .laterList: return .deferred(JSONText(bytes: bytes, start: tokens[token].start))
    case .text, .plainText: return .string(try text(token))
    case .yes: return .bool(true)
    case .no: return .bool(false)
    case .null: return .null
    case .number: return try numberValue(token)
    }
  }

  private func numberValue(_ token: Int) throws(JSONError) -> JSONValue {
    if let whole = digits(token, JSONNumber.whole) { return .integer(whole) }
    if let natural = digits(token, { UInt64(String(decoding: $0, as: UTF8.self)) }) {
      return .unsigned(natural)
    }
    return .number(try number(token))
  }
}
