import Foundation
import Testing

@testable import Ingest

@Suite("ServeGen folders")
struct ServeGenTests {
  @Test("Clients are read with rates by window, burstiness and length quantiles")
  func folder() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "servegen-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "0,0.5,2.0,Gamma,0.25,8\n600,1.5,1.0,Gamma,1,1\n1800,0,1,,,\n"
      .write(toFile: folder + "/chunk-0-trace.csv", atomically: true, encoding: .utf8)
    try
      "{\"0\": {\"input_tokens\": \"{100: 0.5, 300: 0.5}\",\n \"output_tokens\": \"{10: 1.0}\", \"reason_ratio\": \"{0.5: 1}\"}}"
      .write(toFile: folder + "/chunk-0-dataset.json", atomically: true, encoding: .utf8)
    let clients = try ServeGenReader.read(folder: folder)
    #expect(clients.count == 1)
    #expect(clients[0].rates == [0.5, 1.5, 0, 0])
    #expect(clients[0].windowSeconds == 600)
    // (2.0·0.5 + 1.0·1.5) / 2.0
    #expect(clients[0].variation == 1.25)
    #expect(clients[0].inputQuantiles.first == 100)
    #expect(clients[0].inputQuantiles.last == 300)
    #expect(clients[0].reasoningShare == 0.5)
  }
}
