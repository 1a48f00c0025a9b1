-- The tables of chat sync. Times are microseconds since the epoch (UTC), booleans 0 or 1.
-- Every table carries workspace_id: it is the distribution key.

-- A tenant.
CREATE TABLE workspace (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,            -- IANA name; decides days and the offset in texts
    region TEXT,                   -- ISO 3166; how numbers without a country are read
    created_at INTEGER NOT NULL
) STRICT;

-- A person who works in a workspace.
CREATE TABLE member (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,           -- lower case; CRM users are matched by it
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'manager', 'agent')),
    is_active INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, email)
) STRICT;

-- A bearer token of the JSON API; only its digest is kept.
CREATE TABLE api_token (
    digest TEXT PRIMARY KEY,
    workspace_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- An endpoint to which a provider posts: one app, many accounts.
CREATE TABLE source (
    key TEXT PRIMARY KEY,          -- stands in the URL
    workspace_id INTEGER NOT NULL,
    channel TEXT NOT NULL,
    secrets BLOB NOT NULL,         -- sealed
    created_at INTEGER NOT NULL
) STRICT;

-- A connected number, page or mailbox.
CREATE TABLE account (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,     -- the provider's id (WhatsApp: phone_number_id)
    source_key TEXT NOT NULL,
    display TEXT NOT NULL,         -- what people call it; a number or a name
    owner_id INTEGER,              -- member
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, channel, external_id)
) STRICT;

-- Raw requests: durable before the acknowledgement, kept for a configured number of days.
CREATE TABLE intake (
    id INTEGER PRIMARY KEY,
    workspace_id INTEGER NOT NULL,
    source_key TEXT NOT NULL,
    channel TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    headers TEXT NOT NULL,         -- JSON: those worth keeping
    body BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done')),
    done_at INTEGER
) STRICT;
CREATE INDEX intake_pending ON intake (id) WHERE state = 'pending';
CREATE INDEX intake_received ON intake (received_at);

-- Parts of raw requests that could not be read.
CREATE TABLE quarantine (
    workspace_id INTEGER NOT NULL,
    intake_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (intake_id, path)
) STRICT;

-- A person on the other side.
CREATE TABLE contact (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT,                     -- as the person calls themselves
    username TEXT,
    named_at INTEGER NOT NULL DEFAULT 0, -- by the provider's time; an older event renames nobody
    merged_into INTEGER,           -- the contact that this one turned out to be
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;

-- How a contact is reached and recognised.
CREATE TABLE address (
    workspace_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    value TEXT NOT NULL,           -- canonical
    raw TEXT NOT NULL,             -- as first received
    contact_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, kind, scope, value)
) STRICT;
CREATE INDEX address_contact ON address (workspace_id, contact_id);

-- The thread of one contact (or group) on one channel account.
CREATE TABLE conversation (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    contact_id INTEGER,            -- null for a group
    group_id TEXT,                 -- the provider's id of the group
    subject TEXT,                  -- of the group
    status TEXT NOT NULL CHECK (status IN ('open', 'pending', 'closed')),
    assignee_id INTEGER,           -- member
    created_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE INDEX conversation_contact ON conversation (workspace_id, contact_id, account_id);
CREATE UNIQUE INDEX conversation_group ON conversation (workspace_id, account_id, group_id) WHERE group_id IS NOT NULL;

-- What happened in a conversation.
CREATE TABLE item (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,           -- rises with arrival
    conversation_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('message', 'reaction', 'notice')),
    provider_id TEXT NOT NULL,     -- a repeat is recognised by (account, kind, provider id)
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
    intake_id INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, account_id, kind, provider_id)
) STRICT;
CREATE INDEX item_conversation ON item (workspace_id, conversation_id, at, position, id);
CREATE INDEX item_provider ON item (workspace_id, provider_id);

-- Changes to items by their own ids: repeats are recognised, and nothing said is lost.
CREATE TABLE item_change (
    workspace_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    provider_id TEXT NOT NULL,     -- of the change
    target TEXT NOT NULL,          -- provider id of the item
    kind TEXT NOT NULL CHECK (kind IN ('edit', 'revoke')),
    at INTEGER NOT NULL,
    content TEXT,                  -- JSON
    item_id INTEGER,               -- null while the target is not known: parked
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, account_id, provider_id)
) STRICT;
CREATE INDEX item_change_parked ON item_change (workspace_id, account_id, target) WHERE item_id IS NULL;

-- How far an outgoing message has come, for each recipient. Kept although the message may not be known (yet).
CREATE TABLE delivery (
    workspace_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    target TEXT NOT NULL,
    participant TEXT NOT NULL,     -- '' outside groups
    state TEXT NOT NULL CHECK (state IN ('sent', 'failed', 'delivered', 'read', 'played')),
    at INTEGER NOT NULL,
    error TEXT,
    PRIMARY KEY (workspace_id, account_id, target, participant)
) STRICT;

-- One grant to one CRM organisation.
CREATE TABLE connection (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    crm TEXT NOT NULL,
    environment TEXT NOT NULL,     -- 'production', 'sandbox' or a host
    login_url TEXT NOT NULL,
    instance_url TEXT NOT NULL,
    version TEXT NOT NULL,
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('connected', 'lost', 'other_org', 'disconnected')),
    detail TEXT NOT NULL,          -- why it is lost
    access_token BLOB,             -- sealed
    refresh_token BLOB,            -- sealed
    token_revision INTEGER NOT NULL,
    profile TEXT,                  -- JSON: the org as described
    profile_at INTEGER,
    usage_used INTEGER,
    usage_limit INTEGER,
    usage_at INTEGER,
    wait_until INTEGER,            -- the lane rests until then
    wait_reason TEXT,
    followed_until INTEGER,        -- how far the CRM's changes are read, by its clock
    follow_at INTEGER,             -- when they are to be read next
    created_by INTEGER NOT NULL,   -- member
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE INDEX connection_org ON connection (org_id);

-- A flow of connecting that a person has begun.
CREATE TABLE oauth_flow (
    state_digest TEXT PRIMARY KEY,
    workspace_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    connection_id INTEGER,         -- when reconnecting
    crm TEXT NOT NULL,
    environment TEXT NOT NULL,
    login_url TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    verifier BLOB NOT NULL,        -- sealed
    browser_digest TEXT NOT NULL,  -- of the cookie of the browser that began it
    created_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

-- A configured use of a connection.
CREATE TABLE integration (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('chat_sync')),
    state TEXT NOT NULL CHECK (state IN ('active', 'paused')),
    settings TEXT NOT NULL,        -- JSON
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;

-- The person level: which record a contact belongs to under a connection (the link, with its reason), what we wrote
-- on it, and what still has to happen.
CREATE TABLE person (
    workspace_id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    module TEXT,                   -- of the link
    record_id TEXT,                -- of the link
    trace TEXT,                    -- JSON: how the last decision came about
    linked_at INTEGER,
    must_follow INTEGER NOT NULL,  -- the record was refused as moved or gone
    written TEXT NOT NULL,         -- JSON: what we wrote on the record
    state TEXT NOT NULL CHECK (state IN ('ready', 'held')),
    reason TEXT,                   -- of a hold
    who TEXT,
    detail TEXT,
    unknown_since INTEGER,         -- a creation whose answer was lost
    looks INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    suspects TEXT NOT NULL,        -- JSON: records that the CRM takes for duplicates
    allow_duplicate INTEGER NOT NULL,
    due_at INTEGER NOT NULL,       -- not before
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, connection_id)
) STRICT;
CREATE INDEX person_connection ON person (connection_id, contact_id);
CREATE INDEX person_held ON person (connection_id, reason) WHERE state = 'held';

-- The value that stood in a person's record before we changed it.
CREATE TABLE journal (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    module TEXT NOT NULL,
    record_id TEXT NOT NULL,
    field TEXT NOT NULL,
    before TEXT,
    after TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE INDEX journal_contact ON journal (workspace_id, contact_id);

-- One CRM record (in numbered parts) that is to stay in step with a slice of a timeline.
CREATE TABLE entry (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    integration_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    contact_id INTEGER,            -- null for a group
    key TEXT NOT NULL,             -- fixed
    shape TEXT NOT NULL,
    at INTEGER NOT NULL,           -- of the first message: the order in the conversation is (at, position, id)
    position INTEGER NOT NULL,
    starts_at INTEGER NOT NULL,    -- the slice
    ends_at INTEGER NOT NULL,      -- exclusive
    state TEXT NOT NULL CHECK (state IN ('due', 'written', 'held', 'skipped')),
    reason TEXT,                   -- of a hold or a skip
    who TEXT,
    detail TEXT,
    is_person_hold INTEGER NOT NULL, -- held because its person is
    wanted INTEGER NOT NULL,
    written INTEGER NOT NULL,
    is_sealed INTEGER NOT NULL,    -- a first attempt was made
    due_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    written_at INTEGER,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, integration_id, key)
) STRICT;
CREATE INDEX entry_due ON entry (connection_id, due_at) WHERE state = 'due';
-- Who waits for a first writing and keeps later entries of the conversation back: as a rule nobody.
CREATE INDEX entry_waiting ON entry (connection_id, integration_id, conversation_id, at, due_at)
    WHERE state = 'due' AND written = 0;
CREATE INDEX entry_slice ON entry (workspace_id, integration_id, conversation_id, ends_at);
CREATE INDEX entry_contact ON entry (contact_id, connection_id, state);

-- Which entry covers which item.
CREATE TABLE entry_item (
    workspace_id INTEGER NOT NULL,
    integration_id INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    parts TEXT NOT NULL,           -- JSON: the parts that hold its pieces, once attempted
    PRIMARY KEY (workspace_id, item_id, integration_id)
) STRICT;
CREATE INDEX entry_item_entry ON entry_item (workspace_id, entry_id);

-- The numbered parts of an entry that were attempted.
CREATE TABLE entry_part (
    workspace_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    part INTEGER NOT NULL,
    record_id TEXT,
    written_hash TEXT,
    written_at INTEGER,
    unknown_since INTEGER,
    looks INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, entry_id, part)
) STRICT;

-- Recorded tries: written before the request leaves, judged after.
CREATE TABLE attempt (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    entry_id INTEGER,
    part INTEGER,
    contact_id INTEGER,            -- of an attempt on a person
    revision INTEGER NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('create', 'change')),
    key TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    verdict TEXT,
    detail TEXT,
    verdict_at INTEGER,
    PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE INDEX attempt_open ON attempt (connection_id) WHERE verdict IS NULL;
CREATE INDEX attempt_entry ON attempt (workspace_id, entry_id, id);
CREATE INDEX attempt_contact ON attempt (workspace_id, contact_id) WHERE contact_id IS NOT NULL;

-- Calls to a CRM by purpose and day (UTC).
CREATE TABLE call_count (
    workspace_id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    day INTEGER NOT NULL,          -- days since the epoch
    purpose TEXT NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, connection_id, day, purpose)
) STRICT;

-- A record made to try the connection; removed again.
CREATE TABLE test_record (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    marker TEXT NOT NULL,          -- by which it is found if its answer was lost
    module TEXT NOT NULL,
    record_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('making', 'made', 'removed')),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;

-- Work that one node does at a time: a lane, the intake.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
