import FleetData
import Quantities

extension PlacementModel {
  /// What a site draws before PUE: terms of the replicas and purchases, and what stands there anyway.
  ///
  /// Idle chips that are paid for draw too; a replica draws what its chips need over idling.
  struct Draw {
    var terms: [Term]
    var always: Double
  }

  /// Slices fit their pods, and sites stay within power, cooling, space and quotas, in each month.
  mutating func addInventoryRows() {
    for (position, month) in months.enumerated() {
      for pod in problem.pods.indices { addTilingRows(pod, month, position) }
      for site in problem.sites.indices {
        addPowerRows(site, month, position)
        addSpaceRow(site, month, position)
      }
      for quota in problem.problem.fleet.quotas.indices { addQuotaRow(quota, month) }
      addBandwidthRows(month)
    }
    addPurchaseRows()
  }

  /// - Parameter full: replicas draw what busy chips draw; else what idle ones do.
  func draw(_ site: Int, _ month: Month, _ position: Int, full: Bool = true) -> Draw {
    var draw = Draw(terms: [], always: 0)
    for pod in problem.podsAtSite[site] {
      let entry = problem.pods[pod]
      let idle = entry.terms[month.month].isFixed ? entry.idleWatts : 0
      let block = Double(entry.tiling.blockChips) * idle
      draw.always += block * Double(entry.pod.standingBlocks(inMonth: month.month))
      draw.always += idle * Double(extraChips[pod] ?? 0)
      if block > 0 {
        draw.terms += delivered(pod, by: position).map { Term(column: $0, coefficient: block) }
      }
      for option in problem.optionsAtSite[site] where problem.options[option].pod == pod {
        let watts = (full ? entry.busyWatts : entry.idleWatts) - idle
        guard watts > 0 else { continue }
        draw.terms += standing(option, in: month).map {
          Term(column: $0.column, coefficient: watts * Double(problem.options[option].option.chips))
        }
      }
    }
    return draw
  }

  private mutating func addPowerRows(_ site: Int, _ month: Month, _ position: Int) {
    let all = draw(site, month, position)
    guard !all.terms.isEmpty else { return }
    let entry = problem.sites[site]
    let cap = entry.powerCap(inMonth: month.month).value
    var more: Term?
    if isElastic(.power(site: site)) {
      let extra = slack(.power(site: entry.id, month: month.month), base: max(cap, 1), unit: "W")
      more = Term(column: extra, coefficient: -1 / entry.pue)
    }
    addWatts(all, upTo: cap / entry.pue, more, .power(site: entry.id, month: month.month))
    if let cooling = entry.cooling?.value {
      let constraint = PlacementConstraint.cooling(site: entry.id, month: month.month)
      let relief = isElastic(.cooling(site: site)) ? slack(constraint, base: max(cooling, 1), unit: "W") : nil
      addWatts(all, upTo: cooling, relief.map { Term(column: $0, coefficient: -1) }, constraint)
    }
    let idle = draw(site, month, position, full: false)
    for hour in hoursBelowCap(entry) {
      var now = idle
      now.terms += working(site, month) { $0[hour] }
      let limit = cap * entry.powerShareByHour[hour] / entry.pue
      addWatts(
        now, upTo: limit, more, .hourlyPower(site: entry.id, hour: hour, month: month.month))
    }
    addRampRows(site, month)
  }

  /// Hours whose cap is lower than the site's.
  private func hoursBelowCap(_ site: Site) -> [Int] {
    site.powerShareByHour.indices.filter { site.powerShareByHour[$0] < 1 }
  }

  /// Watts over idling of the work at a site, as terms of the shares, in a mix of hours.
  private func working(_ site: Int, _ month: Month, _ load: ([Double]) -> Double) -> [Term] {
    var terms: [Term] = []
    for (index, flow) in problem.flows.enumerated() where flow.rates[month.month] > 0 {
      let part = load(flow.hours)
      guard part != 0 else { continue }
      for (position, route) in flow.routes.enumerated() where problem.options[route.option].site == site {
        let option = problem.options[route.option]
        let pod = problem.pods[option.pod]
        let work = flow.rates[month.month] / option.capacity[flow.requestClass] * Double(option.option.chips)
        terms.append(
          Term(
            column: month.share[index][position],
            coefficient: part * work * (pod.busyWatts - pod.idleWatts)))
      }
    }
    return terms
  }

  /// The draw of a site changes no faster from hour to hour than its grid allows.
  private mutating func addRampRows(_ site: Int, _ month: Month) {
    let entry = problem.sites[site]
    guard let ramp = entry.hourlyRamp?.value else { return }
    for hour in 0..<24 {
      let terms = working(site, month) { $0[hour] - $0[(hour + 23) % 24] }
      guard !terms.isEmpty else { continue }
      let limit = ramp / entry.pue / 1000
      let row = program.row(scaled(terms), lower: -limit, upper: limit)
      tags.append((row, .powerRamp(site: entry.id, hour: hour, month: month.month)))
    }
  }

  /// Watts are divided by a thousand: rows near the size of the others keep the simplex method accurate.
  private func scaled(_ terms: [Term]) -> [Term] {
    terms.map { Term(column: $0.column, coefficient: $0.coefficient / 1000) }
  }

  private mutating func addWatts(
    _ draw: Draw, upTo limit: Double, _ more: Term?, _ constraint: PlacementConstraint
  ) {
    let terms = draw.terms + (more.map { [$0] } ?? [])
    tags.append((program.row(scaled(terms), upper: (limit - draw.always) / 1000), constraint))
  }

  private mutating func addSpaceRow(_ site: Int, _ month: Month, _ position: Int) {
    guard let racks = problem.sites[site].racks else { return }
    var terms: [Term] = []
    var standing = 0.0
    for pod in problem.podsAtSite[site] {
      guard let each = problem.pods[pod].pod.racksPerBlock else { continue }
      standing += each * Double(problem.pods[pod].pod.standingBlocks(inMonth: month.month))
      terms += delivered(pod, by: position).map { Term(column: $0, coefficient: each) }
    }
    guard !terms.isEmpty else { return }
    let constraint = PlacementConstraint.space(site: problem.sites[site].id, month: month.month)
    if isElastic(.space(site: site)) {
      terms.append(Term(column: slack(constraint, base: max(racks, 1), unit: "racks"), coefficient: -1))
    }
    tags.append((program.row(terms, upper: racks - standing), constraint))
  }

  private mutating func addQuotaRow(_ index: Int, _ month: Month) {
    let quota = problem.problem.fleet.quotas[index]
    var terms: [Term] = []
    for (option, entry) in problem.options.enumerated() where problem.pods[entry.pod].pod.chip == quota.chip {
      guard quota.site == nil || problem.sites[entry.site].id == quota.site else { continue }
      terms += standing(option, in: month).map {
        Term(column: $0.column, coefficient: Double(entry.footprint.occupiedChips))
      }
    }
    guard !terms.isEmpty else { return }
    let constraint = PlacementConstraint.quota(chip: quota.chip, site: quota.site, month: month.month)
    if isElastic(.quota(index)) {
      let base = Double(max(quota.chips, 1))
      terms.append(Term(column: slack(constraint, base: base, unit: "chips"), coefficient: -1))
    }
    tags.append((program.row(terms, upper: Double(quota.chips)), constraint))
  }

  /// The peak bytes between a region and a site stay within the link, where it states a bandwidth.
  private mutating func addBandwidthRows(_ month: Month) {
    for link in problem.problem.fleet.links {
      guard let bandwidth = link.bandwidth?.value, bandwidth > 0 else { continue }
      for (region, site) in [(link.from, link.to), (link.to, link.from)] {
        var terms: [Term] = []
        for (index, flow) in problem.flows.enumerated() where flow.region == region {
          let bytes = problem.services[flow.service].bytesPerRequest.value * flow.rates[month.month]
          guard bytes > 0 else { continue }
          for (position, route) in flow.routes.enumerated()
          where problem.sites[problem.options[route.option].site].id == site {
            terms.append(Term(column: month.share[index][position], coefficient: bytes / bandwidth))
          }
        }
        guard !terms.isEmpty else { continue }
        tags.append(
          (program.row(terms, upper: 1), .bandwidth(region: region, site: site, month: month.month)))
      }
    }
  }
}
