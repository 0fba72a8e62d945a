// The peers as one process for the tests. It prints one line of JSON saying where everything is, then answers one line of
// JSON for each line of JSON it is given, and ends when its standard input does.

import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { holder } from "./holder.mjs";
import { issuer } from "./issuer.mjs";
import * as pki from "./pki.mjs";
import { verifier } from "./verifier.mjs";
import * as formats from "./formats.mjs";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const keep = (name, certificate) => {
  const file = join(folder, name);
  writeFileSync(file, pki.pem(certificate));
  return file;
};

// Certificates: every character of issuer and verifier has its own.
const MDL_DOCUMENT_SIGNER = "1.0.18013.5.1.2";
const issuerRoot = await pki.authority("CN=Foreign Issuer Root,C=GB");
const issuerLeaf = await pki.signer(issuerRoot, "CN=Foreign Issuer,C=GB", { dns: ["foreign.example"] });
const iaca = await pki.authority("CN=Foreign IACA,C=GB");
const documentSigner = await pki.signer(iaca, "CN=Foreign Document Signer,C=GB", { purposes: [MDL_DOCUMENT_SIGNER] });
const bareDocumentSigner = await pki.signer(iaca, "CN=Foreign Document Signer 2,C=GB");
const lonelyIssuer = await pki.selfSigned("CN=Lonely Issuer,C=GB");
const readerRoot = await pki.authority("CN=Foreign Reader Root,C=GB");
const reader = await pki.signer(readerRoot, "CN=Foreign Verifier,C=GB", { dns: ["localhost"] });
const strangerRoot = await pki.authority("CN=Stranger Root,C=GB");
const stranger = await pki.signer(strangerRoot, "CN=Stranger,C=GB", { dns: ["localhost"] });
const lonelyVerifier = await pki.selfSigned("CN=Lonely Verifier,C=GB");
const didKey = await pki.didKey();
const serviceDidKey = await pki.didKey();

const routes = [];
const http = createServer(async (incoming, outgoing) => {
  const url = new URL(incoming.url, `http://${incoming.headers.host}`);
  let body = "";
  for await (const chunk of incoming) body += chunk;
  const { method } = incoming;
  const request = { method, url: url.toString(), headers: new Headers(incoming.headers) };
  const asked = { path: url.pathname, query: url.searchParams, method, request, body };
  let answer = null;
  try {
    for (const route of routes) answer ??= await route(asked);
  } catch (error) {
    const json = error.errorResponse ?? { error: "server_error", error_description: error.message };
    answer = { status: error.errorResponse ? (error.status ?? 400) : 500, media: "application/json", body: JSON.stringify(json) };
    if (!error.errorResponse) console.error(`${method} ${url.pathname}: ${error.stack}`);
  }
  outgoing.writeHead(answer?.status ?? 404, answer ? { "content-type": answer.media } : {});
  outgoing.end(answer?.body ?? "");
});
await new Promise((ready) => http.listen(0, "127.0.0.1", ready));
const { port } = http.address();

const issuers = {
  plain: await issuer({
    base: `http://127.0.0.1:${port}/issuers/plain`,
    character: "plain",
    signers: {
      sdJwt: { key: issuerLeaf, chain: [issuerLeaf.certificate] },
      mdoc: { key: documentSigner, chain: [documentSigner.certificate] },
      did: didKey,
    },
  }),
  // The roots travel along, the document signer has no extended key usage.
  unusual: await issuer({
    base: `http://localhost:${port}/tenants/7/unusual`,
    character: "unusual",
    signers: {
      sdJwt: { key: issuerLeaf, chain: [issuerLeaf.certificate, issuerRoot.certificate] },
      mdoc: { key: bareDocumentSigner, chain: [bareDocumentSigner.certificate, iaca.certificate] },
      did: didKey,
    },
  }),
  // One certificate that nobody else signed.
  lonely: await issuer({
    base: `http://127.0.0.1:${port}/issuers/lonely`,
    character: "plain",
    signers: {
      sdJwt: { key: lonelyIssuer, chain: [lonelyIssuer.certificate] },
      mdoc: { key: documentSigner, chain: [documentSigner.certificate] },
      did: didKey,
    },
  }),
};
const trusted = {
  sdJwt: [issuerRoot.certificate, lonelyIssuer.certificate],
  mdoc: [iaca.certificate],
  dids: [didKey.did],
};
const service = await verifier({
  base: `http://localhost:${port}`,
  signers: {
    x509_hash: { key: reader, chain: [reader.certificate] },
    x509_san_dns: { key: reader, chain: [reader.certificate, readerRoot.certificate] },
    x509_hash_stranger: { key: stranger, chain: [stranger.certificate] },
    x509_hash_lonely: { key: lonelyVerifier, chain: [lonelyVerifier.certificate] },
    did: { key: serviceDidKey, did: serviceDidKey.did },
  },
  trusted,
});
routes.push(...Object.values(issuers).map(({ answer }) => answer), service.answer);

let wallet = null;
const does = {
  // A holder that trusts these roots, for our issuers and services.
  hold: ({ roots }) => {
    wallet = holder({ roots });
  },
  add: (offered) => wallet.add(offered),
  share: (asked) => wallet.share(asked),
  offer: ({ issuer: name, ...wanted }) => issuers[name].offer(wanted),
  request: service.request,
  result: ({ id }) => service.result(id),
  posts: ({ id }) => service.posts(id),
  // Formats without a protocol around them.
  issue: async ({ issuer: name, configuration, by, device_key: deviceKey }) =>
    issuers[name].issue(configuration, by, deviceKey),
  verify_mdoc: async ({ presentation, client_id: clientId, nonce, response_uri: responseUri }) => {
    const transcript = await formats.sessionTranscript({ clientId, nonce, responseUri });
    return formats.verifyMdoc(presentation, { trusted: trusted.mdoc, transcript });
  },
  verify_sd_jwt_vc: async ({ presentation, audience, nonce }) =>
    formats.verifySdJwtVc(presentation, { trusted: trusted.sdJwt, dids: trusted.dids, audience, nonce }),
};

const say = (value) => process.stdout.write(JSON.stringify(value) + "\n");
say({
  port,
  dids: { issuer: didKey.did, service: serviceDidKey.did },
  roots: {
    issuer: keep("issuer-root.pem", issuerRoot.certificate),
    iaca: keep("iaca.pem", iaca.certificate),
    lonely_issuer: keep("lonely-issuer.pem", lonelyIssuer.certificate),
    service: keep("service-root.pem", readerRoot.certificate),
    lonely_service: keep("lonely-service.pem", lonelyVerifier.certificate),
  },
});
for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...wanted } = JSON.parse(line);
  try {
    say({ ok: (await does[name](wanted)) ?? null });
  } catch (error) {
    say({ error: `${error.message} ${error.cause?.message ?? ""}` });
  }
}
http.closeAllConnections();
http.close();
