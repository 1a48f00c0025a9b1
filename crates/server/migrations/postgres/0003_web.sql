-- The web application: people who sign in, what they see and do. Times are microseconds since the epoch (UTC),
-- booleans 0 or 1. Every table carries workspace_id where its rows belong to one.

-- A person signs in with a password; only its argon2id hash is kept.
ALTER TABLE member ADD COLUMN password TEXT COLLATE "C";
ALTER TABLE member ADD COLUMN signed_in_at BIGINT;
CREATE INDEX member_email ON member (email);

-- A browser that is signed in. Only the digest of its cookie is kept.
CREATE TABLE session (
    digest TEXT COLLATE "C" PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    browser TEXT COLLATE "C" NOT NULL,         -- as it calls itself, shortened
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,      -- to the minute; a session that is not used expires
    expires_at BIGINT NOT NULL    -- at the latest
);
CREATE INDEX session_member ON session (workspace_id, member_id);
CREATE INDEX session_expires ON session (expires_at);

-- A link that lets somebody in once: an invitation, a first sign-in, the setup of an empty server.
CREATE TABLE ticket (
    digest TEXT COLLATE "C" PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('setup', 'invite', 'sign_in')),
    workspace_id BIGINT NOT NULL, -- 0: of no workspace (setup)
    member_id BIGINT,             -- whom it signs in
    email TEXT COLLATE "C" NOT NULL,           -- whom it invites; '' otherwise
    role TEXT COLLATE "C" NOT NULL,            -- which they get; '' otherwise
    created_by BIGINT,            -- member
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX ticket_workspace ON ticket (workspace_id, created_at);

-- Failed sign-ins, so that guessing is slow on every node alike.
CREATE TABLE sign_in_failure (
    subject TEXT COLLATE "C" NOT NULL,         -- digest of an e-mail or of an address of the network
    at BIGINT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (subject, at, id)
);
CREATE INDEX sign_in_failure_at ON sign_in_failure (at);

-- What a token of the API is for, in its owner's words, and when it was last used.
ALTER TABLE api_token ADD COLUMN name TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE api_token ADD COLUMN used_at BIGINT;
CREATE INDEX api_token_member ON api_token (workspace_id, member_id);

-- Who did what. Never changed, never removed before its days are over.
CREATE TABLE audit (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,           -- rises with time
    at BIGINT NOT NULL,
    member_id BIGINT,             -- null: the program by itself
    action TEXT COLLATE "C" NOT NULL,          -- a word: 'connection.disconnect'
    subject TEXT COLLATE "C" NOT NULL,         -- the id of what it was done to, with its prefix
    detail TEXT COLLATE "C" NOT NULL,          -- JSON: values before and after; never a secret
    PRIMARY KEY (workspace_id, id)
);

CREATE INDEX audit_member ON audit (workspace_id, member_id, id);
CREATE INDEX audit_action ON audit (workspace_id, action, id);

-- A team's queue; it owns channel accounts.
CREATE TABLE inbox (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- Who works in an inbox, and who may set it up.
CREATE TABLE inbox_member (
    workspace_id BIGINT NOT NULL,
    inbox_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    is_admin BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, inbox_id, member_id)
);
ALTER TABLE account ADD COLUMN inbox_id BIGINT;
ALTER TABLE source ADD COLUMN name TEXT COLLATE "C" NOT NULL DEFAULT '';

-- How many messages of the customer nobody has looked at yet.
ALTER TABLE conversation ADD COLUMN unread BIGINT NOT NULL DEFAULT 0;
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
    workspace_id BIGINT NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    contact_id BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, word, contact_id)
);
CREATE INDEX contact_word_contact ON contact_word (workspace_id, contact_id, word);
ALTER TABLE contact ADD COLUMN words_version BIGINT NOT NULL DEFAULT 0;
CREATE INDEX contact_unworded ON contact (words_version) WHERE merged_into IS NULL;
CREATE INDEX contact_list ON contact (workspace_id, created_at, id) WHERE merged_into IS NULL;

-- Records of a CRM that a person pinned to a conversation.
CREATE TABLE pin (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    module TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    created_by BIGINT NOT NULL,   -- member
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, conversation_id, connection_id, record_id)
);

-- The record that the panel found for a contact by itself. A link (person) goes before it.
CREATE TABLE panel_match (
    workspace_id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    module TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    searched TEXT COLLATE "C" NOT NULL,        -- digest of the addresses and settings it was found by; others search again
    found_by TEXT COLLATE "C" NOT NULL,        -- JSON: how
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, connection_id)
);
CREATE INDEX panel_match_connection ON panel_match (connection_id);

-- What the grant allows, as the CRM named it.
ALTER TABLE connection ADD COLUMN scopes TEXT COLLATE "C" NOT NULL DEFAULT '';

-- What an integration was like, version by version.
CREATE TABLE integration_version (
    workspace_id BIGINT NOT NULL,
    integration_id BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    settings TEXT COLLATE "C" NOT NULL,        -- JSON
    changed_by BIGINT,            -- member; null: by the program or before versions were kept
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, integration_id, revision)
);

-- What is done here stands in the timeline too: memos, assignments, changes of the status.
CREATE TABLE item_new (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,           -- rises with arrival
    conversation_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('message', 'reaction', 'notice', 'memo', 'assignment', 'status')),
    provider_id TEXT COLLATE "C" NOT NULL,     -- a repeat is recognised by (account, kind, provider id); our own id of what was done here
    direction TEXT COLLATE "C" NOT NULL CHECK (direction IN ('in', 'out')),
    at BIGINT NOT NULL,           -- provider time
    position BIGINT NOT NULL,     -- in its payload
    author TEXT COLLATE "C",                   -- name of the writer, if told
    content TEXT COLLATE "C" NOT NULL,         -- JSON: what it says now
    original TEXT COLLATE "C",                 -- JSON: what it said first, once edited
    edited_at BIGINT,             -- provider time of the edit that stands
    revoked_at BIGINT,
    reply_to TEXT COLLATE "C",
    is_history BIGINT NOT NULL,
    intake_id BIGINT NOT NULL,    -- 0: it was done here
    received_at BIGINT NOT NULL,
    member_id BIGINT,             -- who did it here
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, account_id, kind, provider_id)
);
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
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('chat_sync', 'panel')),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('draft', 'active', 'paused')),
    settings TEXT COLLATE "C" NOT NULL,        -- JSON: what is in force
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    draft TEXT COLLATE "C",                    -- JSON: what somebody is about to change
    draft_by BIGINT,              -- member
    draft_at BIGINT,
    PRIMARY KEY (workspace_id, id)
);
INSERT INTO integration_new (workspace_id, id, connection_id, kind, state, settings, revision, created_at)
    SELECT workspace_id, id, connection_id, kind, state, settings, revision, created_at FROM integration;
DROP TABLE integration;
ALTER TABLE integration_new RENAME TO integration;
CREATE INDEX integration_connection ON integration (connection_id);
