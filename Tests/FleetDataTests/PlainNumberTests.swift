import FleetData
import Testing

@Test(
  "Money in a sentence keeps the digits that matter, and no rounding moves it across a unit",
  arguments: [
    (0, "$0"), (0.00231, "$0.00231"), (0.42, "$0.42"), (99.99, "$99.99"), (99.996, "$100"), (310.4, "$310"),
    (9999.4, "$9,999"), (9999.5, "$10k"), (24_120, "$24.1k"), (999_499, "$999k"), (999_600, "$1M"),
    (1_262_000, "$1.26M"), (3.4e9, "$3.4B"), (-1500, "-$1,500"),
  ])
func moneyInSentences(amount: Double, text: String) {
  #expect(PlainNumber.money(amount) == text)
}

@Test("Another currency is written with its code")
func moneyOfOtherCurrencies() {
  #expect(PlainNumber.money(24_120, symbol: "EUR ") == "EUR 24.1k")
}
