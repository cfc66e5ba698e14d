import Foundation

@testable import CPUKernel

/// The decoder as the equations say it, in double precision, one token at a time, with no cache layout and no blocks.
struct NaiveDecoder {
  let weights: RandomWeights
  /// Keys and values of each layer, one row per token read.
  private var keys: [[[Double]]]
  private var values: [[[Double]]]

  init(_ weights: RandomWeights) {
    self.weights = weights
    keys = Array(repeating: [], count: weights.shape.layers)
    values = keys
  }

  private var shape: DecoderShape { weights.shape }

  /// Reads one token and returns the logits of the next.
  mutating func read(_ token: Int) -> [Double] {
    let table = weights.matrix("embedding", outputs: shape.vocabulary, inputs: shape.width)
    var x = table[(token * shape.width)..<((token + 1) * shape.width)].map(Double.init)
    for layer in 0..<shape.layers {
      let h = norm(x, "layer \(layer) attention norm")
      let mixed = attend(layer, h)
      x = zip(x, product(layer, "attention output", mixed, outputs: shape.width)).map(+)
      let g = product(
        layer, "gate up", norm(x, "layer \(layer) ffn norm"), outputs: 2 * shape.ffnWidth)
      let gated = (0..<shape.ffnWidth).map { g[$0] / (1 + exp(-g[$0])) * g[shape.ffnWidth + $0] }
      x = zip(x, product(layer, "down", gated, outputs: shape.width)).map(+)
    }
    return product("output", norm(x, "final"), outputs: shape.vocabulary)
  }

  private mutating func attend(_ layer: Int, _ h: [Double]) -> [Double] {
    let (size, position) = (shape.headSize, keys[layer].count)
    let queryWidth = shape.heads * size
    let kvWidth = shape.kvHeads * size
    let projected = product(layer, "query key value", h, outputs: queryWidth + 2 * kvWidth)
    let turned = rotate(Array(projected[..<(queryWidth + kvWidth)]), position: position)
    keys[layer].append(Array(turned[queryWidth...]))
    values[layer].append(Array(projected[(queryWidth + kvWidth)...]))
    var mixed: [Double] = []
    for head in 0..<shape.heads {
      let query = turned[(head * size)..<((head + 1) * size)]
      let source = head / (shape.heads / shape.kvHeads) * size
      let scores = keys[layer].map { key in
        exp(zip(query, key[source..<(source + size)]).map(*).reduce(0, +) / Double(size).squareRoot())
      }
      let total = scores.reduce(0, +)
      for i in 0..<size {
        mixed.append(zip(scores, values[layer]).map { $0 * $1[source + i] }.reduce(0, +) / total)
      }
    }
    return mixed
  }

  private func rotate(_ x: [Double], position: Int) -> [Double] {
    var turned = x
    let half = shape.headSize / 2
    for base in stride(from: 0, to: x.count, by: shape.headSize) {
      for i in 0..<half {
        let angle = Double(position) * pow(10_000, -2 * Double(i) / Double(shape.headSize))
        turned[base + i] = x[base + i] * cos(angle) - x[base + half + i] * sin(angle)
        turned[base + half + i] = x[base + half + i] * cos(angle) + x[base + i] * sin(angle)
      }
    }
    return turned
  }

  private func norm(_ x: [Double], _ name: String) -> [Double] {
    let mean = x.map { $0 * $0 }.reduce(0, +) / Double(x.count)
    return zip(x, weights.norm(name)).map { $0 / (mean + 1e-5).squareRoot() * Double($1) }
  }

  private func product(_ layer: Int, _ name: String, _ x: [Double], outputs: Int) -> [Double] {
    product("layer \(layer) \(name)", x, outputs: outputs)
  }

  private func product(_ name: String, _ x: [Double], outputs: Int) -> [Double] {
    let w = weights.matrix(name, outputs: outputs, inputs: x.count)
    return (0..<outputs).map { o in
      var sum = 0.0
      for i in x.indices { sum += Double(w[o * x.count + i]) * x[i] }
      return sum
    }
  }
}
