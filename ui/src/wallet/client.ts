/** The wallet, as the window sees it: one line for each command of `src-tauri`. */
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { AddingProgressView } from './bindings/AddingProgressView';
import type { ArrivedView } from './bindings/ArrivedView';
import type { ChoicesView } from './bindings/ChoicesView';
import type { DocumentSummary } from './bindings/DocumentSummary';
import type { DocumentView } from './bindings/DocumentView';
import type { HistoryEntryView } from './bindings/HistoryEntryView';
import type { HistoryFilter } from './bindings/HistoryFilter';
import type { HistoryProofView } from './bindings/HistoryProofView';
import type { Language } from './bindings/Language';
import type { LinkKind } from './bindings/LinkKind';
import type { OfferView } from './bindings/OfferView';
import type { PendingView } from './bindings/PendingView';
import type { ProofView } from './bindings/ProofView';
import type { ReceivedView } from './bindings/ReceivedView';
import type { RenewedView } from './bindings/RenewedView';
import type { RequestView } from './bindings/RequestView';
import type { ShareResultView } from './bindings/ShareResultView';
import type { ShowCodeView } from './bindings/ShowCodeView';
import type { ShowQuestionView } from './bindings/ShowQuestionView';
import type { UpkeepView } from './bindings/UpkeepView';
import type { WalletStateView } from './bindings/WalletStateView';

/** What was waiting, opened: the offer or the request, as `kind` says. */
export interface OpenedView {
  kind: LinkKind;
  offer?: OfferView | null;
  request?: RequestView | null;
}

/** Each function rejects with a `Problem`. */
export const client = {
  state: () => invoke<WalletStateView>('state'),
  setLanguage: (language: Language) => invoke<void>('set_language', { language }),

  createWallet: (pin: string) => invoke<WalletStateView>('create_wallet', { pin }),
  unlock: (pin: string) => invoke<WalletStateView>('unlock', { pin }),
  lock: () => invoke<void>('lock'),
  stillHere: () => invoke<void>('still_here'),

  documents: () => invoke<DocumentSummary[]>('documents'),
  document: (id: string) => invoke<DocumentView>('document', { id }),
  removeDocument: (id: string, pin: string) => invoke<void>('remove_document', { id, pin }),
  checkDocument: (id: string) => invoke<DocumentSummary>('check_document', { id }),

  renewDocument: (id: string) => invoke<RenewedView>('renew_document', { id }),
  keepFresh: () => invoke<UpkeepView>('keep_fresh'),

  startAdding: (link: string) => invoke<OfferView>('start_adding', { link }),
  acceptOffer: (offer: string, only: string[], code: string | null) =>
    invoke<ArrivedView>('accept_offer', { offer, only, code }),
  keepReceived: (received: string, pin: string) =>
    invoke<DocumentSummary[]>('keep_received', { received, pin }),
  discardReceived: (received: string) => invoke<void>('discard_received', { received }),
  pendingReceived: () => invoke<ReceivedView[]>('pending_received'),
  promised: () => invoke<PendingView[]>('promised'),
  collect: () => invoke<ArrivedView[]>('collect'),
  cancelAdding: (offer: string) => invoke<void>('cancel_adding', { offer }),

  startSharing: (link: string, crossDevice: boolean) =>
    invoke<RequestView>('start_sharing', { link, crossDevice }),
  share: (request: string, digest: string, choices: ChoicesView, pin: string) =>
    invoke<ShareResultView>('share', { request, digest, choices, pin }),
  decline: (request: string) => invoke<ShareResultView>('decline', { request }),
  openReturn: (history: string) => invoke<void>('open_return', { history }),

  proofs: () => invoke<ProofView[]>('proofs'),
  startShowing: (proof: string, seconds: number) =>
    invoke<ShowQuestionView>('start_showing', { proof, seconds }),
  show: (question: string, digest: string, pin: string) =>
    invoke<ShowCodeView>('show', { question, digest, pin }),

  history: (filter: HistoryFilter) => invoke<HistoryEntryView[]>('history', { filter }),
  historyEntry: (id: string) => invoke<HistoryEntryView>('history_entry', { id }),
  verifyHistory: () => invoke<HistoryProofView>('verify_history'),

  openWaiting: () => invoke<OpenedView>('open_waiting'),
  readQrPicture: (bytes: Uint8Array) => invoke<LinkKind>('read_qr_picture', { bytes: Array.from(bytes) }),

  onLocked: (then: () => void) => listen('wallet-locked', then),
  onAddingProgress: (then: (done: AddingProgressView) => void) =>
    listen<AddingProgressView>('adding-progress', (event) => then(event.payload)),
  onLinkArrived: (then: () => void) => listen('link-arrived', then),
};

/** The same functions, whoever answers them. */
export type WalletClient = typeof client;
