// Tokenises what evaluate.py and eval_self_edit.py measure on: prompts from held-out packages. Run after makeFim and makeSelfEdits.
// Usage: npx tsx starter/makeEvaluation.ts WORK MODEL
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Encoder } from './encoder.ts';
import { type Change, fillInTheMiddle, selfEdit, type Snippet } from './templates.ts';

const recipe = 'learningRate=5e-4 epochs=4 loss=answers replay=0.15 rank=16 mix=fim:4,question:1,usage:1 augment=none';
const [work = 'work', model = 'models/starter'] = process.argv.slice(2);
const encoder = new Encoder(model);
const read = <T>(name: string): T[] => readFileSync(join(work, name), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as T);

const lines = read<{ repository: string; context: Snippet[]; path: string; prefix: string; suffix: string; middle: string }>('heldOutFim.jsonl').map((item) => {
  const prompt = (context: Snippet[]): number[] => encoder.encode(fillInTheMiddle({ ...item, context, middle: '' })).slice(0, -1);
  return JSON.stringify({ withContext: prompt(item.context), withoutContext: prompt([]), middle: item.middle });
});
writeFileSync(join(work, 'evaluationFim.jsonl'), `${lines.join('\n')}\n`);
const edits = read<Change>('heldOutEdits.jsonl').filter((change) => change.after !== '').map((change) => JSON.stringify({ prompt: encoder.encode(selfEdit(change, recipe, [])).slice(0, -1), change }));
writeFileSync(join(work, 'evaluationEdits.jsonl'), `${edits.slice(0, 400).join('\n')}\n`);
