import FleetData
import Foundation
import Performance
import Quantities

/// How many decode estimates one core makes in a second, and how long the sharding search of a 256-chip slice takes.
@main
enum EstimateBench {
  static func main() throws {
    let catalog = Catalog.builtIn
    let instance = try InferenceModel(
      model: catalog.model("llama-3.1-70b"), chip: catalog.chip("tpu-v5e"), slice: SliceTopology([4, 2]),
      sharding: Sharding(tensor: 8), weights: .int8, kv: .int8)
    let count = 2_000_000
    var total = 0.0
    let clock = ContinuousClock()
    let elapsed = try clock.measure {
      for i in 0..<count {
        total += try instance.decodeTime(batch: 1 + i % 64, context: 1024 + i % 4096).time.value
      }
    }
    print("estimates per second: \(Int(Double(count) / seconds(elapsed))) (sum \(total))")
    let model = try catalog.model("deepseek-v3")
    let chip = try catalog.chip("tpu-v5e")
    let search = try clock.measure {
      _ = try bestServingShardings(
        of: model, on: chip, slice: SliceTopology([16, 16]), step: .decode(batch: 64, context: 8192),
        weights: .int8, kv: .int8)
    }
    print("sharding search over 256 chips: \(seconds(search)) s")
  }

  static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
