// The manifest as it ships: what the editor and the marketplace read, without what only a working copy needs.
// Leaving out devDependencies also leaves out vsce's comparison of @types/vscode with `engines.vscode`. That comparison takes the types' version
// for the oldest editor that can run the code; here newer interfaces are used only where `typeof` says that this editor has them, so the oldest
// editor is the one that vscode-languageclient needs.

const workingCopyOnly = ['private', 'scripts', 'devDependencies', 'dependencies', 'overrides', 'bin'];

export function shippedManifest(manifest: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { node: _, ...engines } = manifest['engines'] as Record<string, string>;
  return { ...Object.fromEntries(Object.entries(manifest).filter(([key]) => !workingCopyOnly.includes(key))), engines };
}
