/** Batches, their files, who has them in work, and what came of them. Times are milliseconds since 1970. */
export const queue = `
CREATE TABLE plans (
  key TEXT PRIMARY KEY,
  plan TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  recipe TEXT NOT NULL,
  out TEXT NOT NULL,
  shell TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'partial', 'done', 'cancelled')),
  reason TEXT,
  created INTEGER NOT NULL,
  started INTEGER,
  ended INTEGER,
  -- The counts of a settled batch, so that lists need not count its files again.
  counts TEXT
) STRICT;
CREATE INDEX batches_ended ON batches (ended) WHERE ended IS NOT NULL;

CREATE TABLE owners (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  token TEXT NOT NULL UNIQUE,
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  boot TEXT NOT NULL,
  namespace TEXT NOT NULL,
  started TEXT NOT NULL,
  beats INTEGER NOT NULL DEFAULT 0,
  gone INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE files (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  batch INTEGER NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  priority INTEGER NOT NULL DEFAULT 0,
  paused INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN
    ('queued', 'decoding', 'enhancing', 'encoding', 'done', 'failed', 'cancelled', 'skipped')),
  owner INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  strikes INTEGER NOT NULL DEFAULT 0,
  started INTEGER,
  ended INTEGER,
  pixels INTEGER NOT NULL,
  source TEXT NOT NULL,
  folder TEXT NOT NULL,
  identity TEXT NOT NULL,
  facts TEXT,
  target TEXT,
  format TEXT,
  quality INTEGER,
  remove_gps INTEGER NOT NULL DEFAULT 0,
  notes TEXT NOT NULL,
  source_size INTEGER NOT NULL,
  source_mtime_ns TEXT NOT NULL,
  plan TEXT,
  temporary TEXT,
  code TEXT,
  reason TEXT
) STRICT;
CREATE UNIQUE INDEX files_by_position ON files (batch, position);
CREATE INDEX files_by_identity ON files (batch, identity);
CREATE INDEX files_by_state ON files (batch, state, pixels);
CREATE INDEX files_to_take ON files (batch, priority DESC, position) WHERE state = 'queued' AND paused = 0;
CREATE INDEX files_in_work ON files (owner) WHERE owner IS NOT NULL;

CREATE TABLE intents (
  file INTEGER PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
  intent TEXT NOT NULL,
  written INTEGER NOT NULL
) STRICT;

CREATE TABLE results (
  file INTEGER PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
  target TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  target_mtime_ns TEXT,
  timings TEXT NOT NULL,
  fidelity TEXT NOT NULL,
  notes TEXT NOT NULL,
  source_sha256 TEXT
) STRICT;
CREATE INDEX results_by_source ON results (source_sha256, target) WHERE source_sha256 IS NOT NULL;
`;
