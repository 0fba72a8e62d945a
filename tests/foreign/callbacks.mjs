// What @openid4vc asks its user for: signatures, encryption, hashes, randomness; all from jose and node:crypto.

import { createHash, randomBytes } from "node:crypto";
import * as jose from "jose";
import { setGlobalConfig } from "@openid4vc/oauth2";
import { certificates, dnsNames, verifyChain } from "./pki.mjs";

// Plain http on loopback.
setGlobalConfig({ allowInsecureUrls: true });

const keyOf = async (signer, header, trusted) => {
  if (signer.method === "jwk") return signer.publicJwk;
  if (signer.method === "x5c") {
    const chain = signer.x5c.map((entry) => new Uint8Array(Buffer.from(entry, "base64")));
    await verifyChain(chain, trusted);
    return certificates.publicJwk(chain[0]);
  }
  if (signer.method === "did" && signer.didUrl.startsWith("did:jwk:")) {
    return JSON.parse(Buffer.from(signer.didUrl.split("#")[0].slice("did:jwk:".length), "base64url").toString());
  }
  throw new Error(`no key for ${signer.method} ${header.alg}`);
};

/** `privateKeyFor` finds a signer's key; `decryption` is a private JWK; `trusted` are root certificates (DER). */
export function callbacks({ privateKeyFor, decryption, trusted = [] } = {}) {
  return {
    fetch: globalThis.fetch,
    hash: (data, algorithm) => new Uint8Array(createHash(algorithm.replace("-", "")).update(data).digest()),
    getX509CertificateMetadata: (certificate) => ({ sanDnsNames: dnsNames(certificate), sanUriNames: [] }),
    generateRandom: (length) => new Uint8Array(randomBytes(length)),
    clientAuthentication: () => {},
    signJwt: async (signer, { header, payload }) => {
      const { privateKey, publicJwk } = privateKeyFor(signer);
      const jwt = await new jose.SignJWT(payload).setProtectedHeader({ ...header, alg: "ES256" }).sign(privateKey);
      return { jwt, signerJwk: publicJwk };
    },
    verifyJwt: async (signer, { header, compact }) => {
      const jwk = await keyOf(signer, header, trusted);
      try {
        await jose.compactVerify(compact, await jose.importJWK(jwk, header.alg), { algorithms: ["ES256"] });
        return { verified: true, signerJwk: jwk };
      } catch {
        return { verified: false };
      }
    },
    encryptJwe: async ({ publicJwk, alg, enc, apu, apv }, plaintext) => {
      const encryption = new jose.CompactEncrypt(new TextEncoder().encode(plaintext));
      encryption.setProtectedHeader({ alg, enc, kid: publicJwk.kid, ...(apu ? { apu } : {}), ...(apv ? { apv } : {}) });
      return { jwe: await encryption.encrypt(await jose.importJWK(publicJwk, alg)), encryptionJwk: publicJwk };
    },
    decryptJwe: async (jwe) => {
      const { plaintext } = await jose.compactDecrypt(jwe, await jose.importJWK(decryption, "ECDH-ES"));
      return { decrypted: true, decryptionJwk: decryption, payload: new TextDecoder().decode(plaintext) };
    },
  };
}
