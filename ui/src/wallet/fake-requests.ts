/** Requests for the wallet in memory: one for each state a requester can be in (experience 2.3). */
import type { AskView } from './bindings/AskView';
import type { CandidateView } from './bindings/CandidateView';
import type { Language } from './bindings/Language';
import type { RequestView } from './bindings/RequestView';
import type { ServiceView } from './bindings/ServiceView';
import type { SetView } from './bindings/SetView';
import type { WarningView } from './bindings/WarningView';
import { type Both, claim, type DetailName, type Held, label, minutes, SERVICES } from './fake-data';
import type { PartyView } from './bindings/PartyView';

export type RequestName =
  | 'any'
  | 'needless'
  | 'together'
  | 'details'
  | 'several'
  | 'a'
  | 'b'
  | 'c'
  | 'd'
  | 'e'
  | 'yours'
  | 'choose'
  | 'none'
  | 'unsure'
  | 'fails'
  | 'many'
  | 'origin'
  | 'pay'
  | 'vouched';

export const REQUESTS: readonly RequestName[] = [
  'any',
  'needless',
  'together',
  'details',
  'several',
  'a',
  'b',
  'c',
  'd',
  'e',
  'yours',
  'choose',
  'none',
  'unsure',
  'fails',
  'many',
  'origin',
  'pay',
  'vouched',
];

export function requestOf(name: RequestName, held: readonly Held[], language: Language): RequestView {
  const request = asked(name, held, language);
  return request.sets.length > 0 ? request : { ...request, sets: setsOf(request.asks) };
}

/** Every part that is not optional must be answered; each that is may be left out by itself. */
function setsOf(asks: readonly AskView[]): SetView[] {
  const set = (required: boolean, parts: readonly AskView[]): SetView => ({
    required,
    options: [
      {
        queries: parts.map(({ query }) => query),
        details: parts.reduce((sum, { candidates }) => sum + (candidates[0]?.claims.length ?? 0), 0),
        shares_least: false,
      },
    ],
  });
  const optional = asks.filter((one) => one.optional);
  return [
    set(
      true,
      asks.filter((one) => !one.optional),
    ),
    ...optional.map((one) => set(false, [one])),
  ];
}

function asked(name: RequestName, held: readonly Held[], language: Language): RequestView {
  const at = language === 'cy' ? 1 : 0;
  const say = (words: Both) => words[at];

  function candidate(document: string, details: DetailName[], name?: Both, other?: string): CandidateView {
    const found = held.find((one) => one.id === document) ?? held[0];
    const claims = details.map((detail) => claim(detail, language));
    const [first] = claims;
    if (other && first) claims[0] = { ...first, value: other, text: other };
    return {
      document,
      claim_set: null,
      kind: found?.kind ?? 'other',
      name: say(name ?? found?.name ?? ['Document', 'Dogfen']),
      claims,
      not_shared: [],
      status: { state: 'valid', checked_at: minutes(-95), days_left: null },
      linkable: false,
      notes: [],
    };
  }

  function ask(
    query: string,
    candidates: CandidateView[],
    why: Both | null = null,
    optional = false,
  ): AskView {
    return {
      query,
      optional,
      why: why && say(why),
      multiple: false,
      caution: null,
      closed: false,
      candidates,
    };
  }

  function service(asker: PartyView, more: Partial<ServiceView> = {}): ServiceView {
    return {
      ...asker,
      legal_name: `${asker.name} Limited`,
      intermediary: null,
      vouched_by: null,
      registered_purposes: [
        say(['Check age', 'Gwirio oedran']),
        say(['Supply medicine', 'Cyflenwi meddyginiaeth']),
      ],
      registered_until: '2027-06-30T22:59:59Z',
      shared_before: 2,
      ...more,
    };
  }

  const nothingElse = [say(['Your other documents', 'Eich dogfennau eraill'])];
  const base: RequestView = {
    id: `request-${name}`,
    digest: 'a'.repeat(64),
    service: service(SERVICES.pharmacy),
    asks: [
      ask('age', [candidate('age', ['over18'])]),
      ask('nhs', [candidate('nhs', ['nhs', 'family'])]),
      ask('phone', [candidate('nhs', ['phone'])], ['For delivery texts.', 'I anfon negeseuon danfon.'], true),
      ask(
        'postcode',
        [candidate('licence', ['postcode'])],
        ['To suggest a shop nearby.', 'I awgrymu siop gerllaw.'],
        true,
      ),
    ],
    alternatives: [],
    sets: [],
    purpose: say([
      'To supply a prescription-only medicine to you.',
      'I gyflenwi meddyginiaeth bresgripsiwn i chi.',
    ]),
    retention: say(['2 years', '2 flynedd']),
    legal_basis: say(['Contract', 'Contract']),
    privacy_url: 'https://larkfield.example/privacy',
    not_learned: [
      label('born', language),
      label('address', language),
      label('photo', language),
      ...nothingElse,
      say(['Where else you use this wallet', 'Ble arall rydych yn defnyddio’r waled hon']),
    ],
    warnings: [],
    can_share: true,
    blocked: null,
    transaction_data: [],
    expires_at: minutes(18),
    cross_device: false,
  };

  const stranger: WarningView = {
    code: 'not-registered',
    text: say([
      'We cannot find Quickcash Loans on the register. Anyone can use this name.',
      'Ni allwn ddod o hyd i Quickcash Loans ar y gofrestr. Gall unrhyw un ddefnyddio’r enw hwn.',
    ]),
    details: [],
  };

  switch (name) {
    case 'a':
      return base;
    case 'b':
      return {
        ...base,
        service: service(SERVICES.harbour, { intermediary: 'Beacon Identity', shared_before: 1 }),
        asks: [
          ask('work', [candidate('work', ['work', 'family', 'given', 'born', 'photo', 'nationality'])]),
          ask('postcode', [candidate('licence', ['postcode'])], null, true),
          {
            ...ask('address', [candidate('licence', ['address'])], null, true),
            closed: true,
            caution: {
              code: 'asks-too-much',
              text: say([
                'They did not register to ask for this, so you cannot add it.',
                'Nid ydynt wedi cofrestru i ofyn am hyn, felly ni allwch ei ychwanegu.',
              ]),
              details: [label('address', language)],
            },
          },
        ],
        purpose: say(['To check your right to work.', 'I wirio eich hawl i weithio.']),
        warnings: [
          {
            code: 'asks-too-much',
            text: say([
              'To check your right to work they registered fewer details. This is what the register says.',
              'I wirio eich hawl i weithio, cofrestrwyd llai o fanylion. Dyma mae’r gofrestr yn ei ddweud.',
            ]),
            details: [label('nationality', language)],
          },
        ],
      };
    case 'c':
      return {
        ...base,
        service: service(SERVICES.loans, {
          legal_name: null,
          registered_purposes: [],
          registered_until: null,
          shared_before: 0,
        }),
        asks: [ask('name', [candidate('licence', ['family', 'given'])])],
        purpose: null,
        retention: null,
        legal_basis: null,
        privacy_url: null,
        warnings: [stranger],
      };
    case 'needless':
      return {
        ...base,
        service: service(SERVICES.loans, {
          legal_name: null,
          registered_purposes: [],
          registered_until: null,
          shared_before: 0,
        }),
        asks: [ask('age', [candidate('licence', ['over18', 'born', 'address'])])],
        purpose: null,
        retention: null,
        legal_basis: null,
        privacy_url: null,
        not_learned: nothingElse,
        warnings: [
          stranger,
          {
            code: 'not-needed',
            text: say([
              'To check your age in person, a service needs your photo and that you are old enough. Nothing else. This is our view, not the register’s.',
              'I wirio eich oedran wyneb yn wyneb, mae ar wasanaeth angen eich llun a’ch bod yn ddigon hen. Dim byd arall. Ein barn ni yw hyn, nid barn y gofrestr.',
            ]),
            details: [label('born', language), label('address', language)],
          },
        ],
      };
    case 'together':
      return {
        ...base,
        asks: [ask('licence', [candidate('licence', ['photo'])])],
        warnings: [
          {
            code: 'asks-too-much-together',
            text: say([
              'With what you shared with them in the last 30 days they would know all of this. It is more than they registered for any one reason.',
              'Gyda’r hyn a rannwyd gennych â nhw yn y 30 diwrnod diwethaf, byddent yn gwybod hyn i gyd. Mae’n fwy nag a gofrestrwyd ganddynt at unrhyw un diben.',
            ]),
            details: [label('over18', language), label('family', language), label('photo', language)],
          },
        ],
      };
    case 'd':
      return {
        ...base,
        service: service(SERVICES.fraud, {
          legal_name: null,
          registered_purposes: [],
          registered_until: null,
          shared_before: 0,
        }),
        can_share: false,
        blocked: {
          code: 'registration-withdrawn',
          text: say([
            'This is not really from Larkfield, or their registration was cancelled.',
            'Nid yw hwn oddi wrth Larkfield mewn gwirionedd, neu cafodd eu cofrestriad ei ganslo.',
          ]),
          details: [],
        },
      };
    case 'e':
      return { ...base, service: service(SERVICES.pharmacy, { shared_before: 0 }) };
    case 'yours':
      return {
        ...base,
        service: service(SERVICES.gym, {
          legal_name: null,
          registered_purposes: [],
          registered_until: null,
          shared_before: 0,
        }),
        asks: [ask('age', [candidate('age', ['over18'])])],
      };
    case 'choose':
      return {
        ...base,
        asks: [
          ask('name', [
            candidate('licence', ['family', 'given']),
            candidate('passport', ['family', 'given'], undefined, 'Specimen'),
          ]),
        ],
      };
    case 'any':
      return {
        ...base,
        not_learned: [label('address', language), ...nothingElse],
        asks: [
          ask('age', [candidate('age', ['over18', 'photo'])]),
          ask(
            'phone',
            [candidate('nhs', ['phone'])],
            ['For delivery texts.', 'I anfon negeseuon danfon.'],
            true,
          ),
        ],
        alternatives: [
          ask('licence', [candidate('licence', ['photo', 'family', 'given', 'born'])]),
          ask('nhs', [candidate('nhs', ['family'])]),
          ask('postcode', [candidate('licence', ['postcode'])], null, true),
        ],
        sets: [
          {
            required: true,
            options: [
              { queries: ['age'], details: 2, shares_least: true },
              { queries: ['licence'], details: 4, shares_least: false },
              { queries: ['licence', 'nhs'], details: 5, shares_least: false },
            ],
          },
          {
            required: false,
            options: [
              { queries: ['phone'], details: 1, shares_least: false },
              { queries: ['postcode'], details: 1, shares_least: false },
            ],
          },
        ],
      };
    case 'details':
      return {
        ...base,
        not_learned: [label('address', language), ...nothingElse],
        asks: [
          ask('licence', [
            { ...candidate('licence', ['given', 'family', 'born']), claim_set: 0 },
            { ...candidate('licence', ['over18']), claim_set: 2 },
          ]),
        ],
      };
    case 'several':
      return {
        ...base,
        asks: [
          {
            ...ask('name', [
              candidate('licence', ['family', 'given']),
              candidate('passport', ['family', 'given']),
              candidate('nhs', ['family']),
            ]),
            multiple: true,
          },
        ],
      };
    case 'none':
      return {
        ...base,
        asks: [],
        can_share: false,
        blocked: {
          code: 'nothing-matches',
          text: say(['You do not have this', 'Nid yw hyn gennych']),
          details: [],
        },
      };
    case 'unsure':
    case 'fails':
      return base;
    case 'many':
      return {
        ...base,
        asks: [
          ask('licence', [
            candidate('licence', [
              'photo',
              'family',
              'given',
              'born',
              'licence',
              'address',
              'postcode',
              'vehicles',
            ]),
          ]),
        ],
        not_learned: nothingElse,
      };
    case 'vouched':
      return {
        ...base,
        service: service(
          { ...SERVICES.gym, recognition: 'vouched-for' },
          {
            legal_name: null,
            vouched_by: 'Beacon Identity',
            registered_purposes: [],
            registered_until: null,
            shared_before: 0,
          },
        ),
        asks: [ask('age', [candidate('age', ['over18'])])],
        purpose: null,
        retention: null,
        legal_basis: null,
        privacy_url: null,
        warnings: [
          {
            code: 'vouched-for',
            text: say([
              'Beacon Identity vouches for who this is. It is not on the register, so nobody has checked what it may ask for.',
              'Mae Beacon Identity yn tystio pwy yw hwn. Nid yw ar y gofrestr, felly nid oes neb wedi gwirio beth y caiff ofyn amdano.',
            ]),
            details: [],
          },
        ],
      };
    case 'pay':
      return {
        ...base,
        asks: [ask('age', [candidate('age', ['over18'])])],
        transaction_data: [
          {
            kind: 'org.citizen-wallet.payment.1',
            text: say(['Pay £12.50 to “Larkfield Pharmacy”', 'Talu £12.50 i “Larkfield Pharmacy”']),
            facts: [
              { label: say(['Paid to', 'Telir i']), text: 'Larkfield Pharmacy' },
              { label: say(['Amount', 'Swm']), text: '£12.50' },
              { label: say(['Reference', 'Cyfeirnod']), text: 'Prescription 7731' },
            ],
          },
        ],
      };
    case 'origin':
      return { ...base, cross_device: true };
  }
}
