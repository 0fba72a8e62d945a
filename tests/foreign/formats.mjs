// The two credential formats, by libraries that are not ours: @sd-jwt/sd-jwt-vc, @owf/mdoc and @auth0/mdl.

import { createHash, randomBytes, webcrypto } from "node:crypto";
import { createRequire } from "node:module";
import {
  CoseKey,
  DateOnly,
  DeviceKey,
  DeviceRequest,
  DeviceResponse,
  DocRequest,
  IssuerSigned,
  Issuer,
  ItemsRequest,
  SessionTranscript,
  SignatureAlgorithm,
} from "@owf/mdoc";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import { calculateJwkThumbprint, compactVerify, importJWK } from "jose";
import auth0 from "@auth0/mdl";
import { certificates, der, pem, verifyChain } from "./pki.mjs";

// The library's own encoder, which it does not export: its issuer makes whole responses only, and OpenID4VCI wants less.
const { cborEncode } = createRequire(import.meta.url)("@auth0/mdl/lib/cbor/index.js");

const sign = async (key, bytes) =>
  new Uint8Array(await webcrypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, bytes));

async function verify(jwk, signature, bytes) {
  const { kty, crv, x, y } = jwk;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const key = await webcrypto.subtle.importKey("jwk", { kty, crv, x, y }, algorithm, false, ["verify"]);
  return webcrypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, bytes);
}

// ---- SD-JWT VC ------------------------------------------------------------------------------------------------------

const hasher = (data, algorithm) => new Uint8Array(createHash(algorithm.replace("-", "")).update(data).digest());

/** Issues an SD-JWT VC; `header` says who signs (`x5c` or `kid`), `salt` how many bytes a salt has. */
export async function issueSdJwtVc({ key, header, claims, disclose, salt = 16 }) {
  const instance = new SDJwtVcInstance({
    hasher,
    hashAlg: "sha-256",
    saltGenerator: () => randomBytes(salt).toString("base64url"),
    signAlg: "ES256",
    signer: async (data) => Buffer.from(await sign(key.privateKey, Buffer.from(data))).toString("base64url"),
  });
  return instance.issue(claims, disclose, { header });
}

/**
 * Verifies a presented SD-JWT VC: the issuer's chain or DID, its signature, the holder's signature, `sd_hash`, nonce and
 * audience. Answers the claims that were disclosed.
 */
export async function verifySdJwtVc(presentation, { trusted, dids = [], nonce, audience }) {
  const [header] = presentation.split(".");
  const { x5c, kid } = JSON.parse(Buffer.from(header, "base64url").toString());
  let issuer;
  if (x5c) {
    const chain = x5c.map((entry) => new Uint8Array(Buffer.from(entry, "base64")));
    await verifyChain(chain, trusted.map(der));
    issuer = await certificates.publicJwk(chain[0]);
  } else {
    const did = kid?.split("#")[0];
    if (!dids.includes(did)) throw new Error("the issuer is not trusted");
    issuer = JSON.parse(Buffer.from(did.slice("did:jwk:".length), "base64url").toString());
  }
  let bound = false;
  const instance = new SDJwtVcInstance({
    hasher,
    hashAlg: "sha-256",
    verifier: async (data, signature) => verify(issuer, Buffer.from(signature, "base64url"), Buffer.from(data)),
    kbVerifier: async (data, signature, payload) => {
      const key = await importJWK(payload.cnf.jwk, "ES256");
      const binding = await compactVerify(`${data}.${signature}`, key, { algorithms: ["ES256"] });
      const { aud, iat } = JSON.parse(new TextDecoder().decode(binding.payload));
      if (aud !== audience) throw new Error("the key binding is for another audience");
      if (Math.abs(Date.now() / 1000 - iat) > 120) throw new Error("the key binding is not fresh");
      bound = true;
      return true;
    },
  });
  const { payload } = await instance.verify(presentation, { keyBindingNonce: nonce });
  if (!bound) throw new Error("the key binding was not verified");
  return payload;
}

/**
 * Verifies an SD-JWT VC as its holder received it, its status among it, which the library fetches; answers its claims.
 */
export async function receiveSdJwtVc(credential, { trusted }) {
  const verifier = async (data, signature) => {
    const { x5c } = JSON.parse(Buffer.from(data.split(".")[0], "base64url").toString());
    const chain = x5c.map((entry) => new Uint8Array(Buffer.from(entry, "base64")));
    await verifyChain(chain, trusted.map(der));
    return verify(await certificates.publicJwk(chain[0]), Buffer.from(signature, "base64url"), Buffer.from(data));
  };
  const instance = new SDJwtVcInstance({ hasher, hashAlg: "sha-256", verifier, statusVerifier: verifier });
  return (await instance.verify(credential)).payload;
}

/** Presents the claims of `frame`, bound to a verifier. */
export async function presentSdJwtVc(credential, { frame, key, nonce, audience }) {
  const instance = new SDJwtVcInstance({
    hasher,
    hashAlg: "sha-256",
    saltGenerator: () => randomBytes(16).toString("base64url"),
    kbSignAlg: "ES256",
    kbSigner: async (data) => Buffer.from(await sign(key.privateKey, Buffer.from(data))).toString("base64url"),
  });
  const payload = { iat: Math.floor(Date.now() / 1000), aud: audience, nonce };
  return instance.present(credential, frame, { kb: { payload } });
}

// ---- mdoc -----------------------------------------------------------------------------------------------------------

/** The cryptography @owf/mdoc leaves to its user. */
const context = {
  crypto: {
    random: (length) => new Uint8Array(randomBytes(length)),
    digest: ({ digestAlgorithm, bytes }) => hasher(bytes, digestAlgorithm.toLowerCase()),
    calculateEphemeralMacKey: () => {
      throw new Error("no device MAC is expected over OpenID4VP");
    },
  },
  cose: {
    sign1: {
      sign: async ({ toBeSigned, key }) => {
        const { alg: _, key_ops: __, ...jwk } = key.jwk;
        const algorithm = { name: "ECDSA", namedCurve: "P-256" };
        return sign(await webcrypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"]), toBeSigned);
      },
      verify: async ({ key, sign1 }) => verify(key.jwk, sign1.signature, sign1.toBeSigned),
    },
    mac0: {
      sign: () => {
        throw new Error("no MAC");
      },
      verify: () => false,
    },
  },
  x509: {
    ...certificates,
    getPublicKey: async ({ certificate }) => CoseKey.fromJwk(await certificates.publicJwk(certificate)),
  },
};

/** Issues an mdoc as @owf/mdoc does, `IssuerSigned` in base64url. */
export async function issueMdoc({ key, chain, docType, nameSpaces, deviceKey, validUntil }) {
  const issuer = new Issuer(docType, context);
  for (const [name, elements] of Object.entries(nameSpaces)) issuer.addIssuerNamespace(name, elements);
  const { kty, crv, x, y } = deviceKey;
  const signed = new Date(Math.floor(Date.now() / 1000) * 1000);
  const issued = await issuer.sign({
    signingKey: CoseKey.fromJwk(key.jwk),
    algorithm: SignatureAlgorithm.ES256,
    digestAlgorithm: "SHA-256",
    certificates: chain.map(der),
    deviceKeyInfo: { deviceKey: DeviceKey.fromJwk({ kty, crv, x, y }) },
    validityInfo: { signed, validFrom: signed, validUntil },
  });
  return issued.encodedForOid4Vci;
}

/** Issues an mdoc as @auth0/mdl does. */
export async function issueMdocAuth0({ key, chain, docType, nameSpaces, deviceKey, validUntil }) {
  const document = new auth0.Document(docType);
  for (const [name, elements] of Object.entries(nameSpaces)) document.addIssuerNameSpace(name, elements);
  const { kty, crv, x, y } = deviceKey;
  const signed = new Date(Math.floor(Date.now() / 1000) * 1000);
  const done = await document
    .useDigestAlgorithm("SHA-256")
    .addValidityInfo({ signed, validFrom: signed, validUntil })
    .addDeviceKeyInfo({ deviceKey: { kty, crv, x, y } })
    .sign({ issuerPrivateKey: key.jwk, issuerCertificate: pem(chain[0]), alg: "ES256" });
  return cborEncode(done.prepare().get("issuerSigned")).toString("base64url");
}

/** Verifies an mdoc as its holder received it; answers its type, its elements and the key it is bound to. */
export async function receiveMdoc(encoded, { trusted }) {
  const issued = IssuerSigned.fromEncodedForOid4Vci(encoded);
  await issued.verify({ trustedCertificates: trusted.map(der) }, context);
  const { deviceKey } = issued.issuerAuth.mobileSecurityObject.deviceKeyInfo;
  const { docType } = issued.issuerAuth.mobileSecurityObject;
  const { issuerNamespaces } = issued.issuerNamespaces;
  const elements = Object.fromEntries([...issuerNamespaces.keys()].map((name) => [name, issued.getPrettyClaims(name)]));
  return { docType, elements, deviceKey: deviceKey.jwk };
}

/** Presents the elements of `nameSpaces` ({name space: [element]}). */
export async function presentMdoc(encoded, { docType, nameSpaces, key, transcript }) {
  const asked = Object.entries(nameSpaces).map(([name, elements]) => [name, new Map(elements.map((element) => [element, false]))]);
  const itemsRequest = ItemsRequest.create({ docType, namespaces: new Map(asked) });
  const response = await DeviceResponse.create(
    {
      deviceRequest: DeviceRequest.create({ docRequests: [DocRequest.create({ itemsRequest })] }),
      issuerSigned: [IssuerSigned.fromEncodedForOid4Vci(encoded)],
      sessionTranscript: transcript,
      signature: { signingKey: CoseKey.fromJwk(key.jwk) },
    },
    context,
  );
  return response.encodedForOid4Vp;
}

/** The session transcript of OpenID4VP 1.0, B.2.6.1, as @owf/mdoc makes it. */
export async function sessionTranscript({ clientId, nonce, responseUri, encryptionJwk }) {
  const jwkThumbprint = encryptionJwk
    ? new Uint8Array(Buffer.from(await calculateJwkThumbprint(encryptionJwk, "sha256"), "base64url"))
    : undefined;
  return SessionTranscript.forOid4Vp({ clientId, nonce, jwkThumbprint, responseUri }, context);
}

/**
 * Verifies a `DeviceResponse` with two libraries: device signature over the session transcript, issuer's chain and
 * signature, every digest, validity. Answers document type and elements.
 */
export async function verifyMdoc(encoded, { trusted, transcript }) {
  const checks = [];
  const response = DeviceResponse.fromEncodedForOid4Vp(encoded);
  await response.verify(
    { sessionTranscript: transcript, trustedCertificates: trusted.map(der), onCheck: (check) => checks.push(check) },
    context,
  );
  const failed = checks.filter((check) => check.status === "FAILED");
  const deviceSigned = checks.some((check) => check.category === "DEVICE_AUTH" && check.status === "PASSED");
  if (failed.length || !deviceSigned) throw new Error(`@owf/mdoc: ${JSON.stringify(failed)}`);
  const second = await new auth0.Verifier(trusted.map(pem)).verify(Buffer.from(encoded, "base64url"), {
    encodedSessionTranscript: Buffer.from(transcript.encode({ asDataItem: true })),
    onCheck: (check) => {
      if (check.status === "FAILED") throw new Error(`@auth0/mdl: ${check.check}: ${check.reason ?? ""}`);
    },
  });
  return response.documents.map((document, at) => ({
    docType: document.docType,
    elements: Object.fromEntries(
      [...(document.issuerSigned.issuerNamespaces?.issuerNamespaces ?? [])].map(([name, items]) => [
        name,
        Object.fromEntries(items.map((item) => [item.elementIdentifier, plain(item.elementValue)])),
      ]),
    ),
    by_both: second.documents[at].docType === document.docType,
  }));
}

const plain = (value) => {
  if (value instanceof Date || value instanceof DateOnly) return value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return value;
};

export { DateOnly };
