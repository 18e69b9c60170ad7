// Checks that MODEL's tokenizer is lossless on the held-out sources, keeps specials apart, and counts bytes per token.
// Usage: npx tsx starter/checkTokenizer.ts WORK MODEL
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { readSources } from './sources.ts';
import { specialTokens } from './templates.ts';

const [work = 'work', model = 'models/starter'] = process.argv.slice(2);
const json = JSON.parse(readFileSync(join(model, 'tokenizer.json'), 'utf8'));
const config = JSON.parse(readFileSync(join(model, 'tokenizer_config.json'), 'utf8'));
const withSpecials = new Tokenizer(json, config);
const forText = new Tokenizer({ ...json, added_tokens: [] }, { ...config, added_tokens_decoder: {}, additional_special_tokens: [] });
const decode = (ids: number[]): string => withSpecials.decode(ids, { skip_special_tokens: false, clean_up_tokenization_spaces: false });
let bytes = 0;
let tokens = 0;
const failures: string[] = [];
const texts = (await readSources(work)).filter((file) => file.heldOut).map((file) => file.text);
texts.push(' a .  b ,c\t\n\n  d\r\n', 'héllo wörld — ﬁ é ñ 日本語 🎉👩‍👩‍👧', '  \n\n\n   x', "it's we'll 12345 $a_b #c", specialTokens.join(' '));
for (const text of texts) {
  const { ids } = forText.encode(text, { add_special_tokens: false });
  if (decode(ids) !== text) failures.push(text.slice(0, 60));
  bytes += Buffer.byteLength(text);
  tokens += ids.length;
}
specialTokens.forEach((token, index) => {
  const { ids } = withSpecials.encode(token, { add_special_tokens: false });
  if (ids.length !== 1 || ids[0] !== 8192 - specialTokens.length + index) failures.push(token);
});
console.log(`${texts.length} texts, ${failures.length} not lossless ${JSON.stringify(failures)}, ${(bytes / tokens).toFixed(2)} bytes per token`);
process.exit(failures.length === 0 ? 0 : 1);
