// From what an editor sends (anything) to settings that hold: a value that does not fit is replaced by its default and named.
import { z } from 'zod';
import { settingsSchema, type Settings } from './settings.ts';

export interface ReadSettings {
  readonly settings: Settings;
  /** One sentence per value that was not taken. */
  readonly problems: readonly string[];
}

/** `section` is the value of the section `graft`, nested or missing in parts. */
export function readSettings(section: unknown): ReadSettings {
  const problems: string[] = [];
  const settings = readObject(settingsSchema, section, 'graft', problems);
  return { settings: settingsSchema.parse(settings), problems };
}

function readObject(schema: z.ZodObject, value: unknown, path: string, problems: string[]): Record<string, unknown> {
  const given: Readonly<Record<string, unknown>> = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  return Object.fromEntries(
    Object.entries(schema.shape).map(([key, field]) => {
      const name = `${path}.${key}`;
      if (field instanceof z.ZodObject) return [key, readObject(field, given[key], name, problems)];
      const parsed = z.safeParse(field, given[key] ?? undefined);
      if (parsed.success) return [key, parsed.data];
      problems.push(`The setting ${name} was not understood and its default is used: ${parsed.error.issues[0]?.message ?? 'wrong value'}.`);
      return [key, z.parse(field, undefined)];
    }),
  );
}
