/**
 * The wallet in memory: the same functions, no Rust, practice people only. For `npm run dev` in a browser and for
 * `tests/ui`; the product does not contain it. `?scenario=` chooses where it stands, and links choose what arrives:
 * `openid4vp://practice?state=b`, `openid-credential-offer://practice?offer=code`. The PIN is 271828.
 */
import type { AddingProgressView } from './bindings/AddingProgressView';
import type { ArrivedView } from './bindings/ArrivedView';
import type { ClaimView } from './bindings/ClaimView';
import type { DocumentSummary } from './bindings/DocumentSummary';
import type { HistoryEntryView } from './bindings/HistoryEntryView';
import type { HistoryFilter } from './bindings/HistoryFilter';
import type { Language } from './bindings/Language';
import type { LinkKind } from './bindings/LinkKind';
import type { OfferView } from './bindings/OfferView';
import type { PendingView } from './bindings/PendingView';
import type { Problem } from './bindings/Problem';
import type { ProblemCode } from './bindings/ProblemCode';
import type { ReceivedView } from './bindings/ReceivedView';
import type { RenewedView } from './bindings/RenewedView';
import type { RequestView } from './bindings/RequestView';
import type { ShareResultView } from './bindings/ShareResultView';
import type { UpkeepView } from './bindings/UpkeepView';
import type { WalletStateView } from './bindings/WalletStateView';
import type { WalletClient } from './client';
import { drawing } from './fake-code';
import { ALL_STATES, claim, HELD, type Held, ISSUERS, label, party, viewOf } from './fake-data';
import { pastOf } from './fake-history';
import { problemFor } from './fake-problems';
import { requestOf, REQUESTS, type RequestName } from './fake-requests';

const PIN = '271828';
const TRIES = 4;

type Scenario =
  | 'usual'
  | 'first-run'
  | 'first-run-file'
  | 'locked'
  | 'locked-waiting'
  | 'waiting'
  | 'empty'
  | 'all-states'
  | 'slow'
  | 'broken'
  | 'pending'
  | 'no-start';

class Fake implements WalletClient {
  #scenario: string;
  #language: Language;
  #pin = PIN;
  #missed = 0;
  #hearProgress: ((done: AddingProgressView) => void) | null = null;
  #stop: (() => void) | null = null;
  #promised: PendingView[] = [];
  #blockedUntil = 0;
  #initialised: boolean;
  #locked: boolean;
  #held: Held[];
  #past: HistoryEntryView[];
  #waiting: string | null = null;
  #offers: Record<string, OfferView> = {};
  #received: Record<string, { view: ReceivedView; held: Held[] }> = {};
  #lockedListeners = new Set<() => void>();

  constructor(options: URLSearchParams) {
    const scenario = (options.get('scenario') ?? 'usual') as Scenario;
    this.#scenario = scenario;
    this.#language = options.get('lang') === 'cy' ? 'cy' : 'en';
    this.#initialised = !scenario.startsWith('first-run');
    this.#locked = scenario.startsWith('locked');
    const none = scenario === 'empty' || !this.#initialised;
    this.#held = none ? [] : [...(scenario === 'all-states' ? ALL_STATES : HELD)];
    this.#past = none ? [] : pastOf(this.#held);
    if (scenario === 'locked-waiting' || scenario === 'waiting')
      this.#waiting = 'openid4vp://practice?state=a';
    if (scenario === 'pending') {
      void this.startAdding('openid-credential-offer://practice').then((offer) =>
        this.acceptOffer(offer.id, [], null),
      );
    }
  }

  #problem(code: ProblemCode, more: Partial<Problem> = {}): Problem {
    return { ...problemFor(code, this.#language), ...more };
  }

  /** A short pause, as real work has one; for ever in the scenario that shows work under way. */
  async #work(milliseconds = 30): Promise<void> {
    if (this.#scenario === 'slow') await new Promise(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  #checkPin(pin: string): void {
    if (Date.now() < this.#blockedUntil) {
      throw this.#problem('pin-locked', { retry_at: new Date(this.#blockedUntil).toISOString() });
    }
    if (pin === this.#pin) {
      this.#missed = 0;
      return;
    }
    this.#missed += 1;
    if (this.#missed > TRIES) {
      this.#blockedUntil = Date.now() + 60_000;
      throw this.#problem('pin-locked', { retry_at: new Date(this.#blockedUntil).toISOString() });
    }
    throw this.#problem('wrong-pin', { tries_left: TRIES - this.#missed + 1 });
  }

  #summary(held: Held): DocumentSummary {
    return viewOf(held, this.#language, []);
  }

  #find(id: string): Held {
    const found = this.#held.find((document) => document.id === id);
    if (!found) throw this.#problem('not-found');
    return found;
  }

  #log(entry: Partial<HistoryEntryView> & Pick<HistoryEntryView, 'kind'>): string {
    const number = this.#past.length + 1;
    const id = `entry-${number}`;
    this.#past.unshift({
      id,
      at: new Date().toISOString(),
      service: null,
      outcome: 'done',
      data_left: 'no',
      documents: [],
      document: null,
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
      link: `${number.toString(16).padStart(2, '0')}`.repeat(32),
      number,
      ...entry,
    });
    return id;
  }

  readonly state = async (): Promise<WalletStateView> => {
    if (this.#scenario === 'no-start') throw this.#problem('keystore-locked');
    return {
      initialised: this.#initialised,
      locked: this.#locked,
      practice: true,
      key_protection: this.#scenario === 'first-run-file' ? 'file' : 'os',
      language: this.#language,
      waiting: this.#waiting
        ? { kind: this.#waiting.startsWith('openid4vp') ? 'request' : 'offer', host: 'larkfield.example' }
        : null,
    };
  };

  readonly setLanguage = async (language: Language): Promise<void> => {
    this.#language = language;
  };

  readonly createWallet = async (pin: string): Promise<WalletStateView> => {
    await this.#work(200);
    this.#pin = pin;
    this.#initialised = true;
    return this.state();
  };

  readonly unlock = async (pin: string): Promise<WalletStateView> => {
    await this.#work();
    this.#checkPin(pin);
    this.#locked = false;
    return this.state();
  };

  readonly lock = async (): Promise<void> => {
    this.#locked = true;
    for (const listener of this.#lockedListeners) listener();
  };

  readonly stillHere = async (): Promise<void> => undefined;

  readonly documents = async (): Promise<DocumentSummary[]> => {
    await this.#work();
    if (this.#scenario === 'broken') throw this.#problem('store-damaged');
    return this.#held.map((held) => this.#summary(held));
  };

  readonly document = async (id: string) => {
    await this.#work();
    const held = this.#find(id);
    const shared = this.#past.filter(
      (entry) =>
        ['shared', 'shown'].includes(entry.kind) && entry.documents.some((document) => document.id === id),
    );
    return viewOf(held, this.#language, shared);
  };

  readonly removeDocument = async (id: string, pin: string): Promise<void> => {
    await this.#work();
    const held = this.#find(id);
    this.#checkPin(pin);
    this.#held = this.#held.filter((other) => other !== held);
    this.#log({ kind: 'removed', documents: [this.#named(held, false)], document: id });
  };

  #named(held: Held, stays = true) {
    return { id: held.id, name: this.#summary(held).name, kind: held.kind, held: stays };
  }

  readonly checkDocument = async (id: string): Promise<DocumentSummary> => {
    await this.#work(200);
    const held = this.#find(id);
    if (held.state === 'not-checked') throw this.#problem('status-unknown');
    held.checked = new Date().toISOString();
    return this.#summary(held);
  };

  readonly renewDocument = async (id: string): Promise<RenewedView> => {
    await this.#work(200);
    const held = this.#find(id);
    if (id === 'work') throw this.#problem('cannot-be-renewed');
    if (id !== 'passport') {
      held.left = held.copies;
      return { document: this.#summary(held), fetched: true, received: null, pending: [] };
    }
    // This one says something new.
    const view = this.#renewed(held);
    this.#received[view.id] = { view, held: [] };
    return { document: this.#summary(held), fetched: false, received: view, pending: [] };
  };

  #renewed(held: Held): ReceivedView {
    const claims = viewOf(held, this.#language, []).claims;
    const [, family] = claims;
    const place = claims.at(-1);
    const other = (before: ClaimView | undefined, text: string) =>
      before ? [{ label: before.label, before, after: { ...before, text, value: text } }] : [];
    return {
      id: `received-${held.id}`,
      issuer: held.issuer,
      documents: [
        {
          kind: held.kind,
          name: this.#summary(held).name,
          valid_until: held.until ?? null,
          copies: held.copies,
          claims,
          already_held: false,
          replaces: held.id,
          changes: [
            ...other(family, 'Specimen-Newydd'),
            {
              label: label('postcode', this.#language),
              before: null,
              after: claim('postcode', this.#language),
            },
            ...(place ? [{ label: place.label, before: place, after: null }] : []),
          ],
          notes: [],
        },
      ],
    };
  }

  readonly keepFresh = async (): Promise<UpkeepView> => ({ changed: false, again_in_s: null });

  readonly startAdding = async (link: string): Promise<OfferView> => {
    await this.#work();
    const which = new URLSearchParams(link.split('?')[1]).get('offer') ?? 'licence';
    if (!link.includes('://practice')) throw this.#problem('link-not-understood');
    if (which === 'expired') throw this.#problem('link-expired');
    const stranger = which === 'stranger';
    const licence = {
      configuration_id: 'licence',
      format: 'mso_mdoc',
      type: 'org.iso.18013.5.1.mDL',
      kind: 'driving-licence' as const,
      name: this.#language === 'cy' ? 'Trwydded yrru' : 'Driving licence',
      claims: (['photo', 'family', 'given', 'born', 'licence', 'address', 'vehicles'] as const).map((name) =>
        label(name, this.#language),
      ),
      copies: 20,
      supported: true,
      notes: [],
    };
    const age = {
      configuration_id: 'age',
      format: 'mso_mdoc',
      type: 'uk.gov.sandbox.proofOfAge.1',
      kind: 'proof-of-age' as const,
      name: this.#language === 'cy' ? 'Prawf oedran' : 'Proof of age',
      claims: (['over18', 'over25', 'photo'] as const).map((name) => label(name, this.#language)),
      copies: 20,
      supported: true,
      notes: [],
    };
    const offer: OfferView = {
      id: `offer-${which}`,
      issuer: stranger ? party('swift-cards', 'Swift Cards', 'not-listed') : ISSUERS.dvla,
      documents:
        which === 'two'
          ? [licence, age, { ...age, configuration_id: 'other', name: 'Loyalty', supported: false }]
          : [licence],
      needs_code: which === 'code',
      code: which === 'code' ? { length: 6, numeric: true, description: null } : null,
      grant: which === 'browser' ? 'authorization_code' : 'pre-authorized_code',
      insecure: stranger,
    };
    this.#offers[offer.id] = offer;
    return offer;
  };

  readonly acceptOffer = async (id: string, only: string[], code: string | null): Promise<ArrivedView> => {
    const offer = this.#offers[id];
    if (!offer) throw this.#problem('link-expired');
    const step = (done: AddingProgressView['step']) =>
      this.#hearProgress?.({ step: done, document: 1, documents: 1 });
    const stopped = new Promise<never>((_, stop) => {
      this.#stop = () => stop(this.#problem('stopped'));
    });
    await Promise.race([stopped, this.#work(120)]);
    step('asked');
    await Promise.race([stopped, this.#work(id === 'offer-slow' ? 600_000 : 230)]);
    step('keys-made');
    if (offer.needs_code && code !== '123456') throw this.#problem('wrong-code');
    if (id === 'offer-refused') throw this.#problem('issuer-refused');
    const taken = offer.documents.filter((one) => only.length === 0 || only.includes(one.configuration_id));
    const held = taken.flatMap(({ configuration_id: which }, index) =>
      HELD.filter((one) => one.id === which).map((one) => ({ ...one, id: `new-${Date.now()}-${index}` })),
    );
    const view: ReceivedView = {
      id: `received-${id}`,
      issuer: offer.issuer,
      documents: held.map((one) => ({
        kind: one.kind,
        name: this.#summary(one).name,
        valid_until: one.until ?? null,
        copies: one.copies,
        claims: viewOf(one, this.#language, []).claims,
        already_held: this.#held.some((other) => other.type === one.type),
        replaces: null,
        changes: [],
        notes: [],
      })),
    };
    if (id === 'offer-later') {
      const promised: PendingView[] = offer.documents.map(({ name, kind }) => ({
        id: 'promised-1',
        issuer: offer.issuer,
        name,
        kind,
        poll_after_s: 3600,
      }));
      this.#promised = promised;
      return { received: null, pending: promised };
    }
    this.#received[view.id] = { view, held };
    return { received: view, pending: [] };
  };

  readonly keepReceived = async (id: string, pin: string): Promise<DocumentSummary[]> => {
    await this.#work();
    this.#checkPin(pin);
    const received = this.#received[id];
    if (!received) throw this.#problem('not-found');
    this.#received = {};
    const replaced = received.view.documents.flatMap(({ replaces }) =>
      replaces ? [this.#find(replaces)] : [],
    );
    if (replaced.length > 0) {
      for (const held of replaced) {
        held.left = held.copies;
        this.#log({
          kind: 'renewed',
          service: held.issuer,
          documents: [this.#named(held)],
          document: held.id,
        });
      }
      return replaced.map((held) => this.#summary(held));
    }
    this.#held = [...received.held, ...this.#held];
    for (const held of received.held) {
      this.#log({
        kind: 'added',
        service: received.view.issuer,
        documents: [this.#named(held)],
        document: held.id,
      });
    }
    return received.held.map((held) => this.#summary(held));
  };

  readonly discardReceived = async (id: string): Promise<void> => {
    await this.#work();
    this.#received = Object.fromEntries(Object.entries(this.#received).filter(([other]) => other !== id));
  };

  readonly pendingReceived = async (): Promise<ReceivedView[]> => {
    await this.#work();
    return Object.values(this.#received).map(({ view }) => view);
  };

  readonly promised = async (): Promise<PendingView[]> => this.#promised;

  readonly collect = async (): Promise<ArrivedView[]> => {
    await this.#work();
    return this.#promised.map((one) => ({ received: null, pending: [one] }));
  };

  readonly cancelAdding = async (): Promise<void> => {
    this.#stop?.();
    this.#stop = null;
  };

  readonly startSharing = async (link: string, crossDevice: boolean): Promise<RequestView> => {
    await this.#work();
    const state = new URLSearchParams(link.split('?')[1]).get('state') ?? 'a';
    if (!link.includes('://practice')) throw this.#problem('link-not-understood');
    if (state === 'expired') throw this.#problem('link-expired');
    if (state === 'answered') throw this.#problem('already-answered', { history: this.#past[0]?.id ?? null });
    const name: RequestName = REQUESTS.find((one) => one === state) ?? 'a';
    const request = requestOf(name, this.#held, this.#language);
    return crossDevice ? { ...request, cross_device: true } : request;
  };

  readonly share: WalletClient['share'] = async (id, _digest, choices, pin): Promise<ShareResultView> => {
    const name = REQUESTS.find((one) => `request-${one}` === id) ?? 'a';
    const request = requestOf(name, this.#held, this.#language);
    this.#checkPin(pin);
    await this.#work(name === 'many' ? 600_000 : 500);
    const answered = [...request.asks, ...request.alternatives].filter(
      ({ query }) => choices.documents[query],
    );
    const candidates = answered.flatMap((ask) =>
      ask.candidates.filter(
        ({ document, claim_set }) =>
          choices.documents[ask.query]?.includes(document) &&
          (claim_set === null || claim_set === choices.details[ask.query]),
      ),
    );
    const claims = candidates.flatMap((candidate) => candidate.claims);
    const data_left = name === 'unsure' ? 'unknown' : name === 'fails' ? 'no' : 'yes';
    const history = this.#log({
      kind: 'shared',
      service: request.service,
      outcome: data_left === 'unknown' ? 'not-sure' : data_left === 'no' ? 'failed' : 'done',
      data_left,
      documents: candidates.map(({ document, name: of, kind }) => ({
        id: document,
        name: of,
        kind,
        held: true,
      })),
      details: claims.map((one) => one.label),
      asked: request.asks.flatMap((ask) => ask.candidates[0]?.claims.map((one) => one.label) ?? []),
      claims: claims.map((one) => one.path),
      purpose: request.purpose,
      retention: request.retention,
      warnings: request.warnings.map((warning) => warning.code),
      channel: 'online',
    });
    return {
      shared:
        data_left === 'no' ? [] : answered.map((ask) => ({ query: ask.query, document: '', claims: [] })),
      declined: false,
      data_left,
      return_host: data_left === 'yes' ? request.service.host : null,
      history,
      service: request.service.name,
      details: data_left === 'no' ? 0 : claims.length,
    };
  };

  readonly decline = async (id: string): Promise<ShareResultView> => {
    await this.#work();
    const name = REQUESTS.find((one) => `request-${one}` === id) ?? 'a';
    const request = requestOf(name, this.#held, this.#language);
    const history = this.#log({
      kind: 'declined',
      outcome: 'declined',
      service: request.service,
      asked: request.asks.flatMap((ask) => ask.candidates[0]?.claims.map((one) => one.label) ?? []),
      channel: 'online',
    });
    return {
      shared: [],
      declined: true,
      data_left: 'no',
      return_host: request.service.host,
      history,
      service: request.service.name,
      details: 0,
    };
  };

  readonly openReturn = async (): Promise<void> => undefined;

  #proofs() {
    const cy = this.#language === 'cy';
    const has = (id: string) => this.#held.some((held) => held.id === id);
    return [
      { id: 'age-18', name: cy ? 'Rwy’n 18 oed neu’n hŷn' : 'I am 18 or over', available: has('age') },
      { id: 'age-25', name: cy ? 'Rwy’n 25 oed neu’n hŷn' : 'I am 25 or over', available: has('age') },
      {
        id: 'identity',
        name: cy ? 'Pwy ydw i (enw a llun)' : 'Who I am (name and photo)',
        available: has('licence'),
      },
      { id: 'driving', name: cy ? 'Gallaf yrru' : 'I can drive', available: has('licence') },
      { id: 'student', name: cy ? 'Rwy’n fyfyriwr' : 'I am a student', available: false },
    ];
  }

  #proof(id: string) {
    const found = this.#proofs().find((proof) => proof.id === id);
    if (!found) throw this.#problem('not-found');
    return found;
  }

  readonly proofs = async () => {
    await this.#work();
    return this.#proofs();
  };

  readonly startShowing: WalletClient['startShowing'] = async (proof, seconds) => {
    await this.#work();
    const age = proof.startsWith('age');
    const names = age
      ? ([proof === 'age-18' ? 'over18' : 'over25'] as const)
      : (['photo', 'family', 'given'] as const);
    const hidden = age
      ? (['family', 'given', 'born', 'address', 'photo'] as const)
      : (['born', 'licence', 'address'] as const);
    return {
      id: proof,
      digest: 'b'.repeat(64),
      proof: this.#proof(proof),
      document: age ? 'age' : 'licence',
      document_name: this.#summary(this.#find(age ? 'age' : 'licence')).name,
      claims: names.map((name) => claim(name, this.#language)),
      not_shared: hidden.map((name) => label(name, this.#language)),
      seconds,
    };
  };

  readonly show: WalletClient['show'] = async (question, _digest, pin) => {
    await this.#work(150);
    this.#checkPin(pin);
    const asked = await this.startShowing(question, 120);
    const seconds = this.#scenario === 'all-states' ? 3 : 120;
    const history = this.#log({
      kind: 'shown',
      data_left: 'unknown',
      documents: [this.#named(this.#find(asked.document))],
      details: asked.claims.map((one) => one.label),
      channel: 'in-person',
    });
    return {
      ...drawing(),
      bytes: 980,
      expires_at: new Date(Date.now() + seconds * 1000).toISOString(),
      seconds: 120,
      proof: asked.proof,
      claims: asked.claims,
      history,
    };
  };

  readonly history = async (filter: HistoryFilter): Promise<HistoryEntryView[]> => {
    await this.#work();
    if (this.#scenario === 'broken') throw this.#problem('store-damaged');
    const words = (filter.search ?? '').toLocaleLowerCase();
    return this.#past.filter(
      (entry) =>
        (!filter.kind || entry.kind === filter.kind) &&
        (!filter.service || entry.service?.id === filter.service) &&
        (!filter.document || entry.documents.some((document) => document.id === filter.document)) &&
        (!filter.since || entry.at.slice(0, 10) >= filter.since) &&
        `${entry.service?.name ?? ''} ${entry.documents.map((one) => one.name).join(' ')} ${entry.details.join(' ')}`
          .toLocaleLowerCase()
          .includes(words),
    );
  };

  readonly historyEntry = async (id: string): Promise<HistoryEntryView> => {
    await this.#work();
    const found = this.#past.find((entry) => entry.id === id);
    if (!found) throw this.#problem('not-found');
    return found;
  };

  readonly verifyHistory = async () => {
    await this.#work();
    return { ok: true, entries: this.#past.length, first_broken: null, head: 'c'.repeat(64) };
  };

  readonly openWaiting: WalletClient['openWaiting'] = async () => {
    const link = this.#waiting;
    this.#waiting = null;
    if (!link) throw this.#problem('not-found');
    return link.startsWith('openid4vp')
      ? { kind: 'request', request: await this.startSharing(link, link.includes('origin')) }
      : { kind: 'offer', offer: await this.startAdding(link) };
  };

  readonly readQrPicture = async (bytes: Uint8Array): Promise<LinkKind> => {
    await this.#work(200);
    if (bytes.length < 64) throw this.#problem('link-not-understood');
    this.#waiting = 'openid4vp://practice?state=origin';
    return 'request';
  };

  readonly onLocked: WalletClient['onLocked'] = async (then) => {
    this.#lockedListeners.add(then);
    return () => this.#lockedListeners.delete(then);
  };

  readonly onAddingProgress: WalletClient['onAddingProgress'] = async (then) => {
    this.#hearProgress = then;
    return () => (this.#hearProgress = null);
  };

  readonly onLinkArrived: WalletClient['onLinkArrived'] = async () => () => undefined;
}

export function fakeClient(options: URLSearchParams): WalletClient {
  return new Fake(options);
}
