import Quantities

/// What a run used: the only thing economics needs to know of it.
///
/// Law: busy + idle + down = capacity, in chip-seconds, on every line.
public struct UsageLedger: Sendable, Hashable, Codable {
  /// Use of one pod by one service (or by none: `service == nil` holds its unallocated chips).
  public struct Line: Sendable, Hashable, Codable {
    public var site: String
    public var pod: String
    public var chip: String
    public var service: String?
    /// Chips allocated (or idle, when `service` is nil).
    public var chips: Int
    public var busyChipSeconds: Double
    public var idleChipSeconds: Double
    public var downChipSeconds: Double
    public var inputTokens: Tokens
    public var outputTokens: Tokens
    public var requests: Int
    public var flops: FLOPs
    /// IT energy, before PUE.
    public var energy: Joules
    /// How the energy is drawn over the 24 hours (UTC) of a day, in any unit; `nil` = evenly.
    public var drawByHour: [Double]?

    public init(
      site: String, pod: String, chip: String, service: String?, chips: Int, busyChipSeconds: Double,
      idleChipSeconds: Double, downChipSeconds: Double = 0, inputTokens: Tokens = 0,
      outputTokens: Tokens = 0, requests: Int = 0, flops: FLOPs = 0, energy: Joules,
      drawByHour: [Double]? = nil
    ) {
      self.drawByHour = drawByHour
      self.site = site
      self.pod = pod
      self.chip = chip
      self.service = service
      self.chips = chips
      self.busyChipSeconds = busyChipSeconds
      self.idleChipSeconds = idleChipSeconds
      self.downChipSeconds = downChipSeconds
      self.inputTokens = inputTokens
      self.outputTokens = outputTokens
      self.requests = requests
      self.flops = flops
      self.energy = energy
    }

    public var capacityChipSeconds: Double { busyChipSeconds + idleChipSeconds + downChipSeconds }
  }

  /// Time the ledger covers.
  public var period: Seconds
  public var lines: [Line]
  public init(period: Seconds, lines: [Line]) {
    self.period = period
    self.lines = lines
  }
}
