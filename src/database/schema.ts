/**
 * The schema, as the steps that lead to it: the version of a database is how many of them it has seen. A step that was
 * published never changes. The SQL is what PostgreSQL takes too.
 */
export const steps: readonly string[] = [
  `
  CREATE TABLE accounts (
    name TEXT PRIMARY KEY NOT NULL,
    password TEXT,
    totp TEXT,
    totp_step BIGINT NOT NULL DEFAULT -1,
    settings TEXT NOT NULL
  );
  CREATE TABLE keys (
    account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    remark TEXT NOT NULL,
    PRIMARY KEY (account, kind, name)
  );
  CREATE TABLE account_groups (
    name TEXT PRIMARY KEY NOT NULL,
    settings TEXT NOT NULL
  );
  CREATE TABLE counters (
    key TEXT PRIMARY KEY NOT NULL,
    value BIGINT NOT NULL,
    ends BIGINT
  );
  CREATE TABLE bans (
    network TEXT PRIMARY KEY NOT NULL,
    ends BIGINT,
    reason TEXT NOT NULL
  );
  CREATE TABLE scores (
    address TEXT PRIMARY KEY NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    at BIGINT NOT NULL
  );
  CREATE TABLE outbox (
    id TEXT PRIMARY KEY NOT NULL,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    due BIGINT NOT NULL
  );
  CREATE INDEX outbox_due ON outbox (due);
  `,
  // Of a hundred thousand events for a webhook that does not answer, those for another are found without looking at each.
  `
  DROP INDEX outbox_due;
  CREATE INDEX outbox_of_url ON outbox (url, due);
  `,
]
