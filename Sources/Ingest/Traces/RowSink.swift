import FleetData
import Quantities

/// One request as its row states it; names are already numbers.
struct RequestRow: Equatable {
  var stamp: Int64 = 0
  var input: UInt32 = 0
  var output: UInt32 = 0
  var service: UInt16 = 0
  var region: UInt16 = 0
  var tenant: UInt32 = 0
  var session: Int32 = -1
  var turn: UInt32 = 0
  var cached: UInt32 = 0
  var reasoning: UInt32 = 0
  var sloClass: UInt16 = 0
  var deadline: Int64 = 0
}

/// Where row parsers put what they read: accepted rows in columns, rejected rows with their reasons.
struct RowSink {
  var batch = WorkloadTrace()
  /// Lines finished so far.
  var line = 0
  var accepted = 0
  var rejected = 0
  /// Set by the first rejection in strict mode.
  var halted = false
  /// Stamp of the zero of `batch.arrivals`: for dates and epochs the second in which the first accepted row arrived,
  /// 0 for a file's own clock.
  var origin: Int64?
  var blankLines = 0
  var repeatedHeaders = 0
  var linesWithoutRequests = 0
  let options: TraceOptions
  /// Which requests came before: disorder and repetition.
  var order = ArrivalOrder()
  private let keeps: KeptColumns
  private(set) var rejections: [Rejection] = []
  private(set) var counts: [String: Int] = [:]
  var rejectedText: ((Rejection, UnsafeRawBufferPointer) -> Void)?
  var services = NameTable(limit: 65_536)
  var regions = NameTable(limit: 65_536)
  var tenants = NameTable(limit: 1 << 19)
  var classes = NameTable(limit: 65_536)
  var sessions: SessionTable
  var numbers = RequestNumbers()

  init(options: TraceOptions, fields: Set<TraceField>, isAbsolute: Bool) {
    self.options = options
    keeps = KeptColumns(fields)
    sessions = SessionTable(limit: options.sessionLimit)
    origin = isAbsolute ? nil : 0
  }

  /// Takes a row that is right in itself; its prefix blocks are those of the batch from `firstBlock` on.
  /// - Returns: why it is not taken after all: it repeats the row before it, and the options refuse that.
  mutating func append(_ row: RequestRow, firstBlock: Int? = nil) -> RowProblem? {
    let zero = origin ?? wholeSecond(row.stamp)
    var row = row
    let (arrival, overflow) = row.stamp.subtractingReportingOverflow(zero)
    if overflow { return RowProblem("time stamp too far from the first one") }
    row.stamp = arrival
    let blocks = (firstBlock ?? batch.blockHashes.count)..<batch.blockHashes.count
    let isRepeat = order.isRepeat(row, blocks: blocks, batch.blockHashes)
    if isRepeat, options.rejectRepeats { return RowProblem("repeats the row before it") }
    origin = zero
    accepted += 1
    order.add(row, blocks: blocks, isRepeat: isRepeat)
    batch.arrivals.append(SimTime(nanoseconds: row.stamp))
    batch.inputTokens.append(row.input)
    batch.outputTokens.append(row.output)
    if keeps.anyLabel { appendLabels(row) }
    return nil
  }

  private mutating func appendLabels(_ row: RequestRow) {
    if keeps.service { batch.services.append(row.service) }
    if keeps.region { batch.regions.append(row.region) }
    if keeps.tenant { batch.tenants.append(row.tenant) }
    if keeps.session { batch.sessions.append(row.session) }
    if keeps.turn { batch.turns.append(row.turn) }
    if keeps.cached { batch.cachedTokens.append(row.cached) }
    if keeps.reasoning { batch.reasoningTokens.append(row.reasoning) }
    if keeps.sloClass { batch.classes.append(row.sloClass) }
    if keeps.deadline { batch.deadlines.append(SimTime(nanoseconds: row.deadline)) }
  }

  /// Counts a row as not taken. `kind` groups equal causes; `detail` shows what stood there.
  mutating func reject(
    _ kind: String, _ detail: String? = nil, line: Int, text: UnsafeRawBufferPointer
  ) {
    rejected += 1
    counts[kind, default: 0] += 1
    let rejection = Rejection(line: line, reason: detail.map { "\(kind): \($0)" } ?? kind)
    if rejections.count < options.rejectionLimit { rejections.append(rejection) }
    rejectedText?(rejection, text)
    if options.strict { halted = true }
  }
}

/// The columns a format has beside arrival, input and output.
private struct KeptColumns {
  let service, region, tenant, session, turn, cached, reasoning, sloClass, deadline: Bool
  let anyLabel: Bool

  init(_ fields: Set<TraceField>) {
    service = fields.contains(.service)
    region = fields.contains(.region)
    tenant = fields.contains(.tenant)
    session = fields.contains(.session)
    turn = fields.contains(.turn)
    cached = fields.contains(.cached)
    reasoning = fields.contains(.reasoning)
    sloClass = fields.contains(.sloClass)
    deadline = fields.contains(.deadline)
    anyLabel = !fields.isSubset(of: [.timestamp, .input, .output])
  }
}

/// The second a stamp lies in.
func wholeSecond(_ nanoseconds: Int64) -> Int64 {
  let rest = nanoseconds % 1_000_000_000
  return nanoseconds - (rest < 0 ? rest + 1_000_000_000 : rest)
}

/// What stands in a field, short enough to print: 40 bytes, unprintable ones as `?`.
func excerpt(_ bytes: UnsafeRawBufferPointer) -> String {
  let shown = bytes.prefix(40).map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: "?") }
  return "'" + String(decoding: shown, as: UTF8.self) + (bytes.count > 40 ? "…'" : "'")
}

/// The front of a line for a message: 120 characters, control characters as `?`.
func printable(_ line: String) -> String {
  String(
    line.prefix(120).map {
      $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f } ? $0 : "?"
    })
}
