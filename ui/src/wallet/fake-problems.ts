/** The problems the wallet in memory can have, in both languages. The real ones are spoken by the core. */
import type { Language } from './bindings/Language';
import type { Problem } from './bindings/Problem';
import type { ProblemCode } from './bindings/ProblemCode';

type Words = readonly [title: string, happened: string, todo: string];

const WORDS: Partial<Record<ProblemCode, { en: Words; cy: Words }>> = {
  'link-not-understood': {
    en: [
      'This is not a wallet link',
      'The wallet cannot read this link or picture.',
      'Copy the whole link again, or ask them for a new one.',
    ],
    cy: [
      'Nid dolen waled yw hon',
      'Ni all y waled ddarllen y ddolen na’r llun hwn.',
      'Copïwch y ddolen gyfan eto, neu gofynnwch iddynt am un newydd.',
    ],
  },
  'link-expired': {
    en: ['This request ended', 'It was open for a short time only.', 'Ask them for a new one.'],
    cy: [
      'Mae’r cais hwn wedi dod i ben',
      'Dim ond am amser byr yr oedd ar agor.',
      'Gofynnwch iddynt am un newydd.',
    ],
  },
  'already-answered': {
    en: [
      'You answered this before',
      'A request can be answered once.',
      'Look in your history to see what you said.',
    ],
    cy: [
      'Rydych wedi ateb hwn o’r blaen',
      'Gellir ateb cais unwaith.',
      'Edrychwch yn eich hanes i weld beth ddywedoch chi.',
    ],
  },
  'issuer-refused': {
    en: ['They did not give you the document', 'The organisation said no.', 'Ask them why.'],
    cy: ['Ni roddwyd y ddogfen i chi', 'Dywedodd y sefydliad na.', 'Gofynnwch iddynt pam.'],
  },
  'status-unknown': {
    en: [
      'We could not check',
      'The organisation’s list did not answer.',
      'Try again later. You can still use the document.',
    ],
    cy: [
      'Ni allem wirio',
      'Ni atebodd rhestr y sefydliad.',
      'Rhowch gynnig arall yn nes ymlaen. Gallwch ddefnyddio’r ddogfen o hyd.',
    ],
  },
  'store-damaged': {
    en: [
      'Your documents cannot be read',
      'The file on this device is damaged.',
      'Close the wallet and try again. Do not delete anything.',
    ],
    cy: [
      'Ni ellir darllen eich dogfennau',
      'Mae’r ffeil ar y ddyfais hon wedi’i difrodi.',
      'Caewch y waled a rhowch gynnig arall. Peidiwch â dileu dim.',
    ],
  },
  'keystore-locked': {
    en: [
      'Your computer’s key store is locked',
      'The wallet cannot read its key.',
      'Unlock the key store, then try again.',
    ],
    cy: [
      'Mae storfa allweddi eich cyfrifiadur ar glo',
      'Ni all y waled ddarllen ei hallwedd.',
      'Datglowch y storfa, yna rhowch gynnig arall.',
    ],
  },
};

export function problemFor(code: ProblemCode, language: Language): Problem {
  const words = WORDS[code]?.[language] ?? ([code, code, code] as const);
  return {
    code,
    title: words[0],
    happened: words[1],
    do: words[2],
    data_left: 'no',
    tries_left: null,
    retry_at: null,
    support: `practice: ${code}`,
    history: null,
  };
}
