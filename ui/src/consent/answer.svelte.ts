/**
 * The person's answer while it is being made: which of the parts that stand for each other, which documents with which
 * details, what is added, and what that comes to.
 */
import type { AskView } from '../wallet/bindings/AskView';
import type { CandidateView } from '../wallet/bindings/CandidateView';
import type { ChoicesView } from '../wallet/bindings/ChoicesView';
import type { OptionView } from '../wallet/bindings/OptionView';
import type { RequestView } from '../wallet/bindings/RequestView';
import type { SetView } from '../wallet/bindings/SetView';

/** What a document would say for one question, to see whether two say the same. */
function saying(candidate: CandidateView): string {
  return JSON.stringify(candidate.claims.map((claim) => [claim.path, claim.value]));
}

/** The documents that could answer, each with the details the service would rather have. */
export function documentsOf(ask: AskView): CandidateView[] {
  return ask.candidates.filter(
    ({ document }, at, all) => all.findIndex((other) => other.document === document) === at,
  );
}

/** The sets of details one document can answer with, the fewest first. */
export function detailsOf(ask: AskView, document: string): CandidateView[] {
  return ask.candidates
    .filter((candidate) => candidate.document === document)
    .sort((one, other) => one.claims.length - other.claims.length);
}

/** Whether the documents that fit say different things, so that only the person can choose. */
export function differs(ask: AskView): boolean {
  const [first, ...others] = documentsOf(ask).map(saying);
  return others.some((other) => other !== first);
}

/** Why a request cannot be answered from what is held, rather than because of who asks. */
const NOT_HELD = ['nothing-matches', 'document-out-of-date', 'document-withdrawn', 'status-unknown'];

/** Nobody did anything wrong: no document here answers. */
export function nothingAnswers(request: RequestView): boolean {
  if (request.blocked) return NOT_HELD.includes(request.blocked.code);
  return request.can_share && request.asks.some((ask) => !ask.optional && ask.candidates.length === 0);
}

/** A set of options, with its place in the request. */
export interface Numbered {
  set: SetView;
  at: number;
}

export class Answer {
  /** Sets of which one option must be answered, and those that may be left out. */
  readonly needed: Numbered[];
  readonly free: Numbered[];
  private readonly asks: AskView[];
  /** Which option of which set; of what must be answered the one proposed, of the rest none. */
  options = $state<Record<number, number>>({});
  /** Chosen by the person: query → document. */
  documents = $state<Record<string, string>>({});
  /** Shown beside it, where the service takes several: query → documents. */
  beside = $state<Record<string, string[]>>({});
  /** Chosen by the person: query → set of details. */
  details = $state<Record<string, number>>({});
  /** The person ticked "I have read this" on the interruption page. */
  despite = $state(false);

  constructor(request: RequestView) {
    this.asks = [...request.asks, ...request.alternatives];
    const numbered = request.sets.map((set, at) => ({ set, at }));
    this.needed = numbered.filter(({ set }) => set.required);
    const given = this.needed.flatMap(({ set }) => set.options[0]?.queries ?? []);
    this.free = numbered.filter(
      ({ set }) =>
        !set.required &&
        !set.options.some((option) => option.queries.every((query) => given.includes(query))),
    );
  }

  /** The option of a set that is answered; none of a set that is left out. */
  option({ set, at }: Numbered): OptionView | null {
    const chosen = this.options[at] ?? (set.required ? 0 : -1);
    return set.options[chosen] ?? null;
  }

  /** Chooses an option, or leaves the set out. */
  choose({ at }: Numbered, option: number | null): void {
    const others = Object.entries(this.options).filter(([place]) => Number(place) !== at);
    this.options = Object.fromEntries(option === null ? others : [...others, [at, option]]);
  }

  /** The parts of an option. */
  partsOf(option: OptionView): AskView[] {
    return this.asks.filter((ask) => option.queries.includes(ask.query));
  }

  private answeredOf(sets: Numbered[]): AskView[] {
    const queries = sets.flatMap((set) => this.option(set)?.queries ?? []);
    return this.asks.filter((ask) => queries.includes(ask.query));
  }

  /** The parts that must be answered, as chosen. */
  get required(): AskView[] {
    return this.answeredOf(this.needed);
  }

  /** What is answered: what must be, then what was added. */
  get answered(): AskView[] {
    const required = this.required;
    return [...required, ...this.answeredOf(this.free).filter((ask) => !required.includes(ask))];
  }

  /** The document that would answer, with the details chosen: the chosen one, else the proposed one unless they differ. */
  candidate(ask: AskView): CandidateView | null {
    const documents = documentsOf(ask);
    const chosen = documents.find(({ document }) => document === this.documents[ask.query]);
    const first = chosen ?? (differs(ask) ? null : (documents[0] ?? null));
    const details = this.details[ask.query];
    const other = ask.candidates.find(
      ({ document, claim_set }) => document === first?.document && claim_set === details,
    );
    return (details === undefined ? null : other) ?? first;
  }

  /** The documents shown beside the one that answers. */
  others(ask: AskView): CandidateView[] {
    const first = this.candidate(ask);
    return documentsOf(ask).filter(
      ({ document }) => document !== first?.document && this.beside[ask.query]?.includes(document),
    );
  }

  /** Shows a document beside the one that answers, or no more. */
  show(ask: AskView, document: string, wanted: boolean): void {
    const others = (this.beside[ask.query] ?? []).filter((other) => other !== document);
    this.beside[ask.query] = wanted ? [...others, document] : others;
  }

  /** Everything that would leave for a part. Where no document is chosen yet, what the proposed one would give. */
  private leaving(ask: AskView): CandidateView[] {
    const first = this.candidate(ask) ?? ask.candidates[0];
    return first ? [first, ...this.others(ask)] : [];
  }

  /** Questions for which the person has yet to choose a document. */
  get undecided(): AskView[] {
    return this.answered.filter((ask) => this.candidate(ask) === null);
  }

  /** Labels of what would leave. */
  get labels(): string[] {
    return this.answered
      .flatMap((ask) => this.leaving(ask))
      .flatMap((candidate) => candidate.claims.map((claim) => claim.label));
  }

  /** How many details would leave. */
  get count(): number {
    return this.labels.length;
  }

  choices(): ChoicesView {
    const documents: Record<string, string[]> = {};
    const details: Record<string, number> = {};
    for (const ask of this.answered) {
      const candidate = this.candidate(ask);
      if (!candidate) continue;
      documents[ask.query] = [candidate, ...this.others(ask)].map(({ document }) => document);
      if (candidate.claim_set !== null && this.others(ask).length === 0)
        details[ask.query] = candidate.claim_set;
    }
    return { documents, details, add: [], options: { ...this.options }, despite_warnings: this.despite };
  }
}
