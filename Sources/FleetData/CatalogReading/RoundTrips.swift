import CCatalog
import Foundation
import Quantities

/// Round-trip times between places: measured where a matrix has them, else estimated from distance.
///
///     rtt = 5.2455 ms + 0.015324 ms/km · distance            (fit to 1,482 measured pairs, median error 14 %)
///     floor = 2 · distance · 1.468 / 299,792.458 km/s         (light in fibre)
///
/// - Source: `rtt.json`, which names the source of each matrix and of the fit.
public struct RoundTrips: Sendable {
  public static let builtIn = decodeBuiltIn {
    let file = try JSONDecoder().decode(RTTFile.self, from: $0)
    return RoundTrips(
      measured: file.gcp.pairs(prefix: "gcp")
        .merging(file.aws.pairs(prefix: "aws")) { a, _ in a }
        .merging(file.azure.pairs(prefix: "azure")) { a, _ in a })
  } bytes: {
    (catalog_rtt, catalog_rtt_size)
  }

  private var measured: [String: Double]

  /// The measured round trip between two catalog sites, if there is one.
  public func measured(from: String, to: String) -> Seconds? {
    let milliseconds = measured["\(from)>\(to)"] ?? measured["\(to)>\(from)"]
    return milliseconds.map { Seconds($0 / 1000) }
  }

  /// The estimate from great-circle distance, never below the fibre floor.
  public static func estimated(kilometres: Double) -> Seconds {
    max(Seconds((5.2455 + 0.015324 * kilometres) / 1000), fibreFloor(kilometres: kilometres))
  }

  /// The round trip that light in fibre cannot beat.
  public static func fibreFloor(kilometres: Double) -> Seconds {
    Seconds(2 * kilometres * 1.468 / 299_792.458)
  }

  /// Great-circle distance on a sphere of 6,371 km (haversine), in km; arguments in degrees.
  public static func kilometres(
    _ latitude1: Double, _ longitude1: Double, _ latitude2: Double, _ longitude2: Double
  ) -> Double {
    let radians = Double.pi / 180
    let latitudeSine = sin((latitude2 - latitude1) * radians / 2)
    let longitudeSine = sin((longitude2 - longitude1) * radians / 2)
    let h =
      latitudeSine * latitudeSine
      + cos(latitude1 * radians) * cos(latitude2 * radians) * longitudeSine * longitudeSine
    return 2 * 6371 * asin(min(1, h.squareRoot()))
  }
}

private struct RTTFile: Decodable {
  var gcp: Matrix
  var aws: Matrix
  var azure: Matrix

  struct Matrix: Decodable {
    var regions: [String]
    var matrix: [[Double?]]?
    /// AWS's source gives a mean and a deviation for each pair.
    var mean: [[Double?]]?

    func pairs(prefix: String) -> [String: Double] {
      var result: [String: Double] = [:]
      let matrix = matrix ?? mean ?? []
      for (row, from) in regions.enumerated() {
        for (column, to) in regions.enumerated() where row < matrix.count && column < matrix[row].count {
          if let value = matrix[row][column] { result["\(prefix)/\(from)>\(prefix)/\(to)"] = value }
        }
      }
      return result
    }
  }
}
