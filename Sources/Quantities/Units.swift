/// Units are empty types: they exist only to keep `Quantity`s apart.
public enum Second: Sendable {}
public enum Byte: Sendable {}
public enum FLOP: Sendable {}
public enum Token: Sendable {}
public enum Watt: Sendable {}
public enum Joule: Sendable {}
public enum Dollar: Sendable {}
public enum GramCO2: Sendable {}
/// `A` per `B`.
public enum Per<A, B>: Sendable {}

public typealias Seconds = Quantity<Second>
public typealias Bytes = Quantity<Byte>
public typealias FLOPs = Quantity<FLOP>
public typealias Tokens = Quantity<Token>
public typealias Watts = Quantity<Watt>
public typealias Joules = Quantity<Joule>
public typealias USD = Quantity<Dollar>
public typealias GramsCO2 = Quantity<GramCO2>
public typealias FLOPsPerSecond = Quantity<Per<FLOP, Second>>
public typealias BytesPerSecond = Quantity<Per<Byte, Second>>
public typealias TokensPerSecond = Quantity<Per<Token, Second>>
/// Dollars per second of one chip: the base unit behind `$1.20/chip.h`.
public typealias USDPerSecond = Quantity<Per<Dollar, Second>>
/// Dollars per joule: the base unit behind `$0.06/kWh`.
public typealias USDPerJoule = Quantity<Per<Dollar, Joule>>
/// Grams of CO2 per joule: the base unit behind `300g/kWh`.
public typealias GramsCO2PerJoule = Quantity<Per<GramCO2, Joule>>
public typealias USDPerByte = Quantity<Per<Dollar, Byte>>

@inlinable public func / (work: FLOPs, rate: FLOPsPerSecond) -> Seconds { Seconds(work.value / rate.value) }
@inlinable public func / (size: Bytes, rate: BytesPerSecond) -> Seconds { Seconds(size.value / rate.value) }
@inlinable public func / (work: FLOPs, time: Seconds) -> FLOPsPerSecond {
  FLOPsPerSecond(work.value / time.value)
}
@inlinable public func / (size: Bytes, time: Seconds) -> BytesPerSecond {
  BytesPerSecond(size.value / time.value)
}
@inlinable public func / (count: Tokens, time: Seconds) -> TokensPerSecond {
  TokensPerSecond(count.value / time.value)
}
@inlinable public func * (power: Watts, time: Seconds) -> Joules { Joules(power.value * time.value) }
@inlinable public func * (energy: Joules, price: USDPerJoule) -> USD { USD(energy.value * price.value) }
@inlinable public func * (time: Seconds, price: USDPerSecond) -> USD { USD(time.value * price.value) }
@inlinable public func * (energy: Joules, intensity: GramsCO2PerJoule) -> GramsCO2 {
  GramsCO2(energy.value * intensity.value)
}
@inlinable public func * (size: Bytes, price: USDPerByte) -> USD { USD(size.value * price.value) }

extension Quantity where Unit == Second {
  public static var minute: Self { 60 }
  public static var hour: Self { 3600 }
  public static var day: Self { 86_400 }
  /// The month of budgets: a twelfth of 365.25 days, 730.5 hours.
  public static var month: Self { 2_629_800 }
  public static var year: Self { 31_557_600 }
}

extension Quantity where Unit == Joule {
  public static var kilowattHour: Self { 3_600_000 }
}
