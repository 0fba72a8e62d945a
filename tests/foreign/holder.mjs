// A holder: the other ends of @openid4vc/openid4vci and @openid4vc/openid4vp, to meet this project's practice issuers and
// services. It answers whatever it has and asks nobody.

import { Openid4vciClient } from "@openid4vc/openid4vci";
import { Openid4vpClient } from "@openid4vc/openid4vp";
import { callbacks } from "./callbacks.mjs";
import { presentMdoc, presentSdJwtVc, receiveMdoc, receiveSdJwtVc, sessionTranscript } from "./formats.mjs";
import { der, fromPem, key } from "./pki.mjs";

/** @param roots the certificates it trusts for issuers and services, PEM */
export function holder({ roots }) {
  const trusted = roots.map(fromPem);
  const keys = new Map(); // by x coordinate
  const held = [];
  const using = callbacks({ privateKeyFor: ({ publicJwk }) => keys.get(publicJwk.x), trusted: trusted.map(der) });

  /** Accepts an offer; answers what it got. */
  async function add({ link, code }) {
    const client = new Openid4vciClient({ callbacks: using });
    const credentialOffer = await client.resolveCredentialOffer(link);
    const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
    const { accessTokenResponse } = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
      credentialOffer,
      issuerMetadata,
      txCode: code ?? undefined,
    });
    const got = [];
    for (const credentialConfigurationId of credentialOffer.credential_configuration_ids) {
      const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata });
      const jwt = [];
      for (let copy = 0; copy < 2; copy += 1) {
        const fresh = await key();
        keys.set(fresh.publicJwk.x, fresh);
        const signer = { method: "jwk", alg: "ES256", publicJwk: fresh.publicJwk };
        const proof = await client.createCredentialRequestJwtProof({ credentialConfigurationId, issuerMetadata, nonce, signer });
        jwt.push(proof.jwt);
      }
      const { credentialResponse } = await client.retrieveCredentials({
        accessToken: accessTokenResponse.access_token,
        credentialConfigurationId,
        issuerMetadata,
        proofs: { jwt },
      });
      const { format } = issuerMetadata.credentialIssuer.credential_configurations_supported[credentialConfigurationId];
      for (const { credential } of credentialResponse.credentials) held.push(await receive(format, credential));
      got.push({ id: credentialConfigurationId, format, copies: credentialResponse.credentials.length });
    }
    return got;
  }

  async function receive(format, credential) {
    if (format === "mso_mdoc") {
      const { docType, elements, deviceKey } = await receiveMdoc(credential, { trusted });
      return { format, credential, type: docType, claims: elements, key: keys.get(deviceKey.x) };
    }
    const claims = await receiveSdJwtVc(credential, { trusted });
    return { format, credential, type: claims.vct, claims, key: keys.get(claims.cnf.jwk.x) };
  }

  /** Answers a request with what it asks for, as far as it is there. */
  async function share({ link }) {
    const client = new Openid4vpClient({ callbacks: using });
    const { params } = client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: link });
    const { authorizationRequestPayload: asked } = await client.resolveOpenId4vpAuthorizationRequest({
      authorizationRequestPayload: params,
    });
    const serverMetadata = {
      authorization_encryption_alg_values_supported: ["ECDH-ES"],
      authorization_encryption_enc_values_supported: ["A128GCM", "A256GCM"],
    };
    const encrypted = asked.response_mode === "direct_post.jwt";
    const encryptionJwk = encrypted ? asked.client_metadata.jwks.keys[0] : undefined;
    const vp_token = {};
    for (const query of asked.dcql_query.credentials) {
      const types = query.meta.vct_values ?? [query.meta.doctype_value];
      const document = held.find(({ format, type }) => format === query.format && types.includes(type));
      if (document) vp_token[query.id] = [await present(document, query, asked, encryptionJwk)];
    }
    const response = await client.createOpenid4vpAuthorizationResponse({
      authorizationRequestPayload: asked,
      authorizationResponsePayload: { vp_token },
      ...(encrypted ? { jarm: { encryption: { jwk: encryptionJwk }, serverMetadata } } : {}),
    });
    const { response: reply } = await client.submitOpenid4vpAuthorizationResponse({
      authorizationRequestPayload: asked,
      ...response,
    });
    return { status: reply.status, answered: Object.keys(vp_token) };
  }

  /** The claims to disclose: the first set that can be had, or all (OpenID4VP 1.0, 6.4.1). */
  function chosen(document, { claims, claim_sets: sets }) {
    const has = ({ path }) => path.reduce((below, name) => below?.[name], document.claims) !== undefined;
    if (!sets) return claims;
    const byId = (id) => claims.find((claim) => claim.id === id);
    return sets.map((set) => set.map(byId)).find((set) => set.every(has));
  }

  async function present(document, query, asked, encryptionJwk) {
    const { format, credential, type, key: signing } = document;
    const claims = chosen(document, query);
    const { client_id: clientId, nonce, response_uri: responseUri } = asked;
    if (format === "mso_mdoc") {
      const nameSpaces = {};
      for (const { path } of claims) (nameSpaces[path[0]] ??= []).push(path[1]);
      const transcript = await sessionTranscript({ clientId, nonce, responseUri, encryptionJwk });
      return presentMdoc(credential, { docType: type, nameSpaces, key: signing, transcript });
    }
    const frame = {};
    for (const { path } of claims) {
      path.reduce((below, name, at) => (below[name] ??= at + 1 === path.length ? true : {}), frame);
    }
    return presentSdJwtVc(credential, { frame, key: signing, nonce, audience: clientId });
  }

  return { add, share };
}
