import Quantities
import Testing

@Test("Work over rate is time, and power over time is energy")
func dimensionalArithmetic() {
  // 1e12 FLOPs at 197e12 FLOP/s take 5.08 ms; 700 W for an hour are 0.7 kWh.
  let time = FLOPs(1e12) / FLOPsPerSecond(197e12)
  #expect(abs(time.value - 5.0761e-3) < 1e-6)
  #expect((Watts(700) * Seconds.hour) / Joules.kilowattHour == 0.7)
}

@Test("A stream repeats for the same seed and name, and differs for another name")
func namedStreams() {
  var a = RandomStream(7, "arrivals/site-3")
  var b = RandomStream(7, "arrivals/site-3")
  var c = RandomStream(7, "arrivals/site-4")
  let first = (0..<8).map { _ in a.next() }
  #expect(first == (0..<8).map { _ in b.next() })
  #expect(first != (0..<8).map { _ in c.next() })
}

@Test("Uniform numbers lie in 0..<1 with mean one half")
func uniformNumbers() {
  var stream = RandomStream(1, "uniform")
  let numbers = (0..<10_000).map { _ in stream.uniform() }
  #expect(numbers.allSatisfy { (0..<1).contains($0) })
  // The standard error of the mean of 10,000 uniforms is 0.0029: five of them.
  #expect(abs(numbers.reduce(0, +) / 10_000 - 0.5) < 0.0145)
}

@Test("Simulated time is exact to the nanosecond and ordered")
func simulatedTime() {
  #expect(SimTime(seconds: 0.1) + SimTime(seconds: 0.2) == SimTime(nanoseconds: 300_000_000))
  #expect(SimTime(seconds: 1e-9) > .zero)
}
