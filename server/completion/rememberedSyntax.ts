// The syntax that prompts ask for, remembered by text: between two keys only the file that is edited has changed, and parsing what it imports
// again would take longer than the model does.
import type { Declaration } from '../syntax/declaration.ts';
import type { Import } from '../syntax/imports.ts';
import type { PromptTools } from '../syntax/promptContext.ts';

const rememberedFiles = 64;

export function rememberedSyntax(syntax: PromptTools['syntax']): PromptTools['syntax'] {
  return {
    imports: remembered<Import[]>((path, text) => syntax.imports(path, text)),
    declarations: remembered<Declaration[]>((path, text) => syntax.declarations(path, text)),
  };
}

function remembered<Result>(read: (path: string, text: string) => Result): (path: string, text: string) => Result {
  const known = new Map<string, { readonly text: string; readonly result: Result }>();
  return (path, text) => {
    const old = known.get(path);
    const entry = old?.text === text ? old : { text, result: read(path, text) };
    known.delete(path);
    known.set(path, entry);
    for (const oldest of known.keys()) {
      if (known.size <= rememberedFiles) break;
      known.delete(oldest);
    }
    return entry.result;
  };
}
