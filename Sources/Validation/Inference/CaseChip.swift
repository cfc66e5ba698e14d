import FleetData
import Quantities

extension MeasuredCase {
  /// The catalog chip of the row, with the memory that its name states and what sets a variant apart.
  func chip(in catalog: Catalog) throws(Diagnostic) -> ChipSpec {
    let name = hardware.chip.uppercased()
    var chip = try catalog.chip(catalogID(name, catalog: catalog))
    if let memory = statedMemory(name) { chip.hbmCapacity.value = memory }
    if name.hasPrefix("MI325X") { chip.hbmBandwidth.value = 6.0e12 }
    return chip
  }

  /// GH200 is an H200 on a Grace board; other variants of a die have records of their own and share its constants.
  private func catalogID(_ name: String, catalog: Catalog) -> String {
    let families = [
      ("TPU V2", "tpu-v2"), ("TPU V3", "tpu-v3"), ("TPU V4", "tpu-v4"), ("TPU V5E", "tpu-v5e"),
      ("TPU V5P", "tpu-v5p"), ("TPU V6E", "tpu-v6e"), ("TPU V7X", "tpu7x"), ("TPU7X", "tpu7x"),
      ("A100-40", "a100-40g"), ("A100", "a100-80g"), ("GH200", "h200-sxm"), ("H800", "h800-sxm"),
      ("H100", "h100-sxm"), ("H200", "h200-sxm"), ("GB200", "gb200"), ("GB300", "gb200"), ("B200", "b200"),
      ("L40S", "l40s"), ("L4", "l4"), ("A10G", "a10g"), ("MI300X", "mi300x"), ("MI325X", "mi300x"),
    ]
    return families.first { name.hasPrefix($0.0) }?.1 ?? hardware.chip
  }

  /// `B200-180GB` → 180e9.
  private func statedMemory(_ name: String) -> Bytes? {
    for part in name.split(separator: "-") where part.hasSuffix("GB") {
      if let size = Double(part.dropLast(2)) { return Bytes(size * 1e9) }
    }
    return nil
  }
}
