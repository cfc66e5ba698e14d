extension ParametricLaw {
  /// As printed, exponents rounded to two digits: at odds with the same paper's other two approaches.
  public static let hoffmannPrinted = ParametricLaw(
    name: "hoffmann-printed", irreducible: 1.69, parameterScale: 406.4, tokenScale: 410.7,
    parameterExponent: 0.34, tokenExponent: 0.28, source: "Hoffmann et al. 2022, arXiv:2203.15556, approach 3"
  )

  /// The same fit with the exponents found in the paper's TeX source.
  public static let hoffmannUnrounded = ParametricLaw(
    name: "hoffmann-unrounded", irreducible: 1.6934, parameterScale: 406.4, tokenScale: 410.7,
    parameterExponent: 0.3392, tokenExponent: 0.2849,
    source: "TeX source of arXiv:2203.15556, via arXiv:2404.10102")

  /// The rounding that Sardana et al. compute with.
  public static let hoffmannDeVries = ParametricLaw(
    name: "hoffmann-de-vries", irreducible: 1.69, parameterScale: 406.4, tokenScale: 410.7,
    parameterExponent: 0.336, tokenExponent: 0.283, source: "De Vries 2023, as used in arXiv:2401.00448")

  /// Refit of Hoffmann's 240 runs, consistent with 20 tokens per parameter: the default.
  public static let besiroglu = ParametricLaw(
    name: "besiroglu", irreducible: 1.8172, parameterScale: 482.01, tokenScale: 2085.43,
    parameterExponent: 0.3478, tokenExponent: 0.3658, source: "Besiroglu et al. 2024, arXiv:2404.10102")

  /// Every law of this form, by name.
  public static let all = [besiroglu, hoffmannPrinted, hoffmannUnrounded, hoffmannDeVries]
}
