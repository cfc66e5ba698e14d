import FleetData

/// Finds out which column of a CSV or TSV holds what, and what its time stamps count.
struct DelimitedDetection {
  let lines: [String]
  let headerIndex: Int
  let options: TraceOptions

  func detection() throws(TraceError) -> TraceDetection {
    let header = lines[headerIndex]
    let delimiter = Self.delimiter(of: header)
    let names = Self.cells(header, delimiter)
    var isHeaderless = false
    let columns: [TraceField]
    if options.columns.isEmpty {
      columns = try recognised(names, header: header)
    } else {
      isHeaderless =
        options.columns.allSatisfy { Int($0.column) != nil } && Self.looksLikeData(names)
      columns = try chosen(names, header: header)
    }
    let format = options.format ?? (options.columns.isEmpty ? Self.format(names) : .columns)
    let firstRow = lines[(isHeaderless ? headerIndex : headerIndex + 1)...].first { !$0.isEmpty }
    let sample = firstRow.flatMap { Self.stampText($0, delimiter, columns) }
    let (kind, note) = stampKind(sample, format)
    let careful = DelimitedParser(
      columns: columns, delimiter: delimiter, header: isHeaderless ? [] : Array(header.utf8),
      stamps: kind,
      deadlineUnit: format == .tracev2 ? 1_000 : 1_000_000_000,
      deadlineIsAbsolute: format == .tracev2)
    let isPlainAzure =
      columns == [.timestamp, .input, .output] && kind == .calendar
      && delimiter == UInt8(ascii: ",")
    var notes = note.map { [$0] } ?? []
    if columns.contains(.cached), format == .tracev2 {
      notes.append("prefix_length is taken as cached tokens")
    }
    if format == .columns { notes.append("columns taken: " + Self.description(names, columns)) }
    return TraceDetection(
      format: format, headerLines: isHeaderless ? headerIndex : headerIndex + 1,
      fields: Set(columns.map { $0 == .reasoningRatio ? .reasoning : $0 }).subtracting([.ignored, .number]),
      isAbsolute: kind.isAbsolute, notes: notes,
      parser: isPlainAzure ? AzureParser(careful) : careful)
  }

  /// Columns by the names other tools give them.
  private func recognised(_ names: [String], header: String) throws(TraceError) -> [TraceField] {
    var taken: Set<TraceField> = []
    var columns = [TraceField](repeating: .ignored, count: names.count)
    let keys = names.map(normalized)
    for field in TraceField.allCases {
      guard let index = field.aliases.lazy.compactMap({ keys.firstIndex(of: $0) }).first else {
        continue
      }
      if columns[index] == .ignored, taken.insert(field).inserted { columns[index] = field }
    }
    let missing = [TraceField.timestamp, .input, .output].filter { !taken.contains($0) }
    guard missing.isEmpty else {
      throw .unknownFormat(
        found: printable(header),
        help: "no column for \(missing.map(\.rawValue).joined(separator: ", ")); "
          + "name them with --columns timestamp=...,input=...,output=...")
    }
    return columns
  }

  /// Columns as `--columns` names them.
  private func chosen(_ names: [String], header: String) throws(TraceError) -> [TraceField] {
    var columns = [TraceField](repeating: .ignored, count: names.count)
    for choice in options.columns {
      let index = names.firstIndex(of: choice.column) ?? Int(choice.column).map { $0 - 1 }
      guard let index, names.indices.contains(index) else {
        throw .columns(
          what: "there is no column '\(choice.column)'", found: printable(header),
          help: suggestion(for: choice.column, among: names)
            ?? "columns are named as in the header, or counted from 1")
      }
      columns[index] = choice.field
    }
    let missing = [TraceField.timestamp, .input, .output].filter { !columns.contains($0) }
    guard missing.isEmpty else {
      throw .columns(
        what:
          "--columns does not say which column is \(missing.map(\.rawValue).joined(separator: ", "))",
        found: printable(header), help: "timestamp, input and output are needed")
    }
    return columns
  }

  private func stampKind(_ sample: String?, _ format: TraceFormat) -> (StampReader.Kind, String?) {
    let isCalendar =
      sample.map { $0.dropFirst(4).first == "-" || $0.dropFirst(4).first == "/" }
      ?? (format == .azure)
    if isCalendar {
      let zoned =
        sample.map { $0.hasSuffix("Z") || $0.dropFirst(16).contains { "+-".contains($0) } } ?? true
      return (.calendar, zoned ? nil : "time stamps without a zone are taken as UTC")
    }
    if let unit = options.timeUnit {
      let value = sample.flatMap(Double.init) ?? 0
      let isEpoch = value * Double(unit.nanoseconds) > 1e17
      return (.number(nanosecondsPerUnit: unit.nanoseconds, sinceEpoch: isEpoch), nil)
    }
    if [.burstgpt, .tracev2].contains(format) {
      let value = (sample.flatMap(Double.init) ?? 0) * Double(format.nanosecondsPerUnit)
      return (.number(nanosecondsPerUnit: format.nanosecondsPerUnit, sinceEpoch: value > 1e17), nil)
    }
    return Self.guessedKind(sample.flatMap(Double.init) ?? 0)
  }

  /// Numbers this large only make sense as time since 1970: 1e8 s is March 1973.
  private static func guessedKind(_ value: Double) -> (StampReader.Kind, String?) {
    let guess: (Int64, String)? =
      switch value.magnitude {
      case 1e17...: (1, "nanoseconds")
      case 1e14...: (1_000, "microseconds")
      case 1e11...: (1_000_000, "milliseconds")
      case 1e8...: (1_000_000_000, "seconds")
      default: nil
      }
    guard let (unit, name) = guess else {
      return (
        .number(nanosecondsPerUnit: 1_000_000_000, sinceEpoch: false),
        "time stamps are taken as seconds from the start of the trace (--time-unit overrides)"
      )
    }
    return (
      .number(nanosecondsPerUnit: unit, sinceEpoch: true),
      "time stamps are taken as \(name) since 1970, by their size (--time-unit overrides)"
    )
  }

  private static func format(_ names: [String]) -> TraceFormat {
    let keys = Set(names.map(normalized))
    if keys.isSuperset(of: ["timestamp", "contexttokens", "generatedtokens"]) { return .azure }
    if keys.isSuperset(of: ["requesttokens", "responsetokens"]) { return .burstgpt }
    if keys.isSuperset(of: ["arrivaltimeus", "inputtokens", "outputtokens"]) { return .tracev2 }
    if keys.isSuperset(of: ["numprefilltokens", "numdecodetokens"]) { return .vidur }
    if keys.isSuperset(of: ["arrivaltimestamp", "promptsize", "tokensize"]) { return .splitwise }
    return .columns
  }

  private static func delimiter(of header: String) -> UInt8 {
    let counts = ["\t", ",", ";"].map { mark in header.filter { String($0) == mark }.count }
    if counts[0] > 0, counts[0] >= counts[1] { return UInt8(ascii: "\t") }
    return counts[1] >= counts[2] ? UInt8(ascii: ",") : UInt8(ascii: ";")
  }

  static func cells(_ line: String, _ delimiter: UInt8) -> [String] {
    var bytes = Array(line.utf8)
    let count = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: 8))
    return bytes.withUnsafeBytes { buffer in
      var fields: [UnsafeRawBufferPointer] = []
      let quoted = QuotedFields()
      _ = quoted.split(
        UnsafeRawBufferPointer(rebasing: buffer[..<count]), delimiter: delimiter, into: &fields)
      return fields.map { String(decoding: $0, as: UTF8.self).trimmed }
    }
  }

  private static func stampText(_ row: String, _ delimiter: UInt8, _ columns: [TraceField])
    -> String?
  {
    let cells = cells(row, delimiter)
    guard let index = columns.firstIndex(of: .timestamp), cells.indices.contains(index) else {
      return nil
    }
    return cells[index]
  }

  private static func looksLikeData(_ cells: [String]) -> Bool {
    cells.contains { Double($0) != nil }
  }

  private static func description(_ names: [String], _ columns: [TraceField]) -> String {
    zip(columns, names).filter { $0.0 != .ignored }.map { "\($0.0.rawValue)=\($0.1)" }.joined(
      separator: ", ")
  }
}
