// Two small certificate authorities and who they vouch for, made with @peculiar/x509 at every start.

import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { exportJWK } from "jose";

x509.cryptoProvider.set(webcrypto);

const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 86_400_000;

/** A key pair with its JWKs. */
export async function key() {
  const keys = await webcrypto.subtle.generateKey(ES256, true, ["sign", "verify"]);
  const jwk = { ...(await exportJWK(keys.privateKey)), alg: "ES256" };
  const { d: _, ...publicJwk } = jwk;
  return { ...keys, jwk, publicJwk };
}

/** A key pair that is its own name. */
export async function didKey() {
  const keys = await key();
  const { kty, crv, x, y } = keys.publicJwk;
  return { ...keys, did: `did:jwk:${Buffer.from(JSON.stringify({ kty, crv, x, y })).toString("base64url")}` };
}

const from = () => new Date(Date.now() - DAY);
const until = () => new Date(Date.now() + 90 * DAY);

/** A self-signed authority. */
export async function authority(name) {
  const keys = await key();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name,
    notBefore: from(),
    notAfter: until(),
    signingAlgorithm: ES256,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
    ],
  });
  return { ...keys, name, certificate };
}

/** A signer below an authority. `purposes` are extended key usages; `dns` subject alternative names. */
export async function signer(below, name, { purposes = [], dns = [] } = {}) {
  const keys = await key();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: "0a" + Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString("hex"),
    subject: name,
    issuer: below.name,
    notBefore: from(),
    notAfter: until(),
    signingAlgorithm: ES256,
    publicKey: keys.publicKey,
    signingKey: below.privateKey,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      await x509.AuthorityKeyIdentifierExtension.create(below.publicKey, false, webcrypto),
      ...(purposes.length ? [new x509.ExtendedKeyUsageExtension(purposes, true)] : []),
      ...(dns.length ? [new x509.SubjectAlternativeNameExtension(dns.map((value) => ({ type: "dns", value })))] : []),
    ],
  });
  return { ...keys, certificate };
}

/** A certificate nobody else signed, as `openssl req -x509` makes it: a CA that signs data itself. */
export async function selfSigned(name) {
  const keys = await key();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "02",
    name,
    notBefore: from(),
    notAfter: until(),
    signingAlgorithm: ES256,
    keys,
    extensions: [
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      new x509.BasicConstraintsExtension(true, undefined, true),
    ],
  });
  return { ...keys, certificate };
}

export const der = (certificate) => new Uint8Array(certificate.rawData);
export const base64 = (certificate) => Buffer.from(certificate.rawData).toString("base64");
export const pem = (certificate) => certificate.toString("pem") + "\n";

/** Follows a chain (DER, the signer first) to one of the trusted certificates, every signature and date checked. */
export async function verifyChain(chain, trusted, now = new Date()) {
  const [leaf, ...rest] = chain.map((bytes) => new x509.X509Certificate(bytes));
  const roots = trusted.map((bytes) => new x509.X509Certificate(bytes));
  const built = await new x509.X509ChainBuilder({ certificates: [...rest, ...roots] }).build(leaf, webcrypto);
  const end = built[built.length - 1];
  if (!roots.some((root) => root.equal(end))) throw new Error("the chain ends at no trusted certificate");
  if (end.notBefore > now || end.notAfter < now) throw new Error("the trusted certificate is out of date");
  for (const [at, certificate] of built.slice(0, -1).entries()) {
    const { publicKey } = built[at + 1];
    if (!(await certificate.verify({ publicKey, date: now }, webcrypto))) throw new Error("a certificate does not verify");
  }
  return leaf;
}

/** A certificate of a PEM text. */
export const fromPem = (text) => new x509.X509Certificate(text);

/** The dNSNames of a certificate (base64 DER). */
export function dnsNames(certificate) {
  const names = new x509.X509Certificate(certificate).getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? [];
  return names.filter(({ type }) => type === "dns").map(({ value }) => value);
}

/** What @owf/mdoc wants to know of a certificate. */
export const certificates = {
  getIssuerNameField: ({ certificate, field }) => new x509.X509Certificate(certificate).issuerName.getField(field),
  verifyCertificateChain: async ({ trustedCertificates, x5chain, now }) => {
    await verifyChain(x5chain, trustedCertificates, now);
  },
  getCertificateData: async ({ certificate }) => {
    const read = new x509.X509Certificate(certificate);
    return {
      issuerName: read.issuerName.toString(),
      subjectName: read.subjectName.toString(),
      serialNumber: read.serialNumber,
      thumbprint: Buffer.from(await read.getThumbprint(webcrypto)).toString("hex"),
      notBefore: read.notBefore,
      notAfter: read.notAfter,
      pem: read.toString("pem"),
    };
  },
  publicJwk: async (certificate) => {
    const read = new x509.X509Certificate(certificate);
    return exportJWK(await read.publicKey.export(ES256, ["verify"], webcrypto));
  },
};
