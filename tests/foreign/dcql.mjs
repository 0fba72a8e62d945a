// Another implementation's reading of DCQL, the npm package `dcql`, over queries and wallets on standard input: one JSON object
// a line, `{"query", "wallet"}`, and one answer a line.
//
// `node dcql.mjs --time [DOCUMENTS]` says instead how long it takes over a wallet, a tenth of which answers: the same as the
// bench `dcql/a_tenth_are_candidates` of wallet-protocols, to be set beside it.

import { createInterface } from 'node:readline';

import { DcqlQuery } from 'dcql';

/** What answers: whether the request can be, and for each query the credentials with their claim sets. */
function answer({ query, wallet }) {
  const parsed = DcqlQuery.parse(query);
  DcqlQuery.validate(parsed);
  const found = DcqlQuery.query(parsed, wallet);
  const queries = Object.entries(found.credential_matches).map(([id, match]) => [
    id,
    (match.valid_credentials ?? []).map((credential) => ({
      credential: credential.input_credential_index,
      sets: credential.claims.valid_claim_sets.map((set) => set.claim_set_index ?? null),
    })),
  ]);
  return { satisfiable: found.can_be_satisfied, queries: Object.fromEntries(queries) };
}

function time(documents) {
  const wallet = Array.from({ length: documents }, (_, at) => ({
    credential_format: 'dc+sd-jwt',
    vct: at % 10 === 0 ? 'https://credentials.example.org/person' : `https://credentials.example.org/other/${at % 500}`,
    claims: { given_name: 'Gwen', family_name: 'Specimen', birthdate: '1990-01-01', address: { locality: 'Caerdydd' } },
    cryptographic_holder_binding: true,
  }));
  const query = DcqlQuery.parse({
    credentials: [
      {
        id: 'person',
        format: 'dc+sd-jwt',
        meta: { vct_values: ['https://credentials.example.org/person'] },
        claims: [{ path: ['given_name'] }, { path: ['family_name'] }, { path: ['birthdate'] }],
      },
    ],
  });
  const rounds = Array.from({ length: 7 }, () => {
    const before = process.cpuUsage();
    const found = DcqlQuery.query(query, wallet);
    if (found.credential_matches.person.valid_credentials.length !== Math.ceil(documents / 10)) throw new Error('not matched');
    const used = process.cpuUsage(before);
    return (used.user + used.system) / 1000;
  });
  rounds.sort((one, other) => one - other);
  console.log(`${documents} documents: ${rounds[3].toFixed(1)} ms of processor time, the median of ${rounds.length}`);
}

if (process.argv[2] === '--time') {
  time(Number(process.argv[3] ?? 10_000));
} else {
  for await (const line of createInterface({ input: process.stdin })) {
    let said;
    try {
      said = answer(JSON.parse(line));
    } catch (reason) {
      said = { error: String(reason) };
    }
    console.log(JSON.stringify(said));
  }
}
