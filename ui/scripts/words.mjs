// Writes src/words/ids.ts: the union of message ids of en.ftl, so that a mistyped id is a type error.
// `npm run words`; a test fails when the file is not up to date.
import { readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../src/words/', import.meta.url);
const ids = [...readFileSync(new URL('en.ftl', folder), 'utf8').matchAll(/^([a-z][a-z0-9-]*) *=/gm)].map(
  (match) => match[1],
);
const lines = ids.map((id) => `  | '${id}'`).join('\n');
writeFileSync(
  new URL('ids.ts', folder),
  `// Written by scripts/words.mjs from en.ftl. Do not edit.\n\n/** The id of a message in \`en.ftl\` and \`cy.ftl\`. */\nexport type WordId =\n${lines};\n`,
);
