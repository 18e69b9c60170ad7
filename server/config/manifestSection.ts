// The settings as VS Code's manifest declares them: `contributes.configuration`, made from the schema alone.
import { z } from 'zod';
import { settingsSchema } from './settings.ts';

export interface ManifestSection {
  readonly title: string;
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function manifestSection(): ManifestSection {
  return {
    title: 'Graft',
    properties: Object.fromEntries(properties(settingsSchema, 'graft').map(([name, { restricted: _, ...property }], order) => [name, { ...property, order }])),
  };
}

/** Settings that a folder which is not trusted may not set: `capabilities.untrustedWorkspaces.restrictedConfigurations`. */
export function restrictedSettings(): string[] {
  return properties(settingsSchema, 'graft').flatMap(([name, { restricted }]) => (restricted === true ? [name] : []));
}

function properties(schema: z.ZodObject, path: string): [string, Record<string, unknown>][] {
  return Object.entries(schema.shape).flatMap(([key, field]) => {
    const name = `${path}.${key}`;
    return field instanceof z.ZodObject ? properties(field, name) : [[name, property(field as z.ZodType)]];
  });
}

function property(field: z.ZodType): Record<string, unknown> {
  const { $schema: _, description, default: initial, ...shape } = z.toJSONSchema(field, { io: 'input' });
  return { ...plain(shape), default: initial, markdownDescription: description };
}

/** The settings editor reads `type: [number, null]`, not `anyOf`. */
function plain({ anyOf, ...shape }: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(anyOf)) return shape;
  const parts: readonly Record<string, unknown>[] = anyOf;
  return { ...shape, ...Object.assign({}, ...parts), type: parts.map(({ type }) => type) };
}
