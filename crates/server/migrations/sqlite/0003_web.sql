-- The web application: people who sign in, what they see and do. Times are microseconds since the epoch (UTC),
-- booleans 0 or 1. Every table carries workspace_id where its rows belong to one.

-- A person signs in with a password; only its argon2id hash is kept.
ALTER TABLE member ADD COLUMN password TEXT;
ALTER TABLE member ADD COLUMN signed_in_at INTEGER;
CREATE INDEX member_email ON member (email);

-- A browser that is signed in. Only the digest of its cookie is kept.
CREATE TABLE session (
    digest TEXT PRIMARY KEY,
    workspace_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    browser TEXT NOT NULL,         -- as it calls itself, shortened
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,      -- to the minute; a session that is not used expires
    expires_at INTEGER NOT NULL    -- at the latest
) STRICT;
CREATE INDEX session_member ON session (workspace_id, member_id);
CREATE INDEX session_expires ON session (expires_at);

-- A link that lets somebody in once: an invitation, a first sign-in, the setup of an empty server.
CREATE TABLE ticket (
    digest TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('setup', 'invite', 'sign_in')),
    workspace_id INTEGER NOT NULL, -- 0: of no workspace (setup)
    member_id INTEGER,             -- whom it signs in
    email TEXT NOT NULL,           -- whom it invites; '' otherwise
    role TEXT NOT NULL,            -- which they get; '' otherwise
    created_by INTEGER,            -- member
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX ticket_workspace ON ticket (workspace_id, created_at);

-- Failed sign-ins, so that guessing is slow on every node alike.
CREATE TABLE sign_in_failure (
    subject TEXT NOT NULL,         -- digest of an e-mail or of an address of the network
    at INTEGER NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (subject, at, id)
) STRICT;
CREATE INDEX sign_in_failure_at ON sign_in_failure (at);

-- What a token of the API is for, in its owner's words, and when it was last used.
ALTER TABLE api_token ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE api_token ADD COLUMN used_at INTEGER;
CREATE INDEX api_token_member ON api_token (workspace_id, member_id);

-- Who did what. Never changed, never removed before its days are over.
CREATE TABLE audit (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,           -- rises with time
    at INTEGER NOT NULL,
    member_id INTEGER,             -- null: the program by itself
    action TEXT NOT NULL,          -- a word: 'connection.disconnect'
    subject TEXT NOT NULL,         -- the id of what it was done to, with its prefix
    detail TEXT NOT NULL,          -- JSON: values before and after; never a secret
    PRIMARY KEY (workspace_id, id)
) STRICT;

CREATE INDEX audit_member ON audit (workspace_id, member_id, id);
CREATE INDEX audit_action ON audit (workspace_id, action, id);

-- A team's queue; it owns channel accounts.
CREATE TABLE inbox (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;

-- Who works in an inbox, and who may set it up.
CREATE TABLE inbox_member (
    workspace_id INTEGER NOT NULL,
    inbox_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    is_admin INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, inbox_id, member_id)
) STRICT;
ALTER TABLE account ADD COLUMN inbox_id INTEGER;
ALTER TABLE source ADD COLUMN name TEXT NOT NULL DEFAULT '';

-- How many messages of the customer nobody has looked at yet.
ALTER TABLE conversation ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;
-- A list is a stream for each status, newest first; several are merged. Behind the order stands what else is asked for,
-- so that the index alone answers.
CREATE INDEX conversation_list ON conversation (workspace_id, status, last_at, id, account_id);
CREATE INDEX conversation_assignee ON conversation (workspace_id, assignee_id, status, last_at, id, account_id);
CREATE INDEX conversation_account ON conversation (workspace_id, account_id, status, last_at, id);
CREATE INDEX conversation_unread ON conversation (workspace_id, status, last_at, id, account_id) WHERE unread > 0;
CREATE INDEX conversation_unread_assignee ON conversation (workspace_id, assignee_id, status, last_at, id, account_id)
    WHERE unread > 0;
CREATE INDEX conversation_unread_account ON conversation (workspace_id, account_id, status, last_at, id)
    WHERE unread > 0;

-- By which words a contact is found: of the name, of e-mail addresses, digits of numbers; folded to lower case.
-- Found by prefix.
CREATE TABLE contact_word (
    workspace_id INTEGER NOT NULL,
    word TEXT NOT NULL,
    contact_id INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, word, contact_id)
) STRICT;
CREATE INDEX contact_word_contact ON contact_word (workspace_id, contact_id, word);
ALTER TABLE contact ADD COLUMN words_version INTEGER NOT NULL DEFAULT 0;
CREATE INDEX contact_unworded ON contact (words_version) WHERE merged_into IS NULL;
CREATE INDEX contact_list ON contact (workspace_id, created_at, id) WHERE merged_into IS NULL;

-- Records of a CRM that a person pinned to a conversation.
CREATE TABLE pin (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    module TEXT NOT NULL,
    record_id TEXT NOT NULL,
    label TEXT NOT NULL,
    created_by INTEGER NOT NULL,   -- member
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, conversation_id, connection_id, record_id)
) STRICT;

-- The record that the panel found for a contact by itself. A link (person) goes before it.
CREATE TABLE panel_match (
    workspace_id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    module TEXT NOT NULL,
    record_id TEXT NOT NULL,
    searched TEXT NOT NULL,        -- digest of the addresses and settings it was found by; others search again
    found_by TEXT NOT NULL,        -- JSON: how
    at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, connection_id)
) STRICT;
CREATE INDEX panel_match_connection ON panel_match (connection_id);

-- What the grant allows, as the CRM named it.
ALTER TABLE connection ADD COLUMN scopes TEXT NOT NULL DEFAULT '';

-- What an integration was like, version by version.
CREATE TABLE integration_version (
    workspace_id INTEGER NOT NULL,
    integration_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL,
    settings TEXT NOT NULL,        -- JSON
    changed_by INTEGER,            -- member; null: by the program or before versions were kept
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, integration_id, revision)
) STRICT;

-- What is done here stands in the timeline too: memos, assignments, changes of the status.
CREATE TABLE item_new (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,           -- rises with arrival
    conversation_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('message', 'reaction', 'notice', 'memo', 'assignment', 'status')),
    provider_id TEXT NOT NULL,     -- a repeat is recognised by (account, kind, provider id); our own id of what was done here
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    at INTEGER NOT NULL,           -- provider time
    position INTEGER NOT NULL,     -- in its payload
    author TEXT,                   -- name of the writer, if told
    content TEXT NOT NULL,         -- JSON: what it says now
    original TEXT,                 -- JSON: what it said first, once edited
    edited_at INTEGER,             -- provider time of the edit that stands
    revoked_at INTEGER,
    reply_to TEXT,
    is_history INTEGER NOT NULL,
    intake_id INTEGER NOT NULL,    -- 0: it was done here
    received_at INTEGER NOT NULL,
    member_id INTEGER,             -- who did it here
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, account_id, kind, provider_id)
) STRICT;
INSERT INTO item_new (workspace_id, id, conversation_id, account_id, kind, provider_id, direction, at, position, author, content, original,
    edited_at, revoked_at, reply_to, is_history, intake_id, received_at)
    SELECT workspace_id, id, conversation_id, account_id, kind, provider_id, direction, at, position, author, content, original,
    edited_at, revoked_at, reply_to, is_history, intake_id, received_at FROM item;
DROP TABLE item;
ALTER TABLE item_new RENAME TO item;
CREATE INDEX item_conversation ON item (workspace_id, conversation_id, at, position, id);
CREATE INDEX item_provider ON item (workspace_id, provider_id);
CREATE INDEX item_reaction ON item (workspace_id, account_id, reply_to) WHERE kind = 'reaction';

-- The panel is an integration too, and one that is being set up is a draft.
CREATE TABLE integration_new (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('chat_sync', 'panel')),
    state TEXT NOT NULL CHECK (state IN ('draft', 'active', 'paused')),
    settings TEXT NOT NULL,        -- JSON: what is in force
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    draft TEXT,                    -- JSON: what somebody is about to change
    draft_by INTEGER,              -- member
    draft_at INTEGER,
    PRIMARY KEY (workspace_id, id)
) STRICT;
INSERT INTO integration_new (workspace_id, id, connection_id, kind, state, settings, revision, created_at)
    SELECT workspace_id, id, connection_id, kind, state, settings, revision, created_at FROM integration;
DROP TABLE integration;
ALTER TABLE integration_new RENAME TO integration;
CREATE INDEX integration_connection ON integration (connection_id);
