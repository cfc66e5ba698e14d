import ArgumentParser
import Ingest

/// Quantities on the command line, written with their units as in files.
enum Measure {
  /// `90s`, `10min`, `2ms`.
  struct Duration: ExpressibleByArgument {
    var value: Double
    init?(argument: String) {
      guard let value = try? Dimension.duration.parse(argument), value >= 0 else { return nil }
      self.value = value
    }
  }

  /// `25GB/s`, `100Gbit/s`.
  struct Bandwidth: ExpressibleByArgument {
    var value: Double
    init?(argument: String) {
      guard let value = try? Dimension.bandwidth.parse(argument), value > 0 else { return nil }
      self.value = value
    }
  }

  /// `2GB`, `512MiB`.
  struct Size: ExpressibleByArgument {
    var value: Double
    init?(argument: String) {
      guard let value = try? Dimension.bytes.parse(argument), value >= 0 else { return nil }
      self.value = value
    }
  }

  /// `50GB/s` or `50GB/s:100us`.
  struct Link: ExpressibleByArgument {
    var bandwidth: Double
    var latency: Double
    init?(argument: String) {
      let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
        String.init)
      guard let bandwidth = Bandwidth(argument: parts[0]) else { return nil }
      self.bandwidth = bandwidth.value
      latency = 0
      guard parts.count > 1 else { return }
      guard let latency = Duration(argument: parts[1]) else { return nil }
      self.latency = latency.value
    }
  }
}
