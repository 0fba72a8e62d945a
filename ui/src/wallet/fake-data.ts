/** Practice people and documents for the wallet in memory: all fictional, numbers from ranges kept for tests. */
import type { ClaimView } from './bindings/ClaimView';
import type { DocumentKind } from './bindings/DocumentKind';
import type { DocumentState } from './bindings/DocumentState';
import type { DocumentView } from './bindings/DocumentView';
import type { FreshView } from './bindings/FreshView';
import type { HistoryEntryView } from './bindings/HistoryEntryView';
import type { Language } from './bindings/Language';
import type { PartyView } from './bindings/PartyView';
import type { RecognitionView } from './bindings/RecognitionView';

/** A text in both languages. */
export type Both = readonly [en: string, cy: string];

export const PORTRAIT =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAGAAAAB4AgMAAABwcx9dAAAADFBMVEXk4NZbQpvJpYo+QlTxSBJgAAAA9klEQVR42u3Uuw2DMBAGYDuIhoaKJbJEGMGFvU+WSE8ZZYqMxABIzgOfbe4hkUCRIK68T3f/QWGl9tp+1d4PLPhn3fkBfsR7fqQYoec3cbtOI3ghgoYUAP1cqAEGIZukfw6xj++VoEjQ/wGo4w1K7bA6VNC/LoYDQLcYFMBZCR+iZkPFXxvTO/rICNkQwjxLFR8RQjru6RMiNgPNCy60X7o3WAJuBNeSgQCWDARAIzqBwZsALN4Uq0WbYhm0KVa+q8nBCRF5iJ6C4SPyEBGm2Vk66qd0CTQGw2endBHwUfEsEUgfzvoYNAXzJZQU7NpA/0j4Jz8ID0eYZJhY1jyrAAAAAElFTkSuQmCC';

const DAY = 86_400_000;

/** An instant so many days from now, at a time of day that looks lived in. */
export function days(from: number, hour = 9, minute = 12): string {
  const instant = new Date(Date.now() + from * DAY);
  if (from !== 0) instant.setUTCHours(hour, minute, 0, 0);
  return instant.toISOString();
}

/** An instant so many minutes from now. */
export function minutes(from: number): string {
  return new Date(Date.now() + from * 60_000).toISOString();
}

export function party(id: string, name: string, recognition: RecognitionView = 'recognised'): PartyView {
  return { id, name, recognition, host: `${id}.example` };
}

export const ISSUERS = {
  dvla: party('dvla', 'DVLA (Practice)'),
  home: party('home-office', 'Home Office (Practice)'),
  age: party('age', 'Beacon Age (Practice)'),
  nhs: party('nhs', 'NHS England (Practice)'),
  passports: party('passports', 'HM Passport Office (Practice)'),
  defence: party('defence', 'Ministry of Defence (Practice)'),
  university: party('university', 'Aber University (Practice)'),
  work: party('benefits', 'Benefits Office (Practice)'),
};

interface Detail {
  path: string[];
  label: Both;
  value: string | boolean;
  text?: Both;
  picture?: boolean;
  sensitive?: boolean;
}

const MDL = 'org.iso.18013.5.1';

export const DETAILS = {
  photo: {
    path: [MDL, 'portrait'],
    label: ['Photo', 'Llun'],
    value: PORTRAIT,
    picture: true,
    sensitive: true,
  },
  family: { path: [MDL, 'family_name'], label: ['Last name', 'Enw olaf'], value: 'Specimen-Ŵyn' },
  given: { path: [MDL, 'given_name'], label: ['Given names', 'Enwau a roddwyd'], value: 'Rhiannon Llŷr' },
  born: {
    path: [MDL, 'birth_date'],
    label: ['Date of birth', 'Dyddiad geni'],
    value: '1992-03-15',
    text: ['15 March 1992', '15 Mawrth 1992'],
  },
  over18: {
    path: [MDL, 'age_over_18'],
    label: ['18 or over', '18 oed neu’n hŷn'],
    value: true,
    text: ['Yes', 'Ydy'],
  },
  over25: {
    path: [MDL, 'age_over_25'],
    label: ['25 or over', '25 oed neu’n hŷn'],
    value: true,
    text: ['Yes', 'Ydy'],
  },
  licence: {
    path: [MDL, 'document_number'],
    label: ['Licence number', 'Rhif trwydded'],
    value: 'DOE99802085J99FG',
  },
  address: {
    path: [MDL, 'resident_address'],
    label: ['Address', 'Cyfeiriad'],
    value: '1 Stryd y Castell, Caerdydd',
  },
  postcode: { path: [MDL, 'resident_postal_code'], label: ['Postcode', 'Cod post'], value: 'XX1 3XX' },
  vehicles: {
    path: [MDL, 'driving_privileges'],
    label: ['Can drive', 'Yn gallu gyrru'],
    value: 'B, BE, AM',
    text: ['B, BE, AM', 'B, BE, AM'],
  },
  nhs: {
    path: ['nhs_number'],
    label: ['NHS number', 'Rhif GIG'],
    value: '9990000018',
    text: ['999 000 0018', '999 000 0018'],
    sensitive: true,
  },
  surgery: {
    path: ['gp_practice_name'],
    label: ['GP surgery', 'Meddygfa'],
    value: 'Meddygfa Heulwen',
    sensitive: true,
  },
  work: {
    path: ['work_permitted'],
    label: ['Right to work', 'Hawl i weithio'],
    value: 'unrestricted',
    text: ['Any work', 'Unrhyw waith'],
    sensitive: true,
  },
  nationality: {
    path: ['nationality'],
    label: ['Nationality', 'Cenedligrwydd'],
    value: 'GBR',
    text: ['British', 'Prydeinig'],
  },
  phone: { path: ['phone_number'], label: ['Mobile number', 'Rhif ffôn symudol'], value: '07700 900982' },
  place: { path: ['birth_place'], label: ['Place of birth', 'Man geni'], value: 'Caerdydd' },
  service: {
    path: ['service_branch'],
    label: ['Served in', 'Gwasanaethodd yn'],
    value: 'Royal Navy',
    text: ['Royal Navy', 'Y Llynges Frenhinol'],
  },
  course: { path: ['course'], label: ['Course', 'Cwrs'], value: 'History', text: ['History', 'Hanes'] },
  support: {
    path: ['entitled'],
    label: ['Gets support', 'Yn cael cymorth'],
    value: true,
    text: ['Yes', 'Ydy'],
    sensitive: true,
  },
} satisfies Record<string, Detail>;

export type DetailName = keyof typeof DETAILS;

export function claim(name: DetailName, language: Language): ClaimView {
  const detail: Detail = DETAILS[name];
  const at = language === 'cy' ? 1 : 0;
  return {
    path: [...detail.path],
    label: detail.label[at],
    value: detail.value,
    text: detail.picture ? '' : (detail.text?.[at] ?? String(detail.value)),
    picture: detail.picture ?? false,
    sensitive: detail.sensitive ?? false,
    unnamed: false,
    table: null,
  };
}

export function label(name: DetailName, language: Language): string {
  return DETAILS[name].label[language === 'cy' ? 1 : 0];
}

/** A document as the fake keeps it: made into a view in the language asked for. */
export interface Held {
  id: string;
  kind: DocumentKind;
  name: Both;
  issuer: PartyView;
  state: DocumentState;
  from?: string;
  until?: string;
  checked?: string;
  daysLeft?: number;
  left: number;
  copies: number;
  details: DetailName[];
  type: string;
  format: string;
}

function held(
  id: string,
  kind: DocumentKind,
  name: Both,
  issuer: PartyView,
  details: DetailName[],
  more: Partial<Held> = {},
): Held {
  return {
    id,
    kind,
    name,
    issuer,
    details,
    state: 'valid',
    until: days(2600),
    checked: minutes(-95),
    left: 18,
    copies: 20,
    type: `uk.gov.sandbox.${kind}.1`,
    format: 'mso_mdoc',
    ...more,
  };
}

export const HELD: readonly Held[] = [
  held(
    'licence',
    'driving-licence',
    ['Driving licence', 'Trwydded yrru'],
    ISSUERS.dvla,
    ['photo', 'family', 'given', 'born', 'over18', 'over25', 'licence', 'address', 'postcode', 'vehicles'],
    { type: 'org.iso.18013.5.1.mDL', left: 3 },
  ),
  held(
    'work',
    'immigration-status',
    ['Right to work', 'Hawl i weithio'],
    ISSUERS.home,
    ['photo', 'family', 'given', 'born', 'nationality', 'work'],
    { state: 'ending', until: days(41), daysLeft: 41 },
  ),
  held('age', 'proof-of-age', ['Proof of age', 'Prawf oedran'], ISSUERS.age, ['over18', 'over25', 'photo'], {
    until: days(200),
  }),
  held(
    'nhs',
    'health',
    ['NHS details', 'Manylion y GIG'],
    ISSUERS.nhs,
    ['nhs', 'family', 'given', 'born', 'surgery'],
    {
      until: days(800),
      format: 'dc+sd-jwt',
    },
  ),
  held(
    'passport',
    'passport',
    ['Passport', 'Pasbort'],
    ISSUERS.passports,
    ['photo', 'family', 'given', 'born', 'nationality', 'place'],
    { state: 'not-checked', checked: days(-3) },
  ),
  held(
    'veteran',
    'veteran',
    ['Veteran Card', 'Cerdyn Cyn-filwr'],
    ISSUERS.defence,
    ['family', 'given', 'service'],
    {
      state: 'revoked',
    },
  ),
];

/** Every state a document can be in, for the pictures and the tests. */
export const ALL_STATES: readonly Held[] = [
  ...HELD,
  held('student', 'student', ['Student', 'Myfyriwr'], ISSUERS.university, ['given', 'course'], {
    state: 'starts-later',
    from: days(24),
  }),
  held('benefits', 'benefits', ['Benefits', 'Budd-daliadau'], ISSUERS.work, ['support'], {
    state: 'suspended',
  }),
  held('library', 'other', ['Library ticket', 'Tocyn llyfrgell'], ISSUERS.university, ['given'], {
    state: 'broken',
  }),
  held(
    'old',
    'driving-licence',
    ['Driving licence', 'Trwydded yrru'],
    ISSUERS.dvla,
    ['family', 'given', 'licence'],
    {
      state: 'ended',
      until: days(-120),
    },
  ),
];

export const SERVICES = {
  pharmacy: party('larkfield', 'Larkfield Online Pharmacy'),
  shop: party('corner-shop', 'Corner Shop, Leith Walk'),
  harbour: party('harbour', 'Harbour Recruitment'),
  gym: party('gym', 'Heddfan Fitness', 'added-by-you'),
  loans: party('quickcash', 'Quickcash Loans', 'not-listed'),
  fraud: party('1arkfield', 'Larkfield Pharmacy', 'withdrawn'),
};

function freshOf(document: Held): FreshView {
  const ended = document.id === 'work';
  return {
    kept: !ended && document.copies > 1,
    ended,
    page: null,
    fetched_at: days(-11, 11, 2),
    waiting: false,
  };
}

export function viewOf(document: Held, language: Language, shared: HistoryEntryView[]): DocumentView {
  return {
    id: document.id,
    type: document.type,
    kind: document.kind,
    name: document.name[language === 'cy' ? 1 : 0],
    issuer: document.issuer,
    format: document.format,
    status: document.state,
    status_detail: {
      state: document.state,
      checked_at: document.checked ?? null,
      days_left: document.daysLeft ?? null,
    },
    valid_from: document.from ?? null,
    valid_until: document.until ?? null,
    copies_left: document.left,
    copies: document.copies,
    linkable: false,
    practice: true,
    notes: [],
    claims: document.details.map((name) => claim(name, language)),
    added_at: days(-11, 11, 2),
    shared,
    signed_by: `CN=${document.issuer.name}`,
    fresh: freshOf(document),
  };
}
