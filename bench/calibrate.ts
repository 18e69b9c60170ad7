// Fits the confidence of completions and its thresholds on packages that the starter model never read and that `keystroke` does not measure, and
// writes server/completion/calibration.json. To be run again when the starter model, the prompt's shape or the candidates change.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Random } from '../server/base/random.ts';
import { candidatesOf } from '../server/completion/candidates.ts';
import { askForMaterial } from '../server/completion/askModel.ts';
import { sureCandidates } from '../server/completion/chooseCandidate.ts';
import type { Calibration, MinimumConfidence } from '../server/completion/confidence.ts';
import type { CompletionDocument } from '../server/completion/completionRequest.ts';
import { postFilter } from '../server/completion/filters/postFilters.ts';
import { OpenCode } from '../server/completion/openCode.ts';
import { PromptMaker } from '../server/completion/promptMaker.ts';
import { draftFromRepetition } from '../server/completion/repeatedCode.ts';
import { nodeFiles } from '../server/host/nodeFiles.ts';
import { installationAt, userCacheFolder } from '../server/installation.ts';
import type { LanguageModel } from '../server/languageModel/languageModel.ts';
import { openModel } from '../server/openModel.ts';
import { loadSyntax } from '../server/syntax/loadSyntax.ts';
import type { Syntax } from '../server/syntax/syntax.ts';
import { fitCurves, type MeasuredPlace } from './fitCalibration.ts';
import { shownFigures, type ShownFigures } from './shownFigures.ts';
import { keystrokesOf, sampledKeystrokes, typingSessions } from './typingSession.ts';
import { unseenPackages, type UnseenPackage } from './unseenPackages.ts';

/** In the corpus' order; `keystroke` measures the others. */
export const calibrationPackages = ['reselect', 'commander', 'immer'];
const sessionsPerPackage = 60;
const placesShare = 0.25;
/** The bars, and what is asked of the calibration so that other packages may fall short of it. */
const bars = { coverage: 0.2, precision: 0.35, margin: 0.05 };
/** Nats; the curves must also see texts that the service would have given up. */
const leastLogProbability = -6;

interface CalibrationPlace extends MeasuredPlace {
  readonly prefix: string;
  readonly suffix: string;
}

export async function calibrate({ seed = 1 }: { readonly seed?: number } = {}) {
  const root = process.env['GRAFT_TEST_ROOT'] ?? fileURLToPath(new URL('..', import.meta.url));
  const installation = installationAt(root);
  const syntax = await loadSyntax(nodeFiles, installation.syntax);
  const opened = await openModel({ installation, cacheFolder: userCacheFolder(), workingFolder: process.cwd() });
  try {
    const places: CalibrationPlace[] = [];
    const packages = await unseenPackages(fileURLToPath(new URL('../starter/corpus.json', import.meta.url)));
    for (const unseen of packages.filter(({ name }) => calibrationPackages.includes(name))) places.push(...(await placesIn(unseen, { model: opened.model, syntax, random: new Random(seed).fork(unseen.name) })));
    const curves = fitCurves(places);
    const { minimumConfidence, figures } = chooseThresholds(places, curves);
    const calibration = { model: opened.model.info.hash, packages: calibrationPackages, minimumConfidence, curves };
    writeFileSync(fileURLToPath(new URL('../server/completion/calibration.json', import.meta.url)), `${JSON.stringify(calibration, null, 2)}\n`);
    return { figures: { ...figures, lineConfidence: minimumConfidence.line, partConfidence: minimumConfidence.part }, details: calibration };
  } finally {
    opened.dispose();
    syntax.dispose();
  }
}

async function placesIn(unseen: UnseenPackage, { model, syntax, random }: { readonly model: LanguageModel; readonly syntax: Syntax; readonly random: Random }): Promise<CalibrationPlace[]> {
  const places: CalibrationPlace[] = [];
  const prompts = new PromptMaker(syntax);
  const open = new OpenCode();
  for (const [turn, session] of typingSessions(unseen.files, sessionsPerPackage, random).entries()) {
    const { path } = session;
    for (const { text, offset, restOfLine } of sampledKeystrokes(keystrokesOf(session), placesShare, random)) {
      const document: CompletionDocument = { uri: path, path, repository: unseen.name, folder: unseen.name, text, version: 1, languageId: '' };
      const prefix = text.slice(0, offset);
      const suffix = text.slice(offset);
      const position = { prefix, suffix, selectedText: '', range: { start: offset, end: offset }, documentOffset: offset };
      open.edited(document, turn * 10_000);
      const draft = draftFromRepetition({ before: prefix, after: suffix, others: open.besides(document) });
      const prompt = prompts.make({ document, position, textOf: (other) => unseen.files.get(other), servedBy: '', countTokens: (plain) => model.countTokens(plain) });
      const material = await askForMaterial(model, { prompt, draft, adapter: null, multiline: false, signal: new AbortController().signal }, leastLogProbability);
      places.push({ ...material, restOfLine, weight: 1, prefix, suffix });
    }
    open.edited({ uri: path, path, repository: unseen.name, folder: unseen.name, text: unseen.files.get(path) ?? '', version: 1, languageId: '' }, turn * 10_000 + 5000);
  }
  return places;
}

/** Of the thresholds that meet the bars with a margin, those with which most is typed; where none do, those that come nearest. */
function chooseThresholds(places: readonly CalibrationPlace[], curves: Calibration['curves']): { minimumConfidence: MinimumConfidence; figures: ShownFigures } {
  const tried = lineConfidences.flatMap((line) => partConfidences.map((part) => ({ minimumConfidence: { line, part }, figures: figuresWith(places, { minimumConfidence: { line, part }, curves }) })));
  const wanted = bars.precision + bars.margin;
  const good = tried.filter(({ figures }) => figures.coverage >= bars.coverage && figures.shownPrecision >= wanted);
  if (good.length > 0) return good.reduce((best, each) => (each.figures.rightCharacters > best.figures.rightCharacters ? each : best));
  const shortfall = ({ coverage, shownPrecision }: ShownFigures): number => Math.max(0, 1 - coverage / bars.coverage) + Math.max(0, 1 - shownPrecision / wanted);
  return tried.reduce((best, each) => (shortfall(each.figures) < shortfall(best.figures) ? each : best));
}

const lineConfidences = [0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5];
const partConfidences = [0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9];

function figuresWith(places: readonly CalibrationPlace[], calibration: Calibration): ShownFigures {
  return shownFigures(
    places.map((place) => {
      for (const { candidate } of sureCandidates(candidatesOf(place), calibration.minimumConfidence, calibration)) {
        const filtered = postFilter(candidate.text, place);
        if ('text' in filtered) return { ...place, shown: filtered.text.split('\n', 1)[0] ?? '' };
      }
      return { ...place, shown: null };
    }),
  );
}
