/// The hours of a day that a service must be sized for.
///
/// Replicas and routes stay the same all day. An hour in which no flow asks for more than in another hour is then no
/// harder anywhere, on any option and after any loss, and is left out. Flows without a curve of their own may peak in
/// any hour and count in full in all of them; a service whose flows peak together has one critical hour.
enum CriticalHours {
  /// Hours (UTC), ascending; of hours that are alike the first.
  static func hours(of service: ServiceDemand) -> [Int] {
    let curves = service.flows.filter { $0.peakRates.contains { $0 > 0 } }.map(\.hourlyLoad)
      .filter { !$0.isEmpty }
    return (0..<24).filter { hour in
      !(0..<24).contains { other in
        guard other != hour, curves.allSatisfy({ $0[hour] <= $0[other] }) else { return false }
        return other < hour || curves.contains { $0[hour] < $0[other] }
      }
    }
  }
}
