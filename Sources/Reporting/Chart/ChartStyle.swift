/// Colours as CSS classes on a card of their own background, so that a picture reads the same on a light page and on
/// a dark one; `prefers-color-scheme` turns the card dark. Hues follow Okabe and Ito's colour-blind safe palette.
enum ChartStyle {
  /// Fill and stroke of series i; ten hues, then they repeat with the legend telling them apart.
  static let palette = [
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#8C6D1F", "#7B61C9", "#5F8D8A",
    "#A0522D",
  ]
  static func series(_ i: Int) -> String { "fp-s\(i % palette.count)" }

  static let css: String = {
    var rules = """
      .fp-card{fill:#fff;stroke:#d0d7de}
      .fp-t,.fp-h,.fp-m{font-family:system-ui,-apple-system,'Segoe UI','Helvetica Neue',Arial,'DejaVu Sans',sans-serif;font-size:12px;fill:#24292f}
      .fp-h{font-size:15px;font-weight:600}
      .fp-m{fill:#57606a}
      .fp-g{stroke:#d8dee4;stroke-width:1}
      .fp-a{stroke:#57606a;stroke-width:1}
      .fp-r{stroke:#c0392b;stroke-width:2;stroke-dasharray:6 4;fill:none}
      .fp-e{stroke:#24292f;stroke-width:1.5;fill:none}
      .fp-l{fill:none;stroke-width:2.25;stroke-linejoin:round}
      .fp-up{fill:#D55E00}.fp-down{fill:#009E73}.fp-total{fill:#0072B2}

      """
    for (i, colour) in palette.enumerated() {
      rules += ".fp-s\(i){fill:\(colour)}.fp-l.fp-s\(i){fill:none;stroke:\(colour)}\n"
    }
    rules += """
      @media (prefers-color-scheme:dark){
      .fp-card{fill:#161b22;stroke:#30363d}
      .fp-t,.fp-h{fill:#e6edf3}
      .fp-m{fill:#9da7b3}
      .fp-g{stroke:#30363d}
      .fp-a{stroke:#9da7b3}
      .fp-r{stroke:#ff7b72}
      .fp-e{stroke:#e6edf3}
      .fp-s0,.fp-total{fill:#4aa8e0}.fp-l.fp-s0{fill:none;stroke:#4aa8e0}
      .fp-s5{fill:#b9dcf5}.fp-l.fp-s5{fill:none;stroke:#b9dcf5}
      .fp-s6{fill:#c9a94f}.fp-l.fp-s6{fill:none;stroke:#c9a94f}
      .fp-s7{fill:#a48bf0}.fp-l.fp-s7{fill:none;stroke:#a48bf0}
      }

      """
    return rules
  }()
}
