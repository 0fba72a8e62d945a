CREATE TABLE settings (
    -- What the person chose, one row a choice.
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE anchors (
    -- Private trust anchors the person added, and those of the practice profile.
    id        TEXT PRIMARY KEY,
    role      TEXT NOT NULL CHECK (role IN ('issuer', 'service', 'status')),
    -- PEM of one certificate, or a DID.
    material  TEXT NOT NULL,
    -- Certificate subject or the DID, as listed.
    subject   TEXT NOT NULL,
    not_after INTEGER,
    added_at  INTEGER NOT NULL,
    sandbox   INTEGER NOT NULL CHECK (sandbox IN (0, 1)),
    UNIQUE (role, material)
) STRICT;

CREATE TABLE parties (
    -- Issuers and services met so far.
    id                 TEXT PRIMARY KEY,
    role               TEXT NOT NULL CHECK (role IN ('issuer', 'service')),
    -- Credential issuer identifier or client identifier, as the protocol carries it.
    identifier         TEXT NOT NULL,
    name               TEXT NOT NULL,
    -- SHA-256 of the signing certificate (DER), where there is one.
    certificate_sha256 BLOB,
    first_seen         INTEGER NOT NULL,
    last_seen          INTEGER NOT NULL,
    UNIQUE (role, identifier)
) STRICT;

CREATE TABLE documents (
    -- What the person has. No value of a detail stands here.
    id                TEXT PRIMARY KEY,
    -- doctype (mdoc) or vct (SD-JWT VC).
    type_id           TEXT NOT NULL,
    format            TEXT NOT NULL CHECK (format IN ('mso_mdoc', 'dc+sd-jwt')),
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

CREATE TABLE holder_keys (
    -- Private keys that prove a document is this device's. Each row is made before the credential request that names it.
    id         TEXT PRIMARY KEY,
    -- RFC 7638 thumbprint of the public key.
    thumbprint TEXT NOT NULL UNIQUE,
    -- Public key: uncompressed SEC 1 point, 65 bytes.
    public     BLOB NOT NULL CHECK (length(public) = 65),
    -- Private key sealed to the wallet's public key (RFC 9180): encapsulated key, then ciphertext. Only a PIN opens it.
    sealed     BLOB NOT NULL,
    -- The journey it was made for.
    journey    TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('pending', 'bound')),
    made_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE copies (
    -- The credentials of a document, each bound to its own key.
    id         TEXT PRIMARY KEY,
    document   TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    -- As received, to the byte.
    credential BLOB NOT NULL,
    holder_key TEXT NOT NULL UNIQUE REFERENCES holder_keys (id),
    -- Status list: address and place, where the issuer gave them.
    status_uri TEXT,
    status_idx INTEGER,
    -- When it was given away; a copy of a batch is used once.
    spent_at   INTEGER
) STRICT;
CREATE INDEX copies_of_document ON copies (document, spent_at);

CREATE TABLE journeys (
    -- Journeys that must survive a kill: their state as JSON of the journey's own making.
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (json_valid(state)),
    started_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE offers (
    -- Offers read and not yet answered.
    id         TEXT PRIMARY KEY,
    -- SHA-256 of the link.
    link       BLOB NOT NULL UNIQUE,
    content    BLOB NOT NULL,
    read_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE received (
    -- Verified responses the person has not yet checked: a kill resumes here.
    id          TEXT PRIMARY KEY,
    journey     TEXT NOT NULL,
    content     BLOB NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;

CREATE TABLE requests (
    -- Verified requests, kept until they expire or are answered.
    id          TEXT PRIMARY KEY,
    -- SHA-256 of the link.
    link        BLOB NOT NULL UNIQUE,
    -- SHA-256 over client identifier and nonce: the same request again is the same question.
    fingerprint BLOB NOT NULL,
    content     BLOB NOT NULL,
    read_at     INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE answered (
    -- Requests that had their answer, yes or no: none is answered twice.
    fingerprint BLOB PRIMARY KEY,
    -- SHA-256 of the link, so that the link itself is known again.
    link        BLOB NOT NULL,
    answered_at INTEGER NOT NULL,
    history     TEXT NOT NULL
) STRICT;
CREATE INDEX answered_links ON answered (link);

CREATE TABLE history (
    -- The sharing history: append-only, chained, names of details and never their values.
    number     INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    -- SHA-256(previous link ‖ number ‖ commitment); before the first stands a digest of the store's id.
    link       BLOB NOT NULL CHECK (length(link) = 32),
    -- HMAC-SHA256(key, content).
    commitment BLOB NOT NULL CHECK (length(commitment) = 32),
    -- 32 random bytes. Erasing an entry forgets key and content; the chain still holds.
    key        BLOB CHECK (key IS NULL OR length(key) = 32),
    -- JSON: at, kind, refers_to, party and the details of the event.
    content    TEXT CHECK (content IS NULL OR json_valid(content)),
    -- The rest repeats the content, for lists.
    at         INTEGER,
    kind       TEXT NOT NULL,
    refers_to  TEXT,
    party      TEXT
) STRICT;
CREATE INDEX history_refers_to ON history (refers_to);
CREATE INDEX history_party ON history (party);

CREATE TRIGGER history_only_appends BEFORE INSERT ON history
WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM history)
BEGIN
    SELECT RAISE(ABORT, 'history: entries are numbered without gaps');
END;

CREATE TRIGGER history_is_kept BEFORE DELETE ON history
BEGIN
    SELECT RAISE(ABORT, 'history: entries are never deleted');
END;

CREATE TRIGGER history_is_not_rewritten BEFORE UPDATE ON history
WHEN NOT (
    NEW.number IS OLD.number AND NEW.id IS OLD.id AND NEW.link IS OLD.link AND NEW.commitment IS OLD.commitment
    AND NEW.kind = 'erased'
    AND NEW.key IS NULL AND NEW.content IS NULL AND NEW.at IS NULL AND NEW.refers_to IS NULL AND NEW.party IS NULL
)
BEGIN
    SELECT RAISE(ABORT, 'history: entries are never changed, only erased');
END;
