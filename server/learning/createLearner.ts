// Joins the real parts for one repository and one model: what a composition root calls, and nothing else here knows all of them.
import type { Clock } from '../base/clock.ts';
import type { Files } from '../base/files.ts';
import type { Random } from '../base/random.ts';
import type { Sandbox } from '../base/sandbox.ts';
import type { AuthorPolicy } from '../filters/filters.ts';
import type { Repository } from '../git/repository.ts';
import { createMeasures } from '../reward/createMeasures.ts';
import { createOutcomeCache } from '../reward/outcomeCache.ts';
import { parsedTree, type SelfEditTools } from '../selfEdit/parsedTree.ts';
import { readForgotten } from '../store/forget.ts';
import type { StoreAccess } from '../store/storeAccess.ts';
import type { Syntax } from '../syntax/syntax.ts';
import { servingShape } from '../syntax/promptContext.ts';
import { learning } from './constants.ts';
import { withKeptSuggestions } from './feedbackProbes.ts';
import { foreignCode } from './foreignCode.ts';
import { GitChangeSource } from './gitChangeSource.ts';
import type { LanguageModel } from './languageModel.ts';
import type { Learner } from './learn.ts';
import { modelEditors } from './modelEditors.ts';
import { ScoreMemory } from './scoreMemory.ts';
import { storedHalves } from './storedHalves.ts';
import { commitTree, installedDependencies } from './testedCommits.ts';

export interface LearnerParts {
  readonly repository: Repository;
  readonly syntax: Syntax;
  readonly model: LanguageModel;
  readonly store: StoreAccess;
  readonly clock: Clock;
  readonly files: Files;
  /** Null: tests are turned off. */
  readonly sandbox: Sandbox | null;
  /** The user's own test command; null or absent: what package.json says. */
  readonly testCommand?: string | null;
  readonly authors: AuthorPolicy;
  /** Patterns of files that may not teach, as in a .gitignore. */
  readonly ignore?: readonly string[];
  /** Which of the files that a grammar reads may teach; default all. */
  readonly learns?: (path: string) => boolean;
  /** For test trees; outside the repository. */
  readonly temporaryFolder: string;
  /** For names of temporary folders, never for what is learnt. */
  readonly random: Random;
}

export function createLearner(parts: LearnerParts): Learner & { dispose(): Promise<void> } {
  const { repository, syntax, model, store, clock, files } = parts;
  const tools: SelfEditTools = { syntax, countTokens: (text) => model.countTokens(text), shape: servingShape };
  const source = new GitChangeSource({ repository, tools, authors: parts.authors, ignore: parts.ignore ?? [], learns: parts.learns ?? (() => true), forgotten: () => readForgotten(store) });
  const measured = createMeasures({
    tools,
    fillIn: model,
    sandbox: parts.sandbox,
    treeOf: (commit) => commitTree(commit, parts),
    installed: () => installedDependencies(repository, files),
    testCommand: parts.testCommand ?? null,
    knownHalves: storedHalves(store),
    cache: createOutcomeCache(),
    budget: { probes: learning.probes },
  });
  const measures = withKeptSuggestions(measured, { store, tools });
  return {
    model,
    store,
    clock,
    repository,
    source,
    editors: modelEditors(model, tools),
    measures,
    foreign: foreignCode(),
    scores: new ScoreMemory(),
    parseTree: async (commit) => parsedTree({ files: await source.sourceFiles(commit), keptOut: { probes: [], spans: [] } }, tools),
    dispose: () => measures.dispose(),
  };
}
