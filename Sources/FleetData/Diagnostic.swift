/// One thing that is wrong (or noteworthy) in what the user wrote, with its place and its remedy.
///
/// Printed as `file:line:column: error: what; found X; expected Y; help: Z`.
public struct Diagnostic: Error, Hashable, Sendable {
  public enum Severity: String, Hashable, Sendable, Codable { case error, warning, note }

  /// A place in an input file; line and column count from 1.
  public struct Location: Hashable, Sendable, Codable {
    public var file: String
    public var line: Int?
    public var column: Int?
    public init(file: String, line: Int? = nil, column: Int? = nil) {
      self.file = file
      self.line = line
      self.column = column
    }
  }

  public var severity: Severity
  public var location: Location?
  public var what: String
  public var found: String?
  public var expected: String?
  public var help: String?

  public init(
    _ what: String, at location: Location? = nil, severity: Severity = .error, found: String? = nil,
    expected: String? = nil, help: String? = nil
  ) {
    self.severity = severity
    self.location = location
    self.what = what
    self.found = found
    self.expected = expected
    self.help = help
  }
}

extension Diagnostic: CustomStringConvertible {
  public var description: String {
    var text = ""
    if let location {
      text = location.file
      if let line = location.line { text += ":\(line)" }
      if let column = location.column { text += ":\(column)" }
      text += ": "
    }
    text += "\(severity.rawValue): \(what)"
    if let found { text += "; found \(found)" }
    if let expected { text += "; expected \(expected)" }
    if let help { text += "; help: \(help)" }
    return text
  }
}

/// A file or command that cannot be used: all that is wrong with it, shown at once.
public struct Diagnostics: Error, Sendable {
  /// File by file as they were first found, each in order of line and column.
  public let all: [Diagnostic]
  /// The file is not there at all (exit 66), rather than there and wrong (exit 65).
  public var isMissingInput: Bool
  public init(_ all: [Diagnostic], isMissingInput: Bool = false) {
    self.all = Self.inOrderOfPlace(all)
    self.isMissingInput = isMissingInput
  }

  /// Readers find problems in the order in which they need values; people read a file from its top.
  private static func inOrderOfPlace(_ all: [Diagnostic]) -> [Diagnostic] {
    var files: [String?] = []
    let keys = all.enumerated().map { index, diagnostic in
      let place = diagnostic.location
      if !files.contains(place?.file) { files.append(place?.file) }
      return [files.firstIndex(of: place?.file)!, place?.line ?? 0, place?.column ?? 0, index]
    }
    return keys.sorted { $0.lexicographicallyPrecedes($1) }.map { all[$0[3]] }
  }
}
