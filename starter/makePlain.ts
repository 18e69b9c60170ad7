// The plain-code shards: plain.bin to train on, heldOutPlain.bin to measure on. Usage: npx tsx starter/makePlain.ts WORK MODEL
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSources, repositoryOf } from './sources.ts';
import { Encoder, writeShard } from './encoder.ts';
import { Random } from './random.ts';
import { plainFile } from './templates.ts';

const [work = 'work', model = 'models/starter'] = process.argv.slice(2);
const encoder = new Encoder(model);
const random = new Random(1);
const training: number[][] = [];
const heldOut: number[][] = [];
let heldOutBytes = 0;
for (const file of await readSources(work)) {
  if (!file.isLatest) continue;
  const share = file.path.endsWith('.py') ? 0.45 : file.path.includes('examples/') ? 0.4 : 1;
  if (!file.heldOut && !random.chance(share)) continue;
  const document = encoder.encode(plainFile(repositoryOf(file.package), file));
  if (file.heldOut) {
    heldOut.push(document);
    heldOutBytes += Buffer.byteLength(file.text);
  } else training.push(document);
}
writeShard(work, 'plain', random.shuffle(training));
writeShard(work, 'heldOutPlain', heldOut);
writeFileSync(join(work, 'heldOutPlain.json'), JSON.stringify({ bytes: heldOutBytes }));
