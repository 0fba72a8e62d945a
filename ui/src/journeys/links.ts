/** Tells from its first letters what a pasted link is for; the wallet itself reads it properly. */
import type { LinkKind } from '../wallet/bindings/LinkKind';

const SCHEMES: Record<LinkKind, string[]> = {
  offer: ['openid-credential-offer:', 'haip-vci:'],
  request: ['openid4vp:', 'haip-vp:'],
};

/** The kind its scheme says; null when the scheme says nothing, as with https. */
export function kindOf(link: string): LinkKind | null {
  const text = link.trim().toLowerCase();
  if (SCHEMES.offer.some((scheme) => text.startsWith(scheme))) return 'offer';
  if (SCHEMES.request.some((scheme) => text.startsWith(scheme))) return 'request';
  return null;
}
