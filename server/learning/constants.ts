// Every number that decides something in learning, with its reason. The tables of docs/learning.md are made from this file.
// Gates that reward owns (retention, general-code loss, probes needed, chance of the tests) are in server/reward.

export const learning = {
  /** K. SEAL takes the best of 5, of which most of the apparent win is noise of the reward; a dense reward comes before more candidates, and each costs a fifth of the training. */
  candidates: 4,
  /**
   * Prompts and answers of one candidate's own pairs, replay not counted. Many pairs once, not few pairs often: at equal cost on four commits of the demo, from the base, 8,192 tokens once gained
   * 0.085 nats per token on the next commit's lines at 0.7 % loss of general code, 2,048 tokens four times 0.072 at 0.9 %. As many as leave a cycle's bar of 20 s a margin where
   * the machine is slower than usual.
   */
  budgetTokens: 4608,
  /**
   * That budget for each commit of a range, up to here: with twice the tokens, nine ranges of two commits of the demo gained 0.159 nats per token instead of 0.113 on the next
   * commit, and a chain of them cost general code 0.7, 1.1, 1.7 and 2.5 % instead of 0.6, 1.1, 1.4 and 1.8 %.
   */
  budgetCommits: 2,
  /** On all linear layers: the rank of Code2LoRA's adapters per repository. One rank everywhere, so that versions interpolate and candidates share a batch. */
  rank: 16,
  /**
   * Candidate 0's loss counts all tokens of its windows, as SEAL's does, not only the answers: a commit's answers are some hundred tokens, its windows
   * some thousand of the project's own code. Measured on five commits of the demo, starter model at 14 M tokens, from the base: the interval of the gain lay above 0 on
   * four of five with all tokens, on two of five with answers only, at no higher loss on other projects' code.
   */
  loss: 'all',
  /** Share of its steps that every candidate takes before one is chosen; only that one takes the rest: it halves the time of training. */
  firstPart: 0.2,
  /** From the base: on the first ranges of the demo and of unjs/citty 8e-4 gained 1.3 to 1.7 times what 4e-4 did; 1.6e-3 gained more on the first and less on the second, and over a chain cost general code 2 to 5 %. */
  learningRate: 8e-4,
  /** Share of a recipe's learning rate where training goes on from a version: the whole rate gained half as much again on the next commit as half of it, and stood out from chance less. */
  continuedRate: 0.75,
  /** See `budgetTokens`. */
  epochs: 1,
  /** Bounds of replay's share: rehearsal of 10 % preserved exact match; more than a quarter starves what is new. */
  replay: { low: 0.1, high: 0.25 },
  /** Fewer pairs than this teach format, not content: Code2LoRA fell below the base where pairs were scarce. Such commits wait for the next. */
  minimumPairs: 4,
  /** Commits that wait (too few pairs or probes, or a gain that cannot be told from chance) before they count as dealt with anyway, so that nothing waits for ever. */
  carriedCommits: 8,

  /** Mean loss of the changed lines, nats per token, under which there is nothing to learn: the model gives nine tokens in ten of them a probability near 1. */
  knownLoss: 0.1,
  /** Changed lines scored for that, evenly over the range: a mean, not a measurement of each. */
  surpriseLines: 8,

  /**
   * Two-sided level of the interval whose lower end must be above 0: one-sided 90 %, and both seeds must pass (figures are shown with 90 % intervals). Of 23 ranges of
   * the demo, citty, ufo, p-map and pathe, each from the base, 0.8 promotes 14 candidates and no control on another project's pairs, 0.6 promotes 18 and none, 0.5 promotes 19 and none:
   * `npm run bench -- gates [--repo PATH]`. Replays of the demo, p-queue, this project and light-my-request promoted 2 of 25 placebos at 0.8: it stays because of what it promises, one error in ten.
   */
  confidence: 0.8,
  /** The winner's step times this, where the choosing half says that it is better. Of six ranges of the demo it gained more on the next commit in three (0.349 for 0.267) and less in three (-0.013 for 0.024); the probes said which in four: `npm run bench -- chain --commits 14`. So it must be better beyond chance. */
  furtherStep: 2,
  /** Of the step from active to candidate, tried in this order when tests, retention or general code failed. All versions of a line share A, so the update is scaled by just that. */
  interpolationShares: [0.5, 0.25],
  /**
   * Tried before that where general code failed on top of a version: the whole adapter times this, step and all. A chain of versions no longer ends where the limit in all is used
   * up: on the demo 10 of 21 cycles promoted instead of 8, +0.183 nats per token over the base instead of +0.174. Where the first step from the base was only shrunk to 0.85, instead of
   * halved, it used the limit up for those after it: 5 promoted, +0.170.
   */
  shrunkTo: [0.85, 0.7],
  /**
   * Two-sided level at which a written candidate must beat candidate 0 on the choosing half, and the further step the step: one-sided 90 %, since the luckiest of three is
   * compared. At 0.7 a lucky one lost on the judging half in the demo's fifth cycle what candidate 0 had gained; at 0.9 the workbench's story missed one that taught it its new name.
   */
  choiceConfidence: 0.8,
  /** Probes to choose on. They are scored under K + 2 adapters, so each one costs as much as training on a pair. */
  selectProbes: 10,
  /** Probes drawn per cycle: as many as both halves need, since what is a probe cannot be taught. */
  probes: 64,
  /** Probes to judge on, spread over files first: items of one place resemble each other, so breadth counts more than depth. With 24 the intervals of single commits were twice as wide as their gains. */
  judgeProbes: 48,
  /** Probes of older commits for retention, newest commits first: what was learnt last is lost first. */
  retentionProbes: 16,
  /** Of the bundled excerpts of other projects: the comparison is paired, so a third of them do. */
  generalItems: 16,
  /** One cycle in this many also trains a placebo: often enough for a rate on the screen, seldom enough not to be felt. */
  placeboEvery: 3,
  /** Completions before and after that the review shows; never used to decide. */
  shownCompletions: 3,
  /** A line of code is shorter. */
  shownCompletionTokens: 48,

  /** First use learns this far back. */
  firstCommits: 50,
  /** Waiting commits up to here are one range; more (a large pull) are cut into steps, or one cycle's pairs would teach a small part of them. */
  coalescedCommits: 8,
  /** Steps of first use, so that fifty commits fit into its budget at 20 s a cycle. */
  bulkCycles: 25,
  /** First use learns for at most this long unless the user says otherwise; the rest is resumed. */
  firstBudgetMs: 10 * 60_000,
  /** New commits are waited for this long, so that a burst is one range. */
  settleMs: 2_000,
  /** Sleep begins after this long without an event. */
  idleMs: 10 * 60_000,
  /** An engine that crashed is asked again this often per range; then the range is left until the next commit, since what crashes thrice crashes again. */
  crashRetries: 2,
  /** The pause before that, in which the engine process is started again. */
  retryDelayMs: 5_000,

  /** A version stands after a rewrite while this share of its pairs is still grounded in HEAD's tree. */
  groundedShare: 0.9,

  /** Files of the tree that are read for callers and imported names; nearest to the changed ones first. */
  treeFiles: 1_500,
  /** And their size in all: what is parsed again in every cycle. */
  treeBytes: 6 * 1024 * 1024,

  /** Roll back reaches this many versions far; older ones keep pairs and probes, not weights. */
  keepWeights: 20,
  /** Rejected versions kept per branch, newest first: they are looked at soon or never. */
  keepRejected: 10,
  /** Versions that no branch names stay this long: imported and not yet activated, or of a branch deleted by mistake. */
  keepUnnamedMs: 30 * 24 * 3600_000,

  sleep: {
    /** Tokens per epoch of a re-derivation: twelve commits' worth of pairs. It has minutes, not seconds. */
    budgetTokens: 24_576,
    /** Code2LoRA: three epochs over a repository's pairs. */
    epochs: 3,
    /** Probes on which the re-derived adapter must beat the wake version, of all commits. */
    judgeProbes: 96,
  },
  restEm: {
    /** Fewer winners than this teach their own text by heart; SEAL trains on 50 contexts a round. */
    minimumWinners: 8,
    /** The best so many, over all cycles. */
    winners: 128,
    /** SEAL: SFT at 3e-4. */
    learningRate: 3e-4,
    /** SEAL: two epochs. */
    epochs: 2,
    /** A win by less than this, nats per token on the choosing half, is taken for noise: SEAL's best of K without a filter kept many such. */
    minimumGain: 0.005,
  },
} as const;
