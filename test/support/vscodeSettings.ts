// The part of `vscode` that reads and writes settings, for `vi.mock('vscode', …)`: values per scope, and what was written where.
export class VscodeSettings {
  readonly written: { readonly name: string; readonly value: unknown; readonly scope: 'global' | 'workspace' }[] = [];
  global: Record<string, unknown> = {};
  workspace: Record<string, unknown> = {};

  /** As `workspace.getConfiguration('graft')`. */
  readonly section = {
    get: (name: string, otherwise: unknown): unknown => this.workspace[name] ?? this.global[name] ?? otherwise,
    inspect: (name: string): object => ({ key: name, globalValue: this.global[name], workspaceValue: this.workspace[name] }),
    update: async (name: string, value: unknown, scope: 'global' | 'workspace'): Promise<void> => {
      this.written.push({ name, value, scope });
      this[scope][name] = value;
    },
  };
}
