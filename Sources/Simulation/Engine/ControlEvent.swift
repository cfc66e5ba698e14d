/// Something other than an arrival or the end of a step: a failure, a repair, a change of scale, a cache that arrives.
///
/// Events are ordered by (time, kind, sequence); control comes before arrivals, arrivals before ends of steps.
struct ControlEvent: Comparable {
  enum Kind: UInt8, Comparable {
    /// The subject is an outage source, …
    case repair
    /// … a replica, …
    case started
    /// … an outage source, …
    case fail
    /// … a power cap, …
    case capBegins, capEnds
    /// … a group, …
    case scale
    /// … or a request.
    case transferred, delivered
    static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
  }

  var time: Double
  var kind: Kind
  var sequence: Int
  var subject: Int32

  static func < (a: ControlEvent, b: ControlEvent) -> Bool {
    if a.time != b.time { return a.time < b.time }
    if a.kind != b.kind { return a.kind < b.kind }
    return a.sequence < b.sequence
  }
}
