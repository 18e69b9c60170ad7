// The real editors: selfEdit's functions with this repository's tools and model.
import type { SelfEditTools } from '../selfEdit/parsedTree.ts';
import { leakCheck } from '../selfEdit/keptOut.ts';
import { parsedTree } from '../selfEdit/parsedTree.ts';
import { selectReplay } from '../selfEdit/selectReplay.ts';
import { structuralSelfEdit } from '../selfEdit/structuralSelfEdit.ts';
import { writeQuiz } from '../selfEdit/writeQuiz.ts';
import { writeSelfEdits } from '../selfEdit/writeSelfEdits.ts';
import type { Editors } from './collaborators.ts';
import type { LanguageModel } from './languageModel.ts';
import { structuralRecipe } from './structuralRecipe.ts';

export function modelEditors(model: LanguageModel, tools: SelfEditTools): Editors {
  return {
    structural: async (material, { budgetTokens, seed }) => structuralSelfEdit(material, { tools, budgetTokens, recipe: structuralRecipe, seed }),
    written: (material, structural, { count, policy, seed, signal }) => writeSelfEdits(material, structural, model, { tools, count, policy, seed, ...(signal ? { signal } : {}) }),
    quiz: async (material, { policy, seed, halfOf, signal }) => (await writeQuiz(material, model, { tools, policy, seed, halfOf, ...(signal ? { signal } : {}) })).items,
    replay: (material, older, { share, newTokens, seed }) => selectReplay(older, { tree: parsedTree(material, tools), keptOut: material.keptOut, share, newTokens, seed }),
    leaks: leakCheck,
  };
}
