/** The person's answer while it is being made: which documents, what is added, and what that comes to. */
import type { AskView } from '../wallet/bindings/AskView';
import type { CandidateView } from '../wallet/bindings/CandidateView';
import type { ChoicesView } from '../wallet/bindings/ChoicesView';
import type { RequestView } from '../wallet/bindings/RequestView';

/** What a document would say for one question, to see whether two say the same. */
function saying(candidate: CandidateView): string {
  return JSON.stringify(candidate.claims.map((claim) => [claim.path, claim.value]));
}

/** Whether the documents that fit say different things, so that only the person can choose. */
export function differs(ask: AskView): boolean {
  const [first, ...others] = ask.candidates.map(saying);
  return others.some((other) => other !== first);
}

/** Why a request cannot be answered from what is held, rather than because of who asks. */
const NOT_HELD = ['nothing-matches', 'document-out-of-date', 'document-withdrawn', 'status-unknown'];

/** Nobody did anything wrong: no document here answers. */
export function nothingAnswers(request: RequestView): boolean {
  if (request.blocked) return NOT_HELD.includes(request.blocked.code);
  return request.can_share && request.asks.some((ask) => !ask.optional && ask.candidates.length === 0);
}

export class Answer {
  readonly required: AskView[];
  readonly optional: AskView[];
  /** Chosen by the person: query → document. */
  documents = $state<Record<string, string>>({});
  /** Optional questions ticked; none beforehand. */
  added = $state<string[]>([]);
  /** The person ticked "I have read this" on the interruption page. */
  despite = $state(false);

  constructor(request: RequestView) {
    this.required = request.asks.filter((ask) => !ask.optional);
    this.optional = request.asks.filter((ask) => ask.optional && ask.candidates.length > 0);
  }

  /** The document that would answer: the chosen one, else the proposed one unless they differ. */
  candidate(ask: AskView): CandidateView | null {
    const chosen = ask.candidates.find((candidate) => candidate.document === this.documents[ask.query]);
    return chosen ?? (differs(ask) ? null : (ask.candidates[0] ?? null));
  }

  /** Questions for which the person has yet to choose a document. */
  get undecided(): AskView[] {
    return this.required.filter((ask) => this.candidate(ask) === null);
  }

  add(query: string, wanted: boolean): void {
    this.added = wanted ? [...this.added, query] : this.added.filter((other) => other !== query);
  }

  /** What is answered: the required questions, then those added. */
  get answered(): AskView[] {
    return [...this.required, ...this.optional.filter((ask) => this.added.includes(ask.query))];
  }

  /** How many details would leave. Where no document is chosen yet, as many as the proposed one would give. */
  get count(): number {
    return this.answered
      .map((ask) => (this.candidate(ask) ?? ask.candidates[0])?.claims.length ?? 0)
      .reduce((sum, next) => sum + next, 0);
  }

  /** Labels of what would leave. */
  get labels(): string[] {
    return this.answered.flatMap(
      (ask) => (this.candidate(ask) ?? ask.candidates[0])?.claims.map((claim) => claim.label) ?? [],
    );
  }

  choices(): ChoicesView {
    const documents: Record<string, string> = {};
    for (const ask of this.answered) {
      const candidate = this.candidate(ask);
      if (candidate) documents[ask.query] = candidate.document;
    }
    return { documents, add: [...this.added], despite_warnings: this.despite };
  }
}
