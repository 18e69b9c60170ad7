// The recipe of what the model did not write itself: candidate 0 and the sleep cycle. Model-written candidates choose their own.
import type { Recipe } from '../base/prompt.ts';
import { defaultRecipe } from '../selfEdit/recipe.ts';
import { learning } from './constants.ts';

export const structuralRecipe: Recipe = { ...defaultRecipe, loss: learning.loss, learningRate: learning.learningRate, epochs: learning.epochs, rank: learning.rank };
