// A verifier: @openid4vc/openid4vp for the protocol, formats.mjs for what arrives.

import { randomBytes } from "node:crypto";
import { Openid4vpVerifier, calculateX509HashClientIdPrefixValue } from "@openid4vc/openid4vp";
import { callbacks } from "./callbacks.mjs";
import { sessionTranscript, verifyMdoc, verifySdJwtVc } from "./formats.mjs";
import { base64, der, key } from "./pki.mjs";

/**
 * @param base where the verifier answers
 * @param signers who signs requests, by client: a key with a certificate chain or a DID
 * @param trusted root certificates of issuers, `sdJwt` and `mdoc`, and `dids`
 */
export async function verifier({ base, signers, trusted }) {
  const decryption = { ...(await key()).jwk, alg: "ECDH-ES", use: "enc", kid: "encryption/1" };
  const { d: _, ...encryption } = decryption;
  const requests = new Map();

  async function clientId(client) {
    if (client === "x509_san_dns") return "x509_san_dns:localhost";
    if (client === "did") return `decentralized_identifier:${signers.did.did}`;
    const x509Certificate = der(signers[client].chain[0]);
    return `x509_hash:${await calculateX509HashClientIdPrefixValue({ x509Certificate, hash: callbacks().hash })}`;
  }

  const jwtSigner = ({ chain, did }) =>
    chain
      ? { method: "x5c", alg: "ES256", x5c: chain.map(base64) }
      : { method: "did", alg: "ES256", didUrl: `${did}#0` };

  async function request({ client, encrypted, dcql, method, aud }) {
    const id = randomBytes(12).toString("hex");
    const signer = signers[client];
    const vp = new Openid4vpVerifier({ callbacks: callbacks({ privateKeyFor: () => signer.key, decryption }) });
    const payload = {
      response_type: "vp_token",
      client_id: await clientId(client),
      response_uri: `${base}/response?id=${id}`,
      response_mode: encrypted ? "direct_post.jwt" : "direct_post",
      nonce: randomBytes(16).toString("base64url"),
      state: randomBytes(8).toString("hex"),
      dcql_query: dcql,
      client_metadata: {
        client_name: "Foreign Verifier",
        ...(encrypted
          ? { jwks: { keys: [encryption] }, encrypted_response_enc_values_supported: ["A128GCM", "A256GCM"] }
          : {}),
        vp_formats_supported: {
          "dc+sd-jwt": { "sd-jwt_alg_values": ["ES256"], "kb-jwt_alg_values": ["ES256"] },
          mso_mdoc: { issuerauth_alg_values: [-9], deviceauth_alg_values: [-9] },
        },
      },
    };
    const made = await vp.createOpenId4vpAuthorizationRequest({
      scheme: "openid4vp://authorize",
      authorizationRequestPayload: payload,
      jar: {
        requestUri: `${base}/request/${id}`,
        jwtSigner: jwtSigner(signer),
        expiresInSeconds: 300,
        ...(aud ? { additionalJwtPayload: { aud } } : {}),
      },
    });
    const link = made.authorizationRequest + (method === "post" ? "&request_uri_method=post" : "");
    requests.set(id, { vp, signer, payload, made, method, result: null, posts: [] });
    return { id, link };
  }

  /** The request object; with `request_uri_method=post` it repeats the wallet's nonce. */
  async function object(known, body) {
    if (known.method !== "post") return known.made.jar.authorizationRequestJwt;
    const nonce = new URLSearchParams(body).get("wallet_nonce");
    const again = await known.vp.createOpenId4vpAuthorizationRequest({
      authorizationRequestPayload: { ...known.payload, wallet_nonce: nonce },
      wallet: { expectedNonce: nonce },
      jar: {
        requestUri: known.made.jar.requestUri,
        jwtSigner: jwtSigner(known.signer),
        expiresInSeconds: 300,
      },
    });
    return again.jar.authorizationRequestJwt;
  }

  async function check(known, body) {
    const form = Object.fromEntries(new URLSearchParams(body));
    if (form.error) return { refused: form.error, state_repeated: form.state === known.payload.state };
    const response = await known.vp.parseOpenid4vpAuthorizationResponse({
      authorizationResponse: form,
      authorizationRequestPayload: known.payload,
      callbacks: callbacks({ decryption }),
    });
    const encrypted = known.payload.response_mode === "direct_post.jwt";
    const { client_id: clientId, nonce, response_uri: responseUri } = known.payload;
    const encryptionJwk = encrypted ? encryption : undefined;
    const transcript = await sessionTranscript({ clientId, nonce, responseUri, encryptionJwk });
    const credentials = {};
    for (const [query, presentations] of Object.entries(response.dcql.presentations)) {
      credentials[query] = [];
      for (const presentation of presentations) {
        const { format } = known.payload.dcql_query.credentials.find(({ id }) => id === query);
        credentials[query].push(
          format === "mso_mdoc"
            ? await verifyMdoc(presentation, { trusted: trusted.mdoc, transcript })
            : await verifySdJwtVc(presentation, {
                trusted: trusted.sdJwt,
                dids: trusted.dids,
                nonce,
                audience: clientId,
              }),
        );
      }
    }
    return { valid: true, credentials };
  }

  async function answer({ path, method, query, body }) {
    const asked = path.match(/^\/request\/([0-9a-f]+)$/)?.[1];
    if (asked && requests.has(asked)) {
      const jwt = await object(requests.get(asked), body);
      return { status: 200, media: "application/oauth-authz-req+jwt", body: jwt };
    }
    const known = path === "/response" && method === "POST" ? requests.get(query.get("id")) : null;
    if (!known) return null;
    // As it came over the wire, to be looked at by somebody else than the libraries here.
    known.posts.push(body);
    try {
      known.result = await check(known, body);
      // An empty body, and one with a way back: both say thank you.
      const way = known.result.valid && known.payload.response_mode === "direct_post.jwt";
      return { status: 200, media: "application/json", body: way ? JSON.stringify({ redirect_uri: `${base}/thanks#done` }) : "" };
    } catch (error) {
      known.result = { valid: false, reason: `${error.message} ${error.cause?.message ?? ""}` };
      return { status: 400, media: "application/json", body: JSON.stringify({ error: "invalid_request" }) };
    }
  }

  return {
    request,
    answer,
    result: (id) => requests.get(id)?.result ?? null,
    posts: (id) => requests.get(id)?.posts ?? [],
  };
}
