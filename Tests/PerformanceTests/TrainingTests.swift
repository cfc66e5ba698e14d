import FleetData
import Quantities
import Testing

@testable import Performance

@Suite struct TrainingTests {
  static let v5p = try! Catalog.builtIn.chip("tpu-v5p")
  static let h100 = try! Catalog.builtIn.chip("h100-sxm")
  static let llama = try! Catalog.builtIn.model("llama-3.1-70b")

  static func setup(
    chips: Int = 256, tokens: Int = 4_194_304, sharding: Sharding? = nil, recompute: Recompute = .full,
    overlap: Overlap = .fitted, slices: Int = 1
  ) -> TrainingSetup {
    TrainingSetup(
      model: llama, chip: v5p, slice: .standard(chips: chips, on: v5p), slices: slices,
      sharding: sharding ?? Sharding(data: slices, fsdp: chips), tokensPerStep: tokens, sequence: 8192,
      recompute: recompute, overlap: overlap)
  }

  @Test("A step is never faster than its physical lower bound, even with nothing lost")
  func lowerBound() throws {
    let ideal = TrainingEfficiencyTable(training: [])
    for recompute in Recompute.allCases {
      let step = try trainingStepUnchecked(
        Self.setup(recompute: recompute, overlap: .overlapped), efficiency: ideal)
      #expect(step.time >= step.lowerBound)
      #expect(step.mfu <= 1)
    }
  }

  @Test("Overlap helps: everything overlapped ≤ fitted ≤ nothing overlapped")
  func overlapModels() throws {
    let sharding = Sharding(fsdp: 32, tensor: 8)
    let times = try [Overlap.overlapped, .fitted, .sum].map {
      try trainingStep(Self.setup(sharding: sharding, overlap: $0)).time
    }
    #expect(times == times.sorted())
  }

  @Test("Recomputing more takes longer and less memory")
  func recomputeTrades() throws {
    let steps = try [Recompute.none, .selective, .full].map {
      try trainingStepUnchecked(Self.setup(recompute: $0))
    }
    #expect(steps.map(\.time) == steps.map(\.time).sorted())
    #expect(steps[2].memory.total < steps[0].memory.total)
  }

  @Test("More chips never lengthen a step of the same batch")
  func moreChips() throws {
    let times = try [64, 128, 256, 512].map { try trainingStepUnchecked(Self.setup(chips: $0)).time }
    #expect(times == times.sorted(by: >))
  }

  @Test("Twice the tokens on twice the slices take the same time but for the network between them")
  func slices() throws {
    let one = try trainingStep(Self.setup())
    let two = try trainingStep(Self.setup(tokens: 8_388_608, slices: 2))
    #expect(two.time > one.time && two.time < 1.1 * one.time)
    #expect(abs(two.flops / one.flops - 2) < 1e-12)
  }

  @Test("A pipeline idles for (p − 1)/(m·v) of its work")
  func bubble() throws {
    // 64 sequences over 8 replicas of 8 stages: 8 microbatches; 7/8 plain, 7/80 with 10 chunks a stage.
    let sharding = Sharding(data: 8, pipeline: 8)
    for (interleave, share) in [(1, 7.0 / 8), (10, 7.0 / 80)] {
      let model = try TrainingModel(
        TrainingSetup(
          model: Self.llama, chip: Self.h100, slice: SliceTopology([64]), sharding: sharding,
          tokensPerStep: 64 * 8192, sequence: 8192, microbatch: 1, interleave: interleave))
      #expect(abs(model.bubbleShare - share) < 1e-12)
    }
  }

  @Test("What does not fit is refused with the numbers")
  func memory() throws {
    #expect {
      try trainingStep(Self.setup(chips: 4, tokens: 8192 * 4))
    } throws: { error in
      guard case .exceedsHBM(let memory) = error as? EstimateError else { return false }
      // 70.6 G parameters at 12 bytes against four chips of 102 GB.
      return memory.total > 847e9 && memory.capacity < 409e9
    }
  }

  @Test("Weights, gradients and Adam's moments take 12 bytes a parameter on a TPU slice")
  func stateBytes() throws {
    let step = try trainingStep(Self.setup())
    let parameters = ModelCounts(Self.llama).totalParameters
    #expect(abs(step.memory.weights.value / (2 * parameters) - 1) < 1e-12)
    #expect(step.memory.other.value > 10 * parameters)
  }

  @Test("A sharding that does not fill the slices is refused")
  func wrongProduct() {
    #expect(throws: EstimateError.shardingDoesNotFillSlice(shardingChips: 8, sliceChips: 256)) {
      try trainingStep(Self.setup(sharding: Sharding(fsdp: 8)))
    }
  }

  @Test("The search returns shardings that fit, best first, and no sharding twice")
  func search() throws {
    let best = try bestTrainingShardings(Self.setup(), limit: 8)
    #expect(best.map(\.estimate.time) == best.map(\.estimate.time).sorted())
    #expect(Set(best.map(\.setup.sharding)).count == best.count)
    #expect(best.allSatisfy { $0.estimate.memory.fits && $0.setup.sharding.chips == 256 })
  }

  @Test("The search says so when nothing fits")
  func nothingFits() {
    #expect {
      try bestTrainingShardings(Self.setup(chips: 4, tokens: 32_768))
    } throws: {
      if case .noShardingFits(let chip, 4, let smallest?) = $0 as? EstimateError {
        return chip == "tpu-v5p" && !smallest.fits
      }
      return false
    }
  }

  @Test("Causal halving takes away half of attention, recompute adds a third of the layers")
  func conventions() {
    let full = trainingFLOPsPerToken(Self.llama, sequence: 8192, convention: .fullAttention).value
    let causal = trainingFLOPsPerToken(Self.llama, sequence: 8192, convention: .causalAttention).value
    // 80 layers of 64 heads of 128: 3 · 4·8192·8192·80, half of it saved.
    let saved: Double = 6 * 8192 * 8192 * 80
    #expect(abs(full - causal - saved) < 1)
    let hardware = trainingFLOPsPerToken(Self.llama, sequence: 8192, convention: .fullRecompute).value
    let logits: Double = 6 * 8192 * 128_256
    let repeated: Double = (full - logits) * 4 / 3 + logits
    #expect(abs(hardware / repeated - 1) < 1e-12)
  }

  @Test("Attention of windowed layers stops growing at their window")
  func windows() throws {
    // Gemma 3 27B: 10 of 62 layers see everything, the others 1,024 tokens.
    let gemma = try Catalog.builtIn.model("gemma-3-27b")
    let short = trainingFLOPsPerToken(gemma, sequence: 1024, convention: .causalAttention).value
    let long = trainingFLOPsPerToken(gemma, sequence: 65_536, convention: .causalAttention).value
    let unlimited = 1.5 * TrainingWork(gemma, sequence: 1024).attentionFLOPs * 63
    #expect(abs((long - short) / unlimited - 10.0 / 62) < 1e-9)
  }

  @Test("Stages of a pipeline may differ by a layer; more stages than layers are refused")
  func unevenPipeline() throws {
    let chip = try Catalog.builtIn.chip("h800-sxm")
    func setup(_ stages: Int) throws -> TrainingSetup {
      TrainingSetup(
        model: try Catalog.builtIn.model("deepseek-v3"), chip: chip, slice: SliceTopology([stages * 64]),
        sharding: Sharding(pipeline: stages, expert: 64), tokensPerStep: 7680 * 4096, sequence: 4096,
        precision: .fp8, recompute: .selective)
    }
    let estimate = try trainingStep(setup(16))
    #expect(estimate.memory.fits && estimate.time > estimate.lowerBound)
    // 61 layers on 16 stages: the fullest has 4 where the mean has 61/16.
    #expect(try TrainingModel(setup(16)).unevenStages == 64.0 / 61)
    #expect(throws: EstimateError.shardingDoesNotDivide(axis: "pipeline", ways: 64, size: 61, what: "layers"))
    {
      try trainingStep(setup(64))
    }
  }

  @Test("Selective recomputation keeps the latents of latent attention, not what they expand to")
  func latentsAreKept() throws {
    let work = TrainingWork(try Catalog.builtIn.model("deepseek-v3"), sequence: 4096)
    // 128 heads of 192 twice and of 128 once, less the latents 1,536 + 512 + 64, in each of 61 layers.
    #expect(work.expandedElements == Double(61 * (2 * 128 * 192 + 128 * 128 - 2112)))
    // 1,536 × 24,576 and 512 × 32,768 multiplied again.
    #expect(work.expansionFLOPs == 2 * Double(61 * (1536 * 24_576 + 512 * 32_768)))
    #expect(TrainingWork(Self.llama, sequence: 4096).expandedElements == 0)
  }

  @Test(
    "A token crosses once to each domain that holds its experts, in fewer bytes when the matmuls are narrower"
  )
  func expertCrossings() throws {
    let chip = try Catalog.builtIn.chip("h800-sxm")
    func seconds(_ expert: Int, _ precision: Precision) throws -> Double {
      try TrainingModel(
        TrainingSetup(
          model: try Catalog.builtIn.model("deepseek-v3"), chip: chip, slice: SliceTopology([expert]),
          sharding: Sharding(expert: expert), tokensPerStep: expert * 4096 * 64, sequence: 4096,
          precision: precision, microbatch: 1)
      ).expertSeconds
    }
    // Out in 1 byte and back in 2, against 2 both ways: three quarters, the latency apart.
    let ratio = try seconds(64, .fp8) / seconds(64, .bf16)
    #expect(ratio > 0.75 && ratio < 0.78)
    // Two domains hold all eight experts of nearly every token: two copies cross; eight domains are reached 5.25 times.
    let growth = try seconds(64, .bf16) / seconds(16, .bf16)
    let expected = (5.2509 * 7 / 8) / (1.9922 * 1 / 2)
    #expect(abs(growth / expected - 1) < 0.05, "\(growth) against \(expected)")
  }

  @Test("A stated sharding gets the fastest policy that fits, as a search gives it")
  func fastestPolicy() throws {
    var setup = Self.setup(chips: 256, tokens: 1 << 20)
    let best = try bestTrainingShardings(setup, limit: 1)[0]
    setup.sharding = best.setup.sharding
    #expect(try fastestTraining(setup) == best)
  }
}
