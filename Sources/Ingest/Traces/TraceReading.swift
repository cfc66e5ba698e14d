import FleetData

/// How to read a trace.
public struct TraceOptions: Sendable {
  /// Overrides the detection.
  public var format: TraceFormat?
  /// Which column holds what: `timestamp=time,input=prompt,output=completion`, by name or by number from 1.
  public var columns: [ColumnChoice] = []
  /// Overrides the guess of what a numeric time stamp counts.
  public var timeUnit: TimeUnit?
  /// The first rejected row ends the reading with an error.
  public var strict = false
  /// Rejections kept with line and reason; beyond it they are only counted.
  public var rejectionLimit = 100_000
  public var maximumTokens: UInt32 = 100_000_000
  public var maximumLineBytes = 4 << 20
  /// Sessions told apart: bounds the memory of a reading in pieces. A trace read whole tells all apart.
  public var sessionLimit = 1 << 21
  /// Rows equal in every field to the row before them, or with the request number of an earlier one, are rejected
  /// instead of counted.
  public var rejectRepeats = false
  /// SHA-256 of the file as it lies on disk.
  public var hashing = true
  /// For formats whose rows carry no time or no tokens: what stands in for them.
  public var servingSecondsPerOutputToken = 0.0

  public init(format: TraceFormat? = nil) { self.format = format }
}

/// One column picked by hand.
public struct ColumnChoice: Hashable, Sendable {
  public var field: TraceField
  /// A header name, or a column number counted from 1.
  public var column: String
  public init(_ field: TraceField, _ column: String) {
    self.field = field
    self.column = column
  }
}

/// What a numeric time stamp counts.
public enum TimeUnit: String, CaseIterable, Sendable, Hashable {
  case seconds = "s"
  case milliseconds = "ms"
  case microseconds = "us"
  case nanoseconds = "ns"

  var nanoseconds: Int64 {
    switch self {
    case .seconds: 1_000_000_000
    case .milliseconds: 1_000_000
    case .microseconds: 1_000
    case .nanoseconds: 1
    }
  }
}

/// What reading a trace found, beside its requests.
public struct TraceScan: Sendable {
  public var format: TraceFormat
  /// Lines of the unpacked file, header included.
  public var lines = 0
  public var accepted = 0
  public var rejected = 0
  /// The first rejections, at most `TraceOptions.rejectionLimit`.
  public var rejections: [Rejection] = []
  /// How often each reason occurred, most frequent first.
  public var rejectionCounts: [RejectionCount] = []
  /// Guesses, repairs and oddities, in plain words.
  public var notes: [String] = []
  /// Rows that arrived before the row above them; the trace value is sorted.
  public var outOfOrder = 0
  /// Rows equal in every field to the row above them.
  public var repeats = 0
  /// Stamps of the first and last request in seconds: since 1970 when the format states a date, else on its own clock.
  public var startSeconds = 0.0
  public var endSeconds = 0.0
  public var sha256: String?

  public struct RejectionCount: Hashable, Sendable, Codable {
    public var reason: String
    public var count: Int
  }
}

/// A trace read whole.
public struct TraceReading: Sendable {
  public var trace: WorkloadTrace
  public var scan: TraceScan

  public var format: TraceFormat { scan.format }
  public var accepted: Int { scan.accepted }
  public var rejected: Int { scan.rejected }
  public var rejections: [Rejection] { scan.rejections }
  public var notes: [String] { scan.notes }
  public var sha256: String? { scan.sha256 }
}
