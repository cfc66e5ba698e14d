import Economics
import FleetData
import Foundation
import Performance

/// What the traffic asks of the chip, and what each change to the chip gives back.
/// - Throws: when a service fits nowhere or nothing is fast enough on the chip as it is.
public func codesignStudy(_ question: CodesignQuestion) throws(StudyError) -> StudyResult {
  try question.validate()
  let base = try FleetOutcome(question, knobs: [:])
  var effects: [KnobEffect] = []
  for knob in ChipKnob.allCases { effects.append(KnobEffect(knob, question, base: base)) }
  let ranked = effects.sorted { ($0.better.usd, $0.knob.rawValue) < ($1.better.usd, $1.knob.rawValue) }
  let figures = try fleetFigures(question, base, ranked[0])
  let cost = figures[0].uncertainty
  let profile = ComputeProfile(question, base)
  var tables = [
    knobTable(ranked, question, base), perServiceTable(ranked, question, base), profile.fleetTable,
    profile.serviceTable,
  ]
  if !question.hypothetical.isEmpty { tables.append(hypotheticalTable(question, base)) }
  if !question.rivals.isEmpty { tables.append(rivalTable(question, base)) }
  tables.append(generationTable(question))
  return StudyResult(
    id: "codesign", title: "What the traffic asks of the chip",
    sentences: codesignSentences(question, base, ranked, cost, profile), tables: tables,
    charts: [
      knobTornado(ranked, base), profile.chart,
      StudyCharts.tornado(id: "codesign-tornado", title: "Cost of the fleet", unit: "$/h", cost),
    ],
    findings: figures.findings + codesignFindings(base, ranked, profile),
    assumptions: codesignAssumptions(question), certainty: figures.certainty("codesign"),
    live: StudyLive.codesign(base.services[0], question.services[0]))
}
