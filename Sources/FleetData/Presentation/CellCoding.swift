/// Cells in JSON: a text is a string, a number a number (with its grade beside it, if it has one), and a missing
/// number an object that says why: `"chat"`, `12.5`, `{"grade":"quoted","value":1.2}`, `{"absent":"no price"}`.
extension Cell {
  private enum CodingKeys: String, CodingKey { case value, grade, absent }

  public init(from decoder: any Decoder) throws {
    if let plain = try? decoder.singleValueContainer() {
      if let text = try? plain.decode(String.self) {
        self = .text(text)
        return
      }
      if let number = try? plain.decode(Double.self) {
        self = .number(number)
        return
      }
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let reason = try container.decodeIfPresent(String.self, forKey: .absent) {
      self = .absent(reason: reason)
    } else {
      self = .number(
        try container.decode(Double.self, forKey: .value),
        grade: try container.decodeIfPresent(Grade.self, forKey: .grade))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .text(let text):
      var plain = encoder.singleValueContainer()
      try plain.encode(text)
    case .number(let value, nil):
      var plain = encoder.singleValueContainer()
      try plain.encode(value)
    case .number(let value, let grade?):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(value, forKey: .value)
      try container.encode(grade, forKey: .grade)
    case .absent(let reason):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(reason, forKey: .absent)
    }
  }
}

/// Blocks in JSON: an object with one key that names the kind: `{"paragraph":"…"}`, `{"table":{…}}`.
extension Report.Block {
  private enum CodingKeys: String, CodingKey {
    case paragraph, bullets, table, chart, details, summary, warning, code
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let text = try container.decodeIfPresent(String.self, forKey: .paragraph) {
      self = .paragraph(text)
    } else if let items = try container.decodeIfPresent([String].self, forKey: .bullets) {
      self = .bullets(items)
    } else if let table = try container.decodeIfPresent(Table.self, forKey: .table) {
      self = .table(table)
    } else if let chart = try container.decodeIfPresent(Chart.self, forKey: .chart) {
      self = .chart(chart)
    } else if let blocks = try container.decodeIfPresent([Report.Block].self, forKey: .details) {
      self = .details(summary: try container.decode(String.self, forKey: .summary), blocks)
    } else if let text = try container.decodeIfPresent(String.self, forKey: .warning) {
      self = .warning(text)
    } else {
      self = .code(try container.decode(String.self, forKey: .code))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .paragraph(let text): try container.encode(text, forKey: .paragraph)
    case .bullets(let items): try container.encode(items, forKey: .bullets)
    case .table(let table): try container.encode(table, forKey: .table)
    case .chart(let chart): try container.encode(chart, forKey: .chart)
    case .details(let summary, let blocks):
      try container.encode(summary, forKey: .summary)
      try container.encode(blocks, forKey: .details)
    case .warning(let text): try container.encode(text, forKey: .warning)
    case .code(let text): try container.encode(text, forKey: .code)
    }
  }
}
