import Foundation
import Testing

@testable import Validation

@Suite struct PeerTests {
  static let cases = try! PeerCase.read(published("peers.json"))

  @Test("Speed-of-light rows of another tool are within 5 %")
  func speedOfLight() throws {
    var compared = 0
    for peer in Self.cases where peer.mode == "SOL" {
      for figure in try peer.speedOfLight() {
        #expect(abs(figure.ratio - 1) < 0.05, "\(figure.id) \(figure.quantity): \(figure.ours) ms")
        compared += 1
      }
    }
    #expect(compared == 8)
  }

  @Test("No measured kernel beats the speed of light", arguments: cases)
  func microbenchmarks(_ peer: PeerCase) throws {
    guard let figure = try peer.microbenchmark() else { return }
    #expect(figure.ratio > 0 && figure.ratio <= 1, "\(figure)")
  }

  @Test("Every microbenchmark row is listed with its ratio")
  func coverage() throws {
    let rows = Self.cases.filter { $0.kind == "measured-microbench" }
    let listed = try rows.compactMap { try $0.microbenchmark() }
    #expect(listed.count == rows.count)
    // Large matmuls on an A100 come near the peak, small ones do not.
    let large = listed.first { $0.id == "gemm-a100-8192-8192-8192" }
    let small = listed.first { $0.id == "gemm-a100-8192-256-256" }
    #expect(large!.ratio > 0.85 && small!.ratio < 0.2)
  }
}

extension PeerCase: CustomTestStringConvertible {
  public var testDescription: String { id }
}
