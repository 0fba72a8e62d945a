// What @openid4vc asks its user for: signatures, encryption, hashes, randomness; all from jose and node:crypto.

import { createHash, randomBytes } from "node:crypto";
import * as jose from "jose";
import { setGlobalConfig } from "@openid4vc/oauth2";

// Plain http on loopback.
setGlobalConfig({ allowInsecureUrls: true });

const keyOf = async (signer, header) => {
  if (signer.method === "jwk") return signer.publicJwk;
  if (signer.method === "did" && signer.didUrl.startsWith("did:jwk:")) {
    return JSON.parse(Buffer.from(signer.didUrl.split("#")[0].slice("did:jwk:".length), "base64url").toString());
  }
  throw new Error(`no key for ${signer.method} ${header.alg}`);
};

/** `privateKeys` by the signer's `kid`, x5c leaf or DID; `decryption` is a private JWK. */
export function callbacks({ privateKeyFor, decryption } = {}) {
  return {
    fetch: globalThis.fetch,
    hash: (data, algorithm) => new Uint8Array(createHash(algorithm.replace("-", "")).update(data).digest()),
    generateRandom: (length) => new Uint8Array(randomBytes(length)),
    clientAuthentication: () => {},
    signJwt: async (signer, { header, payload }) => {
      const { privateKey, publicJwk } = privateKeyFor(signer);
      const jwt = await new jose.SignJWT(payload).setProtectedHeader({ ...header, alg: "ES256" }).sign(privateKey);
      return { jwt, signerJwk: publicJwk };
    },
    verifyJwt: async (signer, { header, compact }) => {
      const jwk = await keyOf(signer, header);
      try {
        await jose.compactVerify(compact, await jose.importJWK(jwk, header.alg), { algorithms: ["ES256"] });
        return { verified: true, signerJwk: jwk };
      } catch {
        return { verified: false };
      }
    },
    encryptJwe: async () => {
      throw new Error("nothing is encrypted here");
    },
    decryptJwe: async (jwe) => {
      const { plaintext } = await jose.compactDecrypt(jwe, await jose.importJWK(decryption, "ECDH-ES"));
      return { decrypted: true, decryptionJwk: decryption, payload: new TextDecoder().decode(plaintext) };
    },
  };
}
