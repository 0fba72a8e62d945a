-- A third way credentials are written. SQLite cannot change a CHECK, so the two tables are made anew; copies first, so that
-- dropping the old documents takes nothing with it.
CREATE TABLE documents_2 (
    -- What the person has. No value of a detail stands here.
    id                TEXT PRIMARY KEY,
    -- doctype (mdoc), vct (SD-JWT VC) or the most specific type (JWT VC).
    type_id           TEXT NOT NULL,
    format            TEXT NOT NULL CHECK (format IN ('mso_mdoc', 'dc+sd-jwt', 'jwt_vc_json')),
    -- Display name when it was added.
    name              TEXT NOT NULL,
    issuer            TEXT NOT NULL REFERENCES parties (id),
    -- Credential configuration of the issuer it came from.
    configuration_id  TEXT NOT NULL,
    -- Labels, colours, claim paths: JSON of the issuer's metadata, without values.
    metadata          TEXT NOT NULL CHECK (json_valid(metadata)),
    -- Certificate (PEM) or key the credentials were verified with.
    signed_by         TEXT NOT NULL,
    valid_from        INTEGER,
    valid_until       INTEGER,
    status            TEXT NOT NULL CHECK (status IN ('valid', 'suspended', 'revoked', 'not-checked', 'none')),
    status_checked_at INTEGER,
    added_at          INTEGER NOT NULL,
    practice          INTEGER NOT NULL CHECK (practice IN (0, 1))
) STRICT;
INSERT INTO documents_2 SELECT id, type_id, format, name, issuer, configuration_id, metadata, signed_by, valid_from,
    valid_until, status, status_checked_at, added_at, practice FROM documents;

CREATE TABLE copies_2 (
    -- The credentials of a document, each bound to its own key.
    id         TEXT PRIMARY KEY,
    document   TEXT NOT NULL REFERENCES documents_2 (id) ON DELETE CASCADE,
    -- As received, to the byte.
    credential BLOB NOT NULL,
    holder_key TEXT NOT NULL UNIQUE REFERENCES holder_keys (id),
    -- Status list: address and place, where the issuer gave them.
    status_uri TEXT,
    status_idx INTEGER,
    -- When it was given away; a copy of a batch is used once.
    spent_at   INTEGER
) STRICT;
INSERT INTO copies_2 SELECT id, document, credential, holder_key, status_uri, status_idx, spent_at FROM copies;

DROP TABLE copies;
DROP TABLE documents;
ALTER TABLE documents_2 RENAME TO documents;
ALTER TABLE copies_2 RENAME TO copies;
CREATE INDEX copies_of_document ON copies (document, spent_at);
