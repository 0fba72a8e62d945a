// Credential issuers: @openid4vc/openid4vci and @openid4vc/oauth2 with as much node:http around them as they need.
//
// Two characters, one protocol: `plain` does what most do; `unusual` does everything else that is legal.

import { randomBytes } from "node:crypto";
import { Oauth2AuthorizationServer, Oauth2ResourceServer } from "@openid4vc/oauth2";
import { Openid4vciIssuer } from "@openid4vc/openid4vci";
import { StatusList, createHeaderAndPayload } from "@sd-jwt/jwt-status-list";
import { SignJWT } from "jose";
import { callbacks } from "./callbacks.mjs";
import { DateOnly, issueMdoc, issueMdocAuth0, issueSdJwtVc } from "./formats.mjs";
import { base64, key } from "./pki.mjs";

const PRE_AUTHORIZED = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
export const DOC_TYPE = "org.iso.18013.5.1.mDL";
export const VCT = "https://foreign.example/credentials/membership";

const random = () => randomBytes(24).toString("base64url");
const proofs = { jwt: { proof_signing_alg_values_supported: ["ES256"] } };

const NAME_SPACES = {
  "org.iso.18013.5.1": {
    family_name: "Foreign",
    given_name: "Fiona",
    birth_date: new DateOnly("1988-02-29"),
    issue_date: new DateOnly("2026-01-02"),
    expiry_date: new DateOnly("2036-01-02"),
    issuing_country: "GB",
    document_number: "FOREIGN 0001",
    portrait: new Uint8Array(randomBytes(3000)),
    age_over_18: true,
    age_over_25: false,
    driving_privileges: [{ vehicle_category_code: "B", issue_date: new DateOnly("2006-03-01") }],
  },
  "org.iso.18013.5.1.GB": { welsh_licence: true, title: "Dr" },
};

const claims = () => ({
  given_name: "Fiona",
  family_name: "Foreign",
  member_since: 2019,
  address: { locality: "Aberystwyth", country: "GB" },
  nationalities: ["GB", "IE"],
  over_18: true,
});
const disclose = {
  _sd: ["given_name", "family_name", "member_since", "address", "over_18"],
  address: { _sd: ["locality", "country"] },
  nationalities: { _sd: [0, 1] },
};

/**
 * @param base the issuer's identifier
 * @param character `plain` or `unusual`
 * @param signers `sdJwt` and `mdoc` ({key, chain}), and `did` (a key that names itself)
 */
export async function issuer({ base, character, signers }) {
  const unusual = character === "unusual";
  const authorizationServer = unusual ? `${base}/realms/foreign` : base;
  const tokenKey = await key();
  const kid = "token-key";
  const using = callbacks({ privateKeyFor: () => tokenKey });
  const vci = new Openid4vciIssuer({ callbacks: using });
  const server = new Oauth2AuthorizationServer({ callbacks: using });
  const resource = new Oauth2ResourceServer({ callbacks: using });

  const named = (name, labels) => ({
    display: [{ name, locale: "en-GB", background_color: "#205070", text_color: "#ffffff" }],
    claims: Object.entries(labels).map(([path, label]) => ({
      path: JSON.parse(path),
      display: [{ name: label, locale: "en-GB" }],
    })),
  });
  const metadata = vci.createCredentialIssuerMetadata({
    credential_issuer: base,
    ...(unusual ? { authorization_servers: [authorizationServer] } : {}),
    credential_endpoint: `${base}/credential${unusual ? "?tenant=foreign" : ""}`,
    ...(unusual ? {} : { nonce_endpoint: `${base}/nonce`, batch_credential_issuance: { batch_size: 4 } }),
    ...(unusual ? { display: [{ locale: "de" }] } : { display: [{ name: "Foreign Issuer", locale: "en" }] }),
    credential_configurations_supported: {
      membership: {
        format: "dc+sd-jwt",
        vct: VCT,
        scope: "membership",
        cryptographic_binding_methods_supported: ["jwk", "did:jwk"],
        credential_signing_alg_values_supported: ["ES256"],
        proof_types_supported: proofs,
        ...(unusual ? {} : { credential_metadata: named("Club membership", { '["given_name"]': "First name" }) }),
      },
      licence: {
        format: "mso_mdoc",
        doctype: DOC_TYPE,
        scope: "licence",
        cryptographic_binding_methods_supported: ["cose_key"],
        credential_signing_alg_values_supported: [-7, -9],
        proof_types_supported: proofs,
        ...(unusual
          ? {}
          : { credential_metadata: named("Foreign licence", { '["org.iso.18013.5.1","given_name"]': "First name" }) }),
      },
      "not-for-this-wallet": { format: "jwt_vc_json", credential_definition: { type: ["VerifiableCredential"] } },
    },
  });
  const issuerMetadata = {
    credentialIssuer: metadata,
    authorizationServers: [],
    knownCredentialConfigurations: vci.getKnownCredentialConfigurationsSupported(metadata),
  };
  const serverMetadata = server.createAuthorizationServerMetadata({
    issuer: authorizationServer,
    token_endpoint: `${base}/token`,
    jwks_uri: `${base}/jwks`,
    grant_types_supported: [PRE_AUTHORIZED],
    response_types_supported: ["code"],
    ...(unusual ? {} : { "pre-authorized_grant_anonymous_access_supported": true }),
  });

  const offers = new Map(); // by pre-authorized code
  const references = new Map(); // offers by path
  const nonces = new Set();

  /** A Status List Token, signed as the credentials are: the even are valid, the odd revoked. */
  async function statusList(by) {
    const list = new StatusList([0, 1, 0, 1, 0, 1, 0, 1], 1);
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: base, sub: `${base}/status/${by}`, iat: now, exp: now + 600, ttl: 300 };
    const { header, payload } = createHeaderAndPayload(list, claims, { alg: "ES256" });
    const { key: signing, chain } = by === "did" ? { key: signers.did } : signers.sdJwt;
    const who = chain ? { x5c: chain.map(base64) } : { kid: `${signing.did}#0` };
    return new SignJWT(payload).setProtectedHeader({ ...header, ...who }).sign(signing.privateKey);
  }

  /** `status`: the place in the status list, if it is to have one. */
  async function offer({ ids, txCode, byReference, by = "x5c", status }) {
    const code = random();
    const digits = txCode ? String(100000 + (randomBytes(4).readUInt32BE() % 900000)) : undefined;
    const name = random();
    const { credentialOffer, credentialOfferObject } = await vci.createCredentialOffer({
      credentialConfigurationIds: ids,
      grants: {
        [PRE_AUTHORIZED]: {
          "pre-authorized_code": code,
          ...(txCode ? { tx_code: { input_mode: "numeric", length: 6, description: "The six digits of our letter" } } : {}),
        },
      },
      issuerMetadata,
      ...(byReference ? { credentialOfferUri: `${base}/offers/${name}` } : {}),
    });
    references.set(`/offers/${name}`, credentialOfferObject);
    offers.set(code, { code, txCode: digits, ids, by, status, used: false });
    return { offer: credentialOffer, tx_code: digits ?? null };
  }

  async function token({ request, body }) {
    const accessTokenRequest = Object.fromEntries(new URLSearchParams(body));
    // Its default is to know the client.
    if (unusual && !accessTokenRequest.client_id) return { status: 401, json: { error: "invalid_client" } };
    const { grant, dpop } = server.parseAccessTokenRequest({ request, accessTokenRequest });
    const known = offers.get(grant.preAuthorizedCode);
    if (!known || known.used) return { status: 400, json: { error: "invalid_grant" } };
    await server.verifyPreAuthorizedCodeAccessTokenRequest({
      grant,
      dpop,
      request,
      accessTokenRequest,
      authorizationServerMetadata: serverMetadata,
      expectedPreAuthorizedCode: known.code,
      expectedTxCode: known.txCode,
    });
    known.used = true;
    known.clientId = accessTokenRequest.client_id;
    const json = await server.createAccessTokenResponse({
      audience: base,
      authorizationServer,
      expiresInSeconds: 300,
      signer: { method: "custom", alg: "ES256", kid },
      subject: known.code,
      additionalAccessTokenPayload: {},
      ...(unusual ? { cNonce: random(), cNonceExpiresIn: 300 } : {}),
      ...(unusual
        ? {
            additionalAccessTokenResponsePayload: {
              authorization_details: known.ids.map((id) => ({
                type: "openid_credential",
                credential_configuration_id: id,
                credential_identifiers: [`foreign/${id}`],
              })),
            },
          }
        : {}),
    });
    return { status: 200, json };
  }

  async function credential({ request, body }) {
    const verified = await resource.verifyResourceRequest({
      request,
      resourceServer: base,
      authorizationServers: [serverMetadata],
    });
    const parsed = vci.parseCredentialRequest({ issuerMetadata, credentialRequest: JSON.parse(body) });
    if (unusual === Boolean(parsed.credentialConfigurationId)) throw new Error("the other way to name a credential is due");
    const id = parsed.credentialConfigurationId ?? parsed.credentialIdentifier.replace("foreign/", "");
    const known = offers.get(verified.tokenPayload.sub);
    if (!known.ids.includes(id)) throw new Error("not part of the offer");
    const credentials = [];
    for (const jwt of parsed.proofs.jwt) {
      const nonce = JSON.parse(Buffer.from(jwt.split(".")[1], "base64url").toString()).nonce;
      if (!unusual && !nonces.has(nonce)) return { status: 400, json: { error: "invalid_nonce" } };
      const { signer } = await vci.verifyCredentialRequestJwtProof({
        issuerMetadata,
        jwt,
        clientId: known.clientId,
        ...(unusual ? {} : { expectedNonce: nonce }),
      });
      credentials.push({ credential: await issue(id, known.by, signer.publicJwk, known.status) });
    }
    nonces.clear();
    // The order of the proofs is not promised.
    credentials.reverse();
    return {
      status: 200,
      json: vci.createCredentialResponse({ credentialRequest: parsed, credentials, cNonce: undefined }),
    };
  }

  async function issue(id, by = "x5c", deviceKey, idx) {
    const validUntil = new Date(Date.now() + 30 * 86_400_000);
    if (id === "licence") {
      const issueWith = unusual ? issueMdocAuth0 : issueMdoc;
      const { key: signing, chain } = signers.mdoc;
      const nameSpaces = unusual ? { "org.iso.18013.5.1": simple(NAME_SPACES["org.iso.18013.5.1"]) } : NAME_SPACES;
      return issueWith({ key: signing, chain, docType: DOC_TYPE, nameSpaces, deviceKey, validUntil });
    }
    const { kty, crv, x, y } = deviceKey;
    const status = idx === undefined ? {} : { status: { status_list: { idx, uri: `${base}/status/${by}` } } };
    const bound = { vct: VCT, cnf: { jwk: { kty, crv, x, y } }, ...status, ...claims() };
    if (by === "did") {
      const did = signers.did.did;
      const now = Math.floor(Date.now() / 1000);
      const kid = `${did}#0`;
      return issueSdJwtVc({ key: signers.did, header: { kid }, claims: { iss: did, iat: now, ...bound }, disclose });
    }
    const { key: signing, chain } = signers.sdJwt;
    const header = { x5c: chain.map(base64), ...(unusual ? { kid: "signing-key-1" } : {}) };
    const now = Math.floor(Date.now() / 1000);
    const dated = { iss: base, iat: now, nbf: now, exp: Math.floor(validUntil.getTime() / 1000), ...bound };
    // Neither iss nor dates, and salts of 96 bits.
    const salt = unusual ? 12 : 16;
    return issueSdJwtVc({ key: signing, header, claims: unusual ? bound : dated, disclose, salt });
  }

  async function answer({ path, method, request, body }) {
    const get = (wanted) => method === "GET" && path === wanted;
    const post = (wanted) => method === "POST" && path === wanted;
    const at = new URL(base).pathname;
    const below = (name) => at + name;
    const media = unusual ? "application/json;charset=UTF-8" : "application/json";
    for (const by of ["x5c", "did"]) {
      if (!get(below(`/status/${by}`))) continue;
      return { status: 200, media: "application/statuslist+jwt", body: await statusList(by) };
    }
    const found =
      // The old form alone, or the one of 1.0 alone.
      (get(unusual ? below("/.well-known/openid-credential-issuer") : `/.well-known/openid-credential-issuer${at}`) && {
        status: 200,
        json: metadata,
      }) ||
      (get(
        unusual
          ? below("/realms/foreign/.well-known/openid-configuration")
          : `/.well-known/oauth-authorization-server${at}`,
      ) && { status: 200, json: serverMetadata }) ||
      (get(below("/jwks")) && { status: 200, json: { keys: [{ ...tokenKey.publicJwk, kid, use: "sig" }] } }) ||
      (method === "GET" && references.has(path.slice(at.length)) && { status: 200, json: references.get(path.slice(at.length)) }) ||
      (post(below("/token")) && (await token({ request, body }))) ||
      (post(below("/credential")) && (await credential({ request, body }))) ||
      (!unusual && post(below("/nonce")) && nonce());
    if (!found) return null;
    const status = unusual && found.status === 200 && method === "POST" ? 201 : found.status;
    return { status, media, body: JSON.stringify(found.json) };
  }

  function nonce() {
    const cNonce = random() + random() + random();
    nonces.add(cNonce);
    return { status: 200, json: vci.createNonceResponse({ cNonce }) };
  }

  return { base, offer, answer, issue };
}

/** @auth0/mdl takes full dates as text with its own rules; plain values suffice. */
function simple(elements) {
  const text = (value) => (value instanceof DateOnly ? value.toISOString() : value);
  return Object.fromEntries(
    Object.entries(elements)
      .filter(([name]) => name !== "driving_privileges")
      .map(([name, value]) => [name, text(value)]),
  );
}
