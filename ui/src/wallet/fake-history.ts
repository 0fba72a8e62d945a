/** A past for the wallet in memory. */
import type { HistoryEntryView } from './bindings/HistoryEntryView';
import { days, type Held, ISSUERS, minutes, SERVICES } from './fake-data';

export function pastOf(held: readonly Held[]): HistoryEntryView[] {
  const named = (id: string, stays = true) => {
    const found = held.find((document) => document.id === id);
    return { id, name: found?.name[0] ?? id, kind: found?.kind ?? ('other' as const), held: stays };
  };
  const entries: (Partial<HistoryEntryView> & Pick<HistoryEntryView, 'at' | 'kind'>)[] = [
    {
      at: minutes(-40),
      kind: 'shared',
      service: SERVICES.pharmacy,
      data_left: 'yes',
      documents: [named('age'), named('nhs')],
      asked: ['18 or over', 'NHS number', 'Last name', 'Mobile number'],
      details: ['18 or over', 'NHS number', 'Last name'],
      purpose: 'To supply a prescription-only medicine to you.',
      retention: '2 years',
      legal_basis: 'Contract',
      privacy_url: 'https://larkfield.example/privacy',
      channel: 'online',
    },
    {
      at: minutes(-55),
      kind: 'declined',
      outcome: 'declined',
      service: SERVICES.loans,
      asked: [
        'Last name',
        'Given names',
        'Date of birth',
        'Address',
        'Photo',
        'Nationality',
        'NHS number',
        'Place of birth',
        'Licence number',
      ],
      warnings: ['not-registered', 'asks-too-much'],
      channel: 'online',
    },
    {
      at: days(-1, 18, 15),
      kind: 'shown',
      data_left: 'unknown',
      documents: [named('age')],
      details: ['18 or over'],
      channel: 'in-person',
    },
    {
      at: days(-1, 9, 4),
      kind: 'shared',
      outcome: 'not-sure',
      data_left: 'unknown',
      service: SERVICES.shop,
      agreements: [
        {
          kind: 'org.citizen-wallet.payment.1',
          text: 'Pay £12.50 to “Corner Shop”',
          facts: [
            { label: 'Paid to', text: 'Corner Shop' },
            { label: 'Amount', text: '£12.50' },
          ],
        },
      ],
      documents: [named('age')],
      asked: ['18 or over'],
      details: ['18 or over'],
      channel: 'online',
    },
    {
      at: days(-11, 11, 20),
      kind: 'shared',
      service: SERVICES.harbour,
      intermediary: 'Beacon Identity',
      data_left: 'yes',
      documents: [named('work')],
      asked: ['Right to work', 'Last name', 'Given names', 'Date of birth'],
      details: ['Right to work', 'Last name', 'Given names', 'Date of birth'],
      purpose: 'To check your right to work.',
      retention: '2 years after you leave',
      channel: 'online',
    },
    { at: days(-11, 11, 2), kind: 'added', service: ISSUERS.home, documents: [named('work')] },
    { at: days(-11, 10, 58), kind: 'added', service: ISSUERS.dvla, documents: [named('licence')] },
    {
      at: days(-30, 16, 40),
      kind: 'refused',
      outcome: 'failed',
      service: SERVICES.fraud,
      asked: ['NHS number', 'Address'],
      channel: 'online',
    },
    {
      at: days(-31, 8, 30),
      kind: 'removed',
      documents: [{ id: 'gone', name: 'Student', kind: 'student', held: false }],
    },
  ];
  return entries.map((entry, index) => {
    const number = entries.length - index;
    return {
      id: `entry-${number}`,
      service: null,
      outcome: 'done',
      data_left: 'no',
      documents: [],
      document: entry.documents?.[0]?.id ?? null,
      claims: [],
      details: [],
      asked: [],
      agreements: [],
      intermediary: null,
      purpose: null,
      retention: null,
      legal_basis: null,
      privacy_url: null,
      warnings: [],
      channel: null,
      link: number.toString(16).padStart(2, '0').repeat(32),
      number,
      ...entry,
    };
  });
}
