import FleetData
import Performance
import Quantities

/// Why a pod cannot host a model, and the smallest change after which it could.
struct HostObstacle {
  /// `x takes 811.7 GB in bf16; a block of small has 64.0 GB; in int4 it takes …`
  let sentence: String

  init(_ model: TransformerSpec, _ service: Service, _ pod: Pod, _ chip: ChipSpec) {
    func gigabytes(_ size: Double) -> String { "\((size / 1e8).rounded() / 10) GB" }
    func weights(_ precision: Precision) -> Double { ModelCounts(model).weightBytes(precision).value }
    let block = chip.hbmCapacity.value.value * Double(pod.topology.chips)
    let needed = weights(service.weights)
    var text =
      "\(model.id) takes \(gigabytes(needed)) in \(service.weights.rawValue); "
      + "a block of \(pod.id) has \(gigabytes(block))"
    // A tenth of memory goes to buffers and another to the KV cache at the least.
    let usable = 0.8 * block
    let smaller = Precision.allCases.filter { weights($0) < needed && weights($0) <= usable }
      .max { weights($0) < weights($1) }
    if let smaller {
      text += "; it would fit with weights in \(smaller.rawValue) (\(gigabytes(weights(smaller))))"
    } else {
      let chips = (needed / 0.8 / chip.hbmCapacity.value.value).rounded(.up)
      text += "; it would fit a block of \(Int(chips)) chips of \(chip.id)"
    }
    sentence = text
  }
}
