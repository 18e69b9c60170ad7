// What may be learnt. Every refusal has a reason; null means that nothing speaks against it.
import { refuseContent } from './content.ts';
import type { FilterFile } from './filterFile.ts';
import type { IgnoreFile } from './ignoreRules.ts';
import { ignoreRules } from './ignoreRules.ts';
import { refuseByName } from './names.ts';
import type { Refusal } from './refusal.ts';
import { findSecret } from './secrets.ts';

export type { FilterFile } from './filterFile.ts';

export interface FilterOptions {
  /** Whether there is a grammar for a path (`Syntax.supports`). */
  readonly supports: (path: string) => boolean;
  /** All .gitignore, .graftignore and .gitattributes files of the tree. */
  readonly ignoreFiles: readonly IgnoreFile[];
  readonly authors: AuthorPolicy;
  /** Texts longer than this many characters are `tooLarge`. Default 400,000. */
  readonly textLimit?: number;
}

/**
 * Whose commits may teach and run tests. Names can be forged, so others' work is approved commit by commit;
 * `emails` is for the user's own commits.
 */
export type AuthorPolicy =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'approved'; readonly emails: readonly string[]; readonly commits: ReadonlySet<string> };

export interface Filters {
  /** The cheap half: by path alone, before anything is read. */
  refusePath(path: string): Refusal | null;
  /** Path, content and secrets. */
  refuseFile(file: FilterFile): Promise<Refusal | null>;
  /** A text that a pair would teach or a prompt would show (a model can write a secret that no file holds any more). */
  refuseText(path: string, text: string): Promise<Refusal | null>;
  refuseAuthor(commit: { readonly id: string; readonly authorEmail: string }): Refusal | null;
}

export function createFilters(options: FilterOptions): Filters {
  const ignored = ignoreRules(options.ignoreFiles);
  const approvedEmails = new Set(options.authors.kind === 'approved' ? options.authors.emails.map((email) => email.toLowerCase()) : []);

  const refusePath = (path: string): Refusal | null => {
    const refusal = refuseByName(path) ?? ignored(path);
    if (refusal !== null) return refusal;
    return options.supports(path) ? null : { reason: 'unsupportedLanguage', detail: `no grammar for ${extensionOf(path)}` };
  };
  return {
    refusePath,
    async refuseFile({ path, content }) {
      const refusal = refusePath(path) ?? refuseContent(content, options.textLimit ?? 400_000);
      if (refusal !== null || content.kind !== 'text') return refusal;
      return findSecret(path, content.text);
    },
    refuseText: (path, text) => findSecret(path, text),
    refuseAuthor({ id, authorEmail }) {
      const { authors } = options;
      if (authors.kind === 'everyone' || authors.commits.has(id) || approvedEmails.has(authorEmail.toLowerCase())) return null;
      return { reason: 'authorNotApproved', detail: `${authorEmail} is not approved` };
    },
  };
}

function extensionOf(path: string): string {
  return /\.[^./]+$/.exec(path)?.[0] ?? 'files without an extension';
}
