/** Both languages say everything, in every form, and nothing that no screen asks for. */
import { readdirSync, readFileSync } from 'node:fs';
import { FluentResource } from '@fluent/bundle';
import { describe, expect, it } from 'vitest';
import cy from './cy.ftl?raw';
import en from './en.ftl?raw';

type Message = FluentResource['body'][number];

const SOURCES = new URL('../', import.meta.url);
const SIX = ['few', 'many', 'one', 'other', 'two', 'zero'];
/** Words of the trade that no screen may use. */
const TRADE =
  /\b(credential|verifier|attribute|relying party|presentation|selective disclosure|wallet unit)s?\b/i;

function messages(source: string): Map<string, Message> {
  return new Map(new FluentResource(source).body.map((message) => [message.id, message]));
}

function selects(pattern: unknown): { keys: string[]; argument: string }[] {
  if (!Array.isArray(pattern)) return [];
  return pattern.flatMap((part: unknown) => {
    if (typeof part !== 'object' || part === null || !('type' in part) || part.type !== 'select') return [];
    const { variants, selector } = part as unknown as {
      variants: { key: { name?: string; value?: string | number } }[];
      selector: { name: string };
    };
    return [{ keys: variants.map(({ key }) => String(key.value ?? key.name)), argument: selector.name }];
  });
}

function argumentsOf(pattern: unknown): string[] {
  const found = new Set<string>();
  (function walk(node: unknown): void {
    if (typeof node !== 'object' || node === null) return;
    if ('type' in node && node.type === 'var' && 'name' in node) found.add(String(node.name));
    for (const inner of Object.values(node)) walk(inner);
  })(pattern);
  return [...found].sort();
}

function sources(folder: URL = SOURCES): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      if (entry.isDirectory()) return sources(new URL(`${entry.name}/`, folder));
      const screen = /\.(svelte|ts)$/.test(entry.name) && !/^(ids\.ts|fake.*|.*\.test\.ts)$/.test(entry.name);
      return screen ? readFileSync(new URL(entry.name, folder), 'utf8') : '';
    })
    .join('\n');
}

const english = messages(en);
const welsh = messages(cy);

describe('words', () => {
  it('have the same messages in both languages, none empty', () => {
    expect([...welsh.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [id, message] of [...english, ...welsh]) expect(message.value, id).toBeTruthy();
  });

  it('were read whole: no message was dropped for a mistake in it', () => {
    for (const [source, read] of [
      [en, english],
      [cy, welsh],
    ] as const) {
      expect(source.match(/^[a-z][a-z0-9-]* *=/gm)?.length).toBe(read.size);
    }
  });

  it('take the same arguments in both languages', () => {
    for (const [id, message] of english) {
      const inEnglish = argumentsOf(message.value);
      const inWelsh = argumentsOf(welsh.get(id)?.value);
      expect(inWelsh, id).toEqual(inEnglish);
    }
  });

  it('have all six Welsh plural forms wherever a number chooses', () => {
    const choosing = [...welsh].flatMap(([id, message]) =>
      selects(message.value).map((one) => ({ id, ...one })),
    );
    expect(choosing.length).toBeGreaterThan(15);
    for (const { id, keys } of choosing) expect(keys.sort(), id).toEqual(SIX);
  });

  it('choose by number in Welsh wherever they do in English', () => {
    for (const [id, message] of english) {
      expect(selects(welsh.get(id)?.value).length, id).toBe(selects(message.value).length);
    }
  });

  it('are all used, and none is missing', () => {
    const used = sources();
    const unused = [...english.keys()].filter((id) => !used.includes(`'${id}'`) && !used.includes(`"${id}"`));
    expect(unused).toEqual([]);
  });

  it('have their ids in ids.ts', () => {
    const listed = readFileSync(new URL('words/ids.ts', SOURCES), 'utf8').match(/(?<=\| ')[^']+/g);
    expect(listed).toEqual([...english.keys()]);
  });

  it('are plain: no word of the trade, sentences of at most 20 words', () => {
    for (const line of en.split('\n').filter((one) => !one.startsWith('#'))) {
      // A link’s own first letters are shown as they are.
      expect(line.replace('openid-credential-offer://', '')).not.toMatch(TRADE);
      const text = line.replace(/^\s*(\[\w+\]|\*\[\w+\]|[a-z0-9-]+ =)/, '').replaceAll(/\{[^}]*\}/g, 'X');
      for (const sentence of text.split(/[.?!:] /)) {
        expect(sentence.split(/\s+/).filter(Boolean).length, sentence).toBeLessThanOrEqual(20);
      }
    }
  });
});
