// Every number that decides something in learning, with its reason. docs/learning.md is the same list in prose: a change here is a change there.
// Gates that reward owns (retention, general-code loss, probes needed, chance of the tests) are in server/reward.

export const learning = {
  /** K. SEAL takes the best of 5 and is worth about +4.5 of an apparent +14 under its noisy reward; the fourth still pays here, a fifth costs a quarter of the cycle. */
  candidates: 4,
  /** Prompts and answers of one candidate's own pairs, replay not counted: what two cores train four times over, four epochs each, in about half of the 20 s of a cycle. */
  budgetTokens: 2048,
  /** All linear layers, rank 16: Code2LoRA's repository adapters. One rank everywhere, so that A and B interpolate and candidates share a batch. */
  rank: 16,
  /** Replay's share of a candidate's pairs: rehearsal of 10 % preserved exact match; more than 25 % starves what is new. */
  replay: { low: 0.1, high: 0.25 },
  /** Fewer pairs than this teach format, not content: Code2LoRA fell below the base on one small repository in ten. They wait for the next commit. */
  minimumPairs: 4,
  /** Commits that wait (too few pairs or probes) before they count as dealt with anyway. */
  carriedCommits: 8,

  /** Mean loss of the changed lines, nats per token, under which there is nothing to learn: the model writes nine tokens in ten of them right. */
  knownLoss: 0.1,
  /** Changed lines scored for that: enough for a mean to +-0.2 nats, under a second on two cores. */
  surpriseLines: 24,

  /** Confidence of every interval that decides: one-sided 95 %, and both seeds must pass. */
  confidence: 0.9,
  /** Between active and candidate; two bisections find the largest passing quarter. Scaling A and B both scales the update by the square, so a quarter is small. */
  interpolationShares: [0.5, 0.25],
  /** Probes scored per cycle: scoring one costs a third of training on one pair, and there are K + 1 adapters to choose among. Spread over files first. */
  selectProbes: 16,
  judgeProbes: 28,
  /** Probes of older commits for retention, newest commits first: an interval of about +-0.04 nats per token. */
  retentionProbes: 20,
  /** Of the bundled excerpts of other projects: the change is paired, so half of them tell 1 % apart and cost half. */
  generalItems: 24,
  /** One cycle in three also trains a placebo, in the batch of the second seed: thirty cycles bound its promotion rate to +-0.15 for a tenth of the time. */
  placeboEvery: 3,
  /** Completions before and after that the review shows. */
  shownCompletions: 3,
  shownCompletionTokens: 48,

  /** First use learns this far back. */
  firstCommits: 50,
  /** Waiting commits up to here are one range; more (a large pull) are cut into steps, or one cycle would teach a tenth of them. */
  coalescedCommits: 8,
  /** Steps of first use: fifty commits in 25 cycles of under 20 s. */
  bulkCycles: 25,
  /** And for at most this long unless the user says otherwise; the rest is resumed. */
  firstBudgetMs: 10 * 60_000,
  /** New commits are waited for this long, so that a burst is one range. */
  settleMs: 2_000,
  /** Sleep begins after this long without an event. */
  idleMs: 10 * 60_000,
  /** An engine that crashed is asked again this often per range, then the range is left until the next commit. */
  crashRetries: 2,
  retryDelayMs: 5_000,

  /** A version stands after a rewrite while this share of its pairs is still grounded in HEAD's tree. */
  groundedShare: 0.9,

  /** Files of the tree that are read for callers and imported names; nearest to the changed ones first. */
  treeFiles: 1_500,
  treeBytes: 6 * 1024 * 1024,

  /** Roll back reaches this far; older versions keep pairs and probes, not weights. */
  keepWeights: 20,
  keepRejected: 10,
  keepUnnamedMs: 30 * 24 * 3600_000,

  sleep: {
    /** Tokens per epoch of a re-derivation: it has minutes, and all kept pairs matter. */
    budgetTokens: 24_576,
    epochs: 3,
    learningRate: 5e-4,
    /** Probes on which the re-derived adapter must beat the wake version. */
    judgeProbes: 96,
  },
  restEm: {
    /** Best of K with a positive-gain filter; SEAL: two rounds of 50 contexts x 5 edits. Fewer winners than this teach nothing. */
    minimumWinners: 8,
    winners: 128,
    /** SEAL: SFT at 3e-4 for 2 epochs. Rank as everywhere, where SEAL took 64: few samples. */
    learningRate: 3e-4,
    epochs: 2,
    /** A win by less than this, nats per token on the choosing half, is noise. */
    minimumGain: 0.005,
  },
} as const;
