import Economics
import Testing

@Suite struct QueueingTests {
  /// c, a, Erlang C and mean wait in service times.
  static let table: [(c: Int, a: Double, waits: Double, mean: Double)] = [
    (1, 0.8, 0.8, 4), (2, 1, 0.333333, 0.333333), (5, 4, 0.554113, 0.554113), (10, 8, 0.409180, 0.204590),
    (20, 18, 0.550769, 0.275385), (50, 45, 0.363864, 0.072773), (100, 95, 0.506457, 0.101291),
    (1000, 980, 0.412200, 0.020610),
  ]

  @Test("Erlang C and the mean wait agree with tables", arguments: table.indices)
  func tabulated(_ i: Int) throws {
    let row = Self.table[i]
    let queue = try ErlangQueue(servers: row.c, offeredErlangs: row.a)
    #expect(abs(try queue.waitProbability() - row.waits) < 1e-6)
    #expect(abs(try queue.meanWait() - row.mean) < 1e-6)
  }

  @Test("One server waits as Pollaczek and Khinchine say, whatever the service times' variation")
  func pollaczek() throws {
    let queue = try ErlangQueue(servers: 1, offeredErlangs: 0.7)
    for cs2 in [0, 0.5, 1, 4] {
      let exact = 0.7 / 0.3 * (1 + cs2) / 2
      #expect(abs(try queue.leeLongtonWait(serviceVariation: cs2) - exact) < 1e-12)
      #expect(abs(try queue.kimuraWait(serviceVariation: cs2) - exact) < 1e-12)
    }
  }

  @Test("Kimura's wait lies inside the range of simulations of a million jobs")
  func simulated() throws {
    let ten = try ErlangQueue(servers: 10, offeredErlangs: 8)
    // Three simulations each: 0.412 to 0.427, 0.108 to 0.109, 0.098 to 0.104; the second is a limit of 1.5 %.
    #expect((0.412...0.427).contains(try ten.kimuraWait(serviceVariation: 4)))
    #expect(abs(try ten.kimuraWait(serviceVariation: 0) / 0.1085 - 1) < 0.015)
    let fifty = try ErlangQueue(servers: 50, offeredErlangs: 45)
    #expect((0.098...0.104).contains(try fifty.kimuraWait(serviceVariation: 2)))
    #expect(
      try ten.allenCunneenWait(arrivalVariation: 1, serviceVariation: 4)
        == ten.kimuraWait(serviceVariation: 4))
  }

  @Test("More servers wait less, more load waits more, and percentiles follow the tail")
  func monotone() throws {
    #expect(
      try ErlangQueue(servers: 11, offeredErlangs: 8).meanWait()
        < ErlangQueue(servers: 10, offeredErlangs: 8).meanWait())
    let queue = try ErlangQueue(servers: 10, offeredErlangs: 9)
    #expect(try queue.meanWait() > ErlangQueue(servers: 10, offeredErlangs: 8).meanWait())
    let p99 = try queue.waitPercentile(0.99)
    #expect(abs(try queue.probabilityOfWaiting(longerThan: p99) - 0.01) < 1e-12)
    #expect(try queue.waitPercentile(0.01) == 0)
  }

  @Test("Square-root staffing is within a server or two of exact Erlang C")
  func staffing() throws {
    for (alpha, beta, servers) in [(0.5, 0.5061, 1017), (0.2, 1.0615, 1034), (0.05, 1.7398, 1056)] {
      #expect(abs(try Staffing.spare(delayProbability: alpha) - beta) < 1e-4)
      #expect(try Staffing.squareRootServers(offeredErlangs: 1000, delayProbability: alpha) == servers)
      let exact = try Staffing.servers(offeredErlangs: 1000, delayProbability: alpha)
      #expect(abs(exact - servers) <= 1)
    }
  }

  @Test("A queue that work enters faster than it leaves is refused, not given a number")
  func unstable() {
    #expect(throws: EconomicsError.unstableQueue(servers: 2, offeredErlangs: 2)) {
      try ErlangQueue(servers: 2, offeredErlangs: 2).meanWait()
    }
    #expect(throws: EconomicsError.self) { try ErlangQueue(servers: 0, offeredErlangs: 0) }
  }
}
