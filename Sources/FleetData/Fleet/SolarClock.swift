/// Local time by the sun: the clock runs an hour ahead of UTC every 15 degrees east.
public enum SolarClock {
  /// The local hour, 0 to 23, of an hour of UTC at a longitude in degrees east.
  public static func localHour(utc hour: Int, longitude: Double) -> Int {
    let local = (hour + Int((longitude / 15).rounded())) % 24
    return (local + 24) % 24
  }
}
