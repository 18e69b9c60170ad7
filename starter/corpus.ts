// The shapes of corpus.json and of the lines of files.jsonl.
export interface NpmPackage {
  name: string;
  licence: string;
  sources: string[];
  versions: { version: string; integrity: string }[];
}
export interface Corpus {
  npm: NpmPackage[];
  heldOut: NpmPackage[];
  debian: { name: string; licence: string; version: string }[];
  pythonLibrary: { name: string; licence: string; folder: string; version: string };
}
export interface SourceFile {
  package: string;
  version: string;
  isLatest: boolean;
  heldOut: boolean;
  path: string;
  text: string;
}
