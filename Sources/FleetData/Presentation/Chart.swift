/// A chart as data: drawn as SVG for reports and as a native chart in workbooks.
public struct Chart: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable {
    /// Lines through points; categories or numbers on x.
    case line
    case stackedColumns
    case columns
    case scatter
    /// One series: the first and last point are totals that stand on zero, those between are signed changes.
    case waterfall
    /// One series, one point per driver: `y` is the base, `low` and `high` the results at the driver's low and high.
    case tornado
  }

  public struct Axis: Sendable, Hashable, Codable {
    public var title: String
    public var unit: String
    public var logarithmic: Bool
    public init(_ title: String, unit: String, logarithmic: Bool = false) {
      self.title = title
      self.unit = unit
      self.logarithmic = logarithmic
    }
  }

  public struct Point: Sendable, Hashable, Codable {
    /// Position on a numeric x axis, or the index of the category.
    public var x: Double
    public var y: Double
    /// 95 % interval, drawn as an error bar.
    public var low: Double?
    public var high: Double?
    public var label: String?
    public init(x: Double, y: Double, low: Double? = nil, high: Double? = nil, label: String? = nil) {
      self.x = x
      self.y = y
      self.low = low
      self.high = high
      self.label = label
    }
  }

  public struct Series: Sendable, Hashable, Codable {
    public var name: String
    public var points: [Point]
    /// A limit or target, drawn dashed.
    public var isReference: Bool
    public init(_ name: String, _ points: [Point], isReference: Bool = false) {
      self.name = name
      self.points = points
      self.isReference = isReference
    }
  }

  public var id: String
  public var title: String
  public var kind: Kind
  public var x: Axis
  public var y: Axis
  /// Names along x when it is not numeric.
  public var categories: [String]
  public var series: [Series]
  /// What the picture says, for readers who cannot see it.
  public var altText: String

  public init(
    id: String, title: String, kind: Kind, x: Axis, y: Axis, categories: [String] = [], series: [Series],
    altText: String
  ) {
    self.id = id
    self.title = title
    self.kind = kind
    self.x = x
    self.y = y
    self.categories = categories
    self.series = series
    self.altText = altText
  }
}
