import Quantities

/// The most power that the powered replicas of a site may draw when all are busy, from `start` on.
///
/// Replicas beyond it stay off, or drain when the cap begins, and start again when it ends.
public struct SitePowerCap: Sendable, Hashable {
  public var site: String
  public var limit: Watts
  public var start: Seconds
  /// nil = to the end of the run.
  public var duration: Seconds?
  public init(site: String, limit: Watts, start: Seconds = 0, duration: Seconds? = nil) {
    self.site = site
    self.limit = limit
    self.start = start
    self.duration = duration
  }
}
