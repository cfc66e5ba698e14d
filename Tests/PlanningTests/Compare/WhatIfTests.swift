import FleetData
import Ingest
import Testing

@testable import Planning

struct WhatIfTests {
  private func whatIf(_ changes: String) throws -> WhatIf {
    let documents = try SmallDocuments.make("changes:\n" + changes)
    return try WhatIf(documents, changes: documents.changes())
  }

  private static let two = """
      - {name: cheaper, why: renewal, author: ada, scale: {pods.a.price.on_demand: 0.5}}
      - {name: faster, expect: {services.chat.slo.ttft: 2s}, set: {services.chat.slo.ttft: 1s}}

    """

  @Test("Changes are made in order, and each alone on the base")
  func alone() throws {
    let result = try whatIf(Self.two)
    #expect(result.candidate.node(at: "pods.a.price.on_demand")?.scalarText == "$0.6/chip.h")
    #expect(result.candidate.node(at: "services.chat.slo.ttft")?.scalarText == "1s")
    #expect(result.alone[0].documents?.node(at: "services.chat.slo.ttft")?.scalarText == "2s")
    #expect(result.alone[1].documents?.node(at: "pods.a.price.on_demand")?.scalarText == "$1.20/chip.h")
    let edit = try #require(result.alone[0].row.edits.first)
    #expect((edit.verb, edit.before, edit.after) == ("scale", "$1.20/chip.h", "$0.6/chip.h"))
    #expect(result.alone[0].row.why == "renewal" && result.alone[0].row.author == "ada")
  }

  @Test("A change that needs one before it is kept in the candidate and marked as not standing alone")
  func dependent() throws {
    let result = try whatIf(
      """
        - {name: third, add: {pods.c: {site: east, chip: tpu-v5e, topology: 4x4, price: {on_demand: $3/chip.h}}}}
        - {name: third-cheaper, scale: {pods.c.price.on_demand: 0.5}}

      """)
    #expect(result.candidate.node(at: "pods.c.price.on_demand")?.scalarText == "$1.5/chip.h")
    #expect(result.alone[1].documents == nil && result.alone[1].row.note?.hasPrefix("needs a change") == true)
  }

  @Test("A base that drifted, and a path that leads nowhere, stop with the change's name")
  func drift() throws {
    let drifted = "  - {name: n, expect: {services.chat.slo.ttft: 3s}}\n"
    let error = #expect(throws: Diagnostics.self) { try whatIf(drifted) }
    #expect(error?.all[0].description.contains("change 'n'") == true)
    #expect(throws: Diagnostics.self) { try whatIf("  - {name: n, remove: pods.z}\n") }
  }
}
